import { useState } from 'preact/hooks';
import { type Answer, api, type Item } from '../../api.ts';
import {
  Action,
  Badge,
  Card,
  type Column,
  Icon,
  Line,
  Note,
  PagedTable,
  useAction,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { may } from '../../session.ts';
import { common } from '../../words/common.ts';
import { RuleForm } from './rule-form.tsx';
import { replyWord } from './rule-reply.tsx';
import { terms, w } from './words.ts';

export type Rule = Item<'/chatbot/rules'>;

/** Answers by keyword, and a box that tells which rule would answer. */
export function Rules() {
  const [open, setOpen] = useState<Rule | 'new' | undefined>(undefined);
  const pages = usePages();
  const rules = useResource('/chatbot/rules', {
    query: { ...(pages.cursor !== undefined && { cursor: Number(pages.cursor) }) },
  });
  const columns: Column<Rule>[] = [
    { title: w.ruleName, cell: (one) => one.name },
    {
      title: w.pattern,
      cell: (one) => (
        <>
          <span class="faint small">{terms[one.kind]} </span>
          <span class="mono break">{one.pattern}</span>
        </>
      ),
    },
    { title: w.reply, narrow: true, cell: (one) => replyWord(one.reply.type) },
    { title: w.priority, narrow: true, align: 'end', cell: (one) => one.priority },
    { title: w.hitsCount, narrow: true, align: 'end', cell: (one) => one.hits },
    {
      title: common.state,
      narrow: true,
      cell: (one) => (
        <Badge tone={one.enabled ? 'good' : 'idle'}>{one.enabled ? w.enabled : w.disabled}</Badge>
      ),
    },
    {
      title: '',
      narrow: true,
      cell: (one) =>
        one.source === 'config' ? (
          <span class="faint small">{w.fromConfig}</span>
        ) : (
          may('operator') && (
            <div class="row">
              <button type="button" onClick={() => setOpen(one)}>
                {common.edit}
              </button>
              <Action
                kind="quiet"
                icon="trash"
                label={`${common.remove} ${one.name}`}
                run={() => api.del('/chatbot/rules/{id}', { params: { id: one.id } })}
                ask={{ title: w.removeRuleAsk, text: w.removeRuleText, danger: true }}
                then={rules.reload}
              >
                {''}
              </Action>
            </div>
          )
        ),
    },
  ];
  return (
    <div class="stack">
      <RuleTest />
      <Card
        flush
        title={w.rules}
        tools={
          may('operator') && (
            <button type="button" class="primary" onClick={() => setOpen('new')}>
              <Icon name="plus" />
              {w.newRule}
            </button>
          )
        }
      >
        <PagedTable
          of={rules}
          pages={pages}
          name={`${w.title} ${w.rules}`}
          columns={columns}
          keyOf={(one) => one.id}
          empty={w.noRules}
        />
      </Card>
      {open !== undefined && (
        <RuleForm
          rule={open === 'new' ? undefined : open}
          onClose={() => setOpen(undefined)}
          onDone={rules.reload}
        />
      )}
    </div>
  );
}

function RuleTest() {
  const [text, setText] = useState('');
  const [tried, setTried] = useState<Answer<'post', '/chatbot/rules/test'> | undefined>(undefined);
  const [busy, run] = useAction();
  if (!may('operator')) return null;
  const test = async (): Promise<void> =>
    setTried(
      await api.post('/chatbot/rules/test', { body: { text, channel: 'room', mentioned: true } }),
    );
  return (
    <Card title={w.testRules} icon="play">
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          void run(test);
        }}
      >
        <Line label={w.testText} value={text} set={setText} />
        <button type="submit" disabled={text === ''} aria-busy={busy}>
          {w.testAction}
        </button>
      </form>
      <div aria-live="polite">
        {tried !== undefined && (
          <>
            {tried.hit === null ? (
              <Note tone="idle">{w.noneMatches}</Note>
            ) : (
              <Note tone="good">
                {tried.hit.name} · {w.wouldAnswer}
              </Note>
            )}
            {tried.matching
              .filter((one) => one.id !== tried.hit?.id)
              .map((one) => (
                <p key={one.id} class="faint small">
                  {one.name} · {w.alsoMatches}
                </p>
              ))}
          </>
        )}
      </div>
    </Card>
  );
}
