import {
  Badge,
  Card,
  Head,
  Loaded,
  Moment,
  Note,
  Pager,
  usePages,
} from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { Trace } from '../chatbot/trace.tsx';
import { terms, w } from '../chatbot/words.ts';

const tones = { open: 'good', human: 'info', ended: 'idle' } as const;

/** One talk: questions, answers, and how each came about; newest first. */
export function Screen({ id = '' }: Record<string, string>) {
  const pages = usePages(id);
  const chat = useResource('/chatbot/chats/{id}', { params: { id }, topics: ['chats'] });
  const turns = useResource('/chatbot/chats/{id}/turns', {
    params: { id },
    query: { ...(pages.cursor !== undefined && { cursor: Number(pages.cursor) }) },
    topics: ['chats'],
  });
  return (
    <div class="stack">
      <Head title={id}>
        {chat.data !== undefined && (
          <Badge tone={tones[chat.data.state]}>{terms[chat.data.state]}</Badge>
        )}
      </Head>
      <Loaded of={turns}>
        {({ items, next }) => (
          <>
            {items.map((one) => (
              <Card
                key={one.turn}
                title={one.question === '' ? w.stepHuman : one.question}
                icon="chat"
              >
                <p class="faint small">
                  <Moment at={one.receivedAt} />
                  {one.liked !== null && ` · ${one.liked ? '👍' : '👎'}`}
                </p>
                {one.state === 'done' ? (
                  <p class="answer">{one.answer}</p>
                ) : (
                  <Note tone={one.state === 'making' ? 'info' : 'warn'}>
                    {one.state} {one.answer}
                  </Note>
                )}
                {one.trace.length > 0 && (
                  <details>
                    <summary>{w.trace}</summary>
                    <Trace steps={one.trace} />
                  </details>
                )}
              </Card>
            ))}
            <Pager pages={pages} next={next} />
          </>
        )}
      </Loaded>
    </div>
  );
}
