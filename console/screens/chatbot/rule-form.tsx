import { useState } from 'preact/hooks';
import { api } from '../../api.ts';
import { Check, Choice, Dialog, Form, Line } from '../../components/index.ts';
import { common } from '../../words/common.ts';
import { emptyReply, type Reply, ReplyFields, replyTypes, replyWord } from './rule-reply.tsx';
import type { Rule } from './rules.tsx';
import { terms, w } from './words.ts';

const kinds = ['contains', 'exact', 'prefix', 'regex'] as const;
const shown = ['name', 'pattern', 'priority', 'reply', 'scope'];

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
    ['channels', w.scopeChannels, channels, setChannels],
    ['botcodes', w.scopeBots, bots, setBots],
    ['rooms', w.scopeRooms, rooms, setRooms],
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
              <Line
                label={w.priority}
                error={fault('priority')}
                type="number"
                value={priority}
                set={setPriority}
              />
              <Choice
                label={w.kind}
                value={kind}
                options={kinds.map((one) => [one, terms[one]])}
                set={setKind}
              />
              <Line
                label={w.pattern}
                required
                error={fault('pattern')}
                value={pattern}
                set={setPattern}
              />
            </div>
            <Choice
              label={w.reply}
              value={reply.type}
              options={replyTypes.map((one) => [one, replyWord(one)])}
              set={(type) => setReply(emptyReply(type))}
            />
            <ReplyFields reply={reply} change={setReply} fault={fault} />
            {scopes.map(([field, label, value, set]) => (
              <Line
                key={field}
                label={label}
                error={fault(`scope.${field}`)}
                value={value}
                set={set}
              />
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
