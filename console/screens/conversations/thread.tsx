import { useEffect, useRef, useState } from 'preact/hooks';
import { type Answer, api } from '../../api.ts';
import { Action, Badge, Card, Empty, Facts, Icon, Loaded } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { may } from '../../session.ts';
import { AnswerBox } from './answer-box.tsx';
import { HandOver } from './hand-over.tsx';
import { agentOf } from './talk.ts';
import { Word } from './word.tsx';
import { terms, w } from './words.ts';

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
  // It stays while more is loaded.
  const seen = useRef(0);
  seen.current = Math.max(seen.current, said.data?.items[0]?.seq ?? 0);
  return (
    <Loaded of={talk}>
      {(one) => (
        <Card
          title={one.name || one.contact}
          icon="chat"
          tools={
            <>
              {one.waiting && <Badge tone="warn">{w.waits}</Badge>}
              {one.via === 'chat' && <HandBack chat={one.contact.slice('chat:'.length)} />}
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
              [w.via, [terms[one.via], one.account].filter((part) => part !== '').join(' · ')],
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
          {may('operator') && <AnswerBox talk={one} seen={seen.current} reload={said.reload} />}
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

/** While agents answer in a chat. */
function HandBack({ chat }: { chat: string }) {
  const params = { id: chat };
  const { data, reload } = useResource('/chatbot/chats/{id}', { params, topics: ['chats'] });
  if (data?.state !== 'human') return null;
  return (
    <Action
      icon="reload"
      run={() => api.post('/chatbot/chats/{id}/hand-back', { params })}
      ask={{ title: w.handBack, text: w.handBackText }}
      then={reload}
    >
      {w.handBack}
    </Action>
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
