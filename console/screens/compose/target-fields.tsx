import { useEffect, useState } from 'preact/hooks';
import { Choice, Line } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import type { Draft } from './draft.ts';
import { w } from './words.ts';

/** A room or a person. */
interface Target {
  id: string;
  name: string;
  label: string;
}

/** Which bot, and which of its rooms or contacts. */
export function TargetFields(props: {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  fault: (field: string) => string | undefined;
}) {
  const { draft, change, fault } = props;
  const { botcode, toKind } = draft;
  const [filter, setFilter] = useState('');
  const bots = useResource('/bots', { query: { limit: 200 }, topics: ['bots'] });
  const rooms = useResource('/bots/{botcode}/rooms', {
    params: { botcode },
    query: { limit: 200, ...(filter !== '' && { topic: filter }) },
    when: botcode !== '' && toKind === 'room',
  });
  const contacts = useResource('/bots/{botcode}/contacts', {
    params: { botcode },
    query: { limit: 200 },
    when: botcode !== '' && toKind === 'contact',
  });
  const choices: Target[] =
    toKind === 'room'
      ? (rooms.data?.items ?? []).map(({ id, topic, memberCount }) => ({
          id,
          name: topic,
          label: `${topic} · ${w.members(String(memberCount))}`,
        }))
      : (contacts.data?.items ?? [])
          .filter(({ name, id }) => `${name} ${id}`.includes(filter))
          .map(({ id, name, alias }) => ({ id, name, label: alias ? `${name} (${alias})` : name }));
  const counts = new Map<string, number>();
  for (const { name } of choices) counts.set(name, (counts.get(name) ?? 0) + 1);
  const isTwin = ({ name }: Target): boolean => (counts.get(name) ?? 0) > 1;
  // One that was taken from an older message may not be in the list.
  const isListed = draft.id === '' || choices.some((one) => one.id === draft.id);
  const options = [
    ['', toKind === 'room' ? w.chooseRoom : w.choosePerson],
    ...(isListed ? [] : [[draft.id, draft.name] as const]),
    ...choices.map(
      (one) => [one.id, isTwin(one) ? `${one.label} · ${one.id}` : one.label] as const,
    ),
  ] as const;
  const known = (bots.data?.items ?? []).map(
    ({ botcode, name }) =>
      [botcode, name === '' || name === botcode ? botcode : `${botcode} · ${name}`] as const,
  );
  // Where there is one only, there is nothing to choose.
  const [only] = known.length === 1 && botcode === '' ? (known[0] ?? []) : [];
  useEffect(() => {
    if (only !== undefined) change({ botcode: only });
  }, [only]);
  const problem = rooms.error ?? contacts.error;
  return (
    <div class="fields">
      <Choice
        label={w.bot}
        required
        error={fault('botcode')}
        value={botcode}
        options={[['', ''], ...known]}
        set={(botcode) => change({ botcode, id: '', name: '' })}
      />
      <Choice
        label={w.to}
        value={toKind}
        options={[
          ['room', w.room],
          ['contact', w.person],
        ]}
        set={(toKind) =>
          // A person gets text only.
          change({ toKind, id: '', name: '', ...(toKind === 'contact' && { kind: 'text' }) })
        }
      />
      <Line label={w.topic} type="search" value={filter} set={setFilter} />
      <Choice
        label={toKind === 'room' ? w.room : w.person}
        required
        error={fault('roomId') ?? fault('contactId') ?? problem?.message}
        hint={
          choices.some(isTwin)
            ? w.twins
            : choices.length === 0 && botcode !== ''
              ? w.noRooms
              : undefined
        }
        value={draft.id}
        options={options}
        set={(id) => change({ id, name: choices.find((one) => one.id === id)?.name ?? id })}
      />
    </div>
  );
}
