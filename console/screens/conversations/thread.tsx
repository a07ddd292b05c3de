import { useEffect, useRef, useState } from 'preact/hooks';
import { type Answer, api } from '../../api.ts';
import { Badge, Card, Empty, Facts, Icon, Loaded, useAction } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { may } from '../../session.ts';
import { HandOver } from './hand-over.tsx';
import { Word } from './word.tsx';
import { w } from './words.ts';

export type Talk = Answer<'get', '/im/conversations/{id}'>;

/** Who answers: by name where there is one. */
export function agentOf(one: Pick<Talk, 'agent' | 'agentName'>): string | null {
  return one.agentName ?? one.agent;
}

const pageSize = 50;

/** One conversation: what was said, an answer, and who answers. */
export function Thread({ id }: { id: number }) {
  const [count, setCount] = useState(pageSize);
  const [handing, setHanding] = useState(false);
  const talk = useResource('/im/conversations/{id}', { params: { id }, topics: ['conversations'] });
  const said = useResource('/im/conversations/{id}/messages', {
    params: { id },
    query: { limit: count },
    topics: ['conversations'],
    everyMs: 20_000,
  });
  return (
    <Loaded of={talk}>
      {(one) => (
        <Card
          title={one.name || one.contact}
          icon="chat"
          tools={
            <>
              {one.waiting && <Badge tone="warn">{w.waits}</Badge>}
              {may('operator') && (
                <button type="button" onClick={() => setHanding(true)}>
                  <Icon name="users" />
                  {w.handOver}
                </button>
              )}
            </>
          }
        >
          <p class="back">
            <a href="#/conversations">{w.back}</a>
          </p>
          <Facts
            of={[
              [w.via, [w[one.via], one.account].filter((part) => part !== '').join(' · ')],
              [
                w.agent,
                [agentOf(one) ?? w.nobody, one.storeId === null ? '' : w.desk(String(one.storeId))]
                  .filter((part) => part !== '')
                  .join(' · '),
              ],
            ]}
          />
          <Loaded of={said}>
            {({ items, next }) => (
              <Words
                items={items}
                more={next !== null && count < 200 ? () => setCount(count + pageSize) : undefined}
              />
            )}
          </Loaded>
          {may('operator') && <AnswerBox talk={one} reload={said.reload} />}
          {handing && (
            <HandOver
              talk={one}
              onClose={() => setHanding(false)}
              onDone={() => {
                setHanding(false);
                talk.reload();
              }}
            />
          )}
        </Card>
      )}
    </Loaded>
  );
}

type Said = Answer<'get', '/im/conversations/{id}/messages'>['items'];

function Words({ items, more }: { items: Said; more: (() => void) | undefined }) {
  const own = useRef<HTMLDivElement>(null);
  const newest = items[0]?.id;
  useEffect(() => {
    own.current?.scrollTo({ top: own.current.scrollHeight });
  }, [newest]);
  if (items.length === 0) return <Empty icon="chat">{w.noWords}</Empty>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to take focus
    <div class="thread" ref={own} tabIndex={0} role="log" aria-label={w.title}>
      {more !== undefined && (
        <button type="button" class="quiet" onClick={more}>
          {w.older}
        </button>
      )}
      {items.toReversed().map((one) => (
        <Word key={one.id} word={one} />
      ))}
    </div>
  );
}

function AnswerBox({ talk, reload }: { talk: Talk; reload: () => void }) {
  const [text, setText] = useState('');
  const [busy, run] = useAction();
  const send = async (): Promise<void> => {
    if (text.trim() === '' || busy) return;
    const say = () =>
      api.post('/im/conversations/{id}/messages', { params: { id: talk.id }, body: { text } });
    if (!(await run(say, w.sent))) return;
    setText('');
    reload();
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label class="field">
        <span class="faint small">
          {talk.agent === null ? w.answerSelf : w.answerAs(agentOf(talk) ?? '')} · {w.keys}
        </span>
        <textarea
          rows={3}
          maxLength={5000}
          aria-label={w.answer}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
          }}
        />
      </label>
      <div class="form-foot">
        <button type="submit" class="primary" disabled={busy || text.trim() === ''}>
          <Icon name="send" />
          {w.send}
        </button>
      </div>
    </form>
  );
}
