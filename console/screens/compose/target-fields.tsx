import { useState } from 'preact/hooks';
import { Field, Line } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import type { Draft } from './draft.ts';
import { w } from './words.ts';

interface Choice {
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
  const choices: Choice[] =
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
  const isTwin = ({ name }: Choice): boolean => (counts.get(name) ?? 0) > 1;
  // One that was taken from an older message may not be in the list.
  const known = draft.id === '' || choices.some((one) => one.id === draft.id);
  const problem = rooms.error ?? contacts.error;
  return (
    <div class="fields">
      <Field label={w.bot} required error={fault('botcode')}>
        {(own) => (
          <select
            {...own}
            value={botcode}
            onChange={(event) => change({ botcode: event.currentTarget.value, id: '', name: '' })}
          >
            <option value="" />
            {bots.data?.items.map((one) => (
              <option key={one.botcode} value={one.botcode}>
                {one.name === '' || one.name === one.botcode
                  ? one.botcode
                  : `${one.botcode} · ${one.name}`}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={w.to}>
        {(own) => (
          <select
            {...own}
            value={toKind}
            onChange={(event) =>
              change({
                toKind: event.currentTarget.value === 'contact' ? 'contact' : 'room',
                id: '',
                name: '',
              })
            }
          >
            <option value="room">{w.room}</option>
            <option value="contact">{w.person}</option>
          </select>
        )}
      </Field>
      <Line label={w.topic} type="search" value={filter} set={setFilter} />
      <Field
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
      >
        {(own) => (
          <select
            {...own}
            value={draft.id}
            onChange={(event) => {
              const id = event.currentTarget.value;
              change({ id, name: choices.find((one) => one.id === id)?.name ?? id });
            }}
          >
            <option value="">{toKind === 'room' ? w.chooseRoom : w.choosePerson}</option>
            {!known && <option value={draft.id}>{draft.name}</option>}
            {choices.map((one) => (
              <option key={one.id} value={one.id}>
                {isTwin(one) ? `${one.label} · ${one.id}` : one.label}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}
