import { useState } from 'preact/hooks';
import { api } from '../../api.ts';
import { Choice, Dialog, Form, Line } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { common } from '../../words/common.ts';
import type { Talk } from './talk.ts';
import { w } from './words.ts';

/** Gives a conversation to somebody else, and names the customer. */
export function HandOver(props: { talk: Talk; onClose: () => void; onDone: () => void }) {
  const { talk, onClose, onDone } = props;
  // The conversation goes on meanwhile: what somebody else changes in it is not taken back.
  const [before] = useState(talk);
  const [agent, setAgent] = useState(before.agent ?? '');
  const [name, setName] = useState(before.name);
  const sellers = useResource('/im/desks/{storeId}/sellers', {
    params: { storeId: talk.storeId ?? 0 },
    when: talk.storeId !== null,
  });
  const known = sellers.data?.items ?? [];
  // Where nobody is appointed, who answered others already is the best guess.
  const others = useResource('/im/conversations', {
    query: { limit: 100 },
    when: talk.storeId === null || sellers.data?.items.length === 0,
  });
  const seen = new Set(others.data?.items.flatMap((one) => one.agent ?? []));
  const save = (): Promise<unknown> =>
    api.patch('/im/conversations/{id}', {
      params: { id: talk.id },
      body: {
        ...(agent !== (before.agent ?? '') && { agent: agent === '' ? null : agent }),
        ...(name !== before.name && { name }),
      },
    });
  return (
    <Dialog title={w.handOverTitle} onClose={onClose}>
      <Form
        submit={save}
        action={common.save}
        fields={['agent', 'name']}
        onCancel={onClose}
        onDone={onDone}
      >
        {(fault) => (
          <>
            {known.length === 0 ? (
              <Line
                label={w.agent}
                hint={w.handOverHint}
                error={fault('agent')}
                proposals={[...seen].sort()}
                value={agent}
                set={setAgent}
              />
            ) : (
              <Choice
                label={w.agent}
                error={fault('agent')}
                value={agent}
                set={setAgent}
                options={[
                  ['', w.onDuty],
                  ...known.map(({ uid, name: called, status }) => {
                    const label = called === '' ? String(uid) : `${called} (${uid})`;
                    return [String(uid), status === 'online' ? label : w.away(label)] as const;
                  }),
                ]}
              />
            )}
            <Line label={w.name} error={fault('name')} maxLength={100} value={name} set={setName} />
          </>
        )}
      </Form>
    </Dialog>
  );
}
