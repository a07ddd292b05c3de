import { useState } from 'preact/hooks';
import { api } from '../../api.ts';
import { Check, Dialog, Field, Form, Line } from '../../components/index.ts';
import { common } from '../../words/common.ts';
import { emptyReply, type Reply, ReplyFields, replyTypes, replyWord } from './rule-reply.tsx';
import type { Rule } from './rules.tsx';
import { w } from './words.ts';

const kinds = ['contains', 'exact', 'prefix', 'regex'] as const;
const shown = [
  ...['name', 'pattern', 'priority', 'reply.text', 'reply.url', 'reply.storeId'],
  ...['appid', 'username', 'title', 'pagePath', 'thumbUrl'].map((one) => `reply.${one}`),
];

/** Makes or changes a rule. */
export function RuleForm(props: {
  rule: Rule | undefined;
  onClose: () => void;
  onDone: () => void;
}) {
  const { rule, onClose, onDone } = props;
  const [name, setName] = useState(rule?.name ?? '');
  const [kind, setKind] = useState(rule?.kind ?? 'contains');
  const [pattern, setPattern] = useState(rule?.pattern ?? '');
  const [priority, setPriority] = useState(String(rule?.priority ?? 0));
  const [reply, setReply] = useState<Reply>(rule?.reply ?? emptyReply('text'));
  const [enabled, setEnabled] = useState(rule?.enabled ?? true);
  const [channels, setChannels] = useState(rule?.scope.channels?.join(', ') ?? '');
  const [bots, setBots] = useState(rule?.scope.botcodes?.join(', ') ?? '');
  const [rooms, setRooms] = useState(rule?.scope.rooms?.join(', ') ?? '');
  const [mentioned, setMentioned] = useState(rule?.scope.mentioned ?? false);
  const save = (): Promise<unknown> => {
    const scope = {
      ...listed('channels', channels),
      ...listed('botcodes', bots),
      ...listed('rooms', rooms),
      ...(mentioned && { mentioned }),
    };
    const body = { name, kind, pattern, priority: Number(priority), reply, enabled, scope };
    return rule === undefined
      ? api.post('/chatbot/rules', { body })
      : api.patch('/chatbot/rules/{id}', { params: { id: rule.id }, body });
  };
  const scopes = [
    [w.scopeChannels, channels, setChannels],
    [w.scopeBots, bots, setBots],
    [w.scopeRooms, rooms, setRooms],
  ] as const;
  return (
    <Dialog wide title={rule === undefined ? w.newRule : w.editRule} onClose={onClose}>
      <Form
        submit={save}
        action={common.save}
        fields={shown}
        onCancel={onClose}
        onDone={() => {
          onClose();
          onDone();
        }}
      >
        {(fault) => (
          <>
            <div class="fields">
              <Line label={w.ruleName} required error={fault('name')} value={name} set={setName} />
              <Field label={w.priority} error={fault('priority')}>
                {(own) => (
                  <input
                    {...own}
                    type="number"
                    value={priority}
                    onInput={(event) => setPriority(event.currentTarget.value)}
                  />
                )}
              </Field>
              <Field label={w.kind}>
                {(own) => (
                  <select
                    {...own}
                    value={kind}
                    onChange={(event) => {
                      const wanted = event.currentTarget.value;
                      setKind(kinds.find((one) => one === wanted) ?? 'contains');
                    }}
                  >
                    {kinds.map((one) => (
                      <option key={one} value={one}>
                        {w[one]}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
              <Line
                label={w.pattern}
                required
                error={fault('pattern')}
                value={pattern}
                set={setPattern}
              />
            </div>
            <Field label={w.reply}>
              {(own) => (
                <select
                  {...own}
                  value={reply.type}
                  onChange={(event) => {
                    const wanted = event.currentTarget.value;
                    setReply(emptyReply(replyTypes.find((one) => one === wanted) ?? 'text'));
                  }}
                >
                  {replyTypes.map((one) => (
                    <option key={one} value={one}>
                      {replyWord(one)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <ReplyFields reply={reply} change={setReply} fault={fault} />
            {scopes.map(([label, value, set]) => (
              <Field key={label} label={label}>
                {(own) => (
                  <input
                    {...own}
                    value={value}
                    onInput={(event) => set(event.currentTarget.value)}
                  />
                )}
              </Field>
            ))}
            <Check label={w.mentioned} checked={mentioned} onChange={setMentioned} />
            <Check label={w.enabled} checked={enabled} onChange={setEnabled} />
          </>
        )}
      </Form>
    </Dialog>
  );
}

function listed<N extends string>(name: N, text: string): Partial<Record<N, string[]>> {
  const items = text
    .split(/[,，\s]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return items.length === 0 ? {} : ({ [name]: items } as Record<N, string[]>);
}
