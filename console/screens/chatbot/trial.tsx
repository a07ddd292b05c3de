import { useState } from 'preact/hooks';
import { type Answer, api } from '../../api.ts';
import { Area, Badge, Card, Empty, Facts, useAction } from '../../components/index.ts';
import { may } from '../../session.ts';
import { Scores, Trace, type Turn } from './trace.tsx';
import { terms, w } from './words.ts';

type Hits = Answer<'post', '/chatbot/kb/test'>;

/** Asks a question and shows the answer with its reasons; or only what the knowledge base finds. */
export function Trial() {
  const [question, setQuestion] = useState('');
  const [turn, setTurn] = useState<Turn | undefined>(undefined);
  const [hits, setHits] = useState<Hits | undefined>(undefined);
  const [busy, run] = useAction();
  const search = async (): Promise<void> => {
    setHits(await api.post('/chatbot/kb/test', { body: { question } }));
  };
  const ask = async (): Promise<void> => {
    const chat = turn?.chat;
    const [answer] = await Promise.all([
      api.post('/chatbot/ask', { body: { question, ...(chat !== undefined && { chat }) } }),
      search(),
    ]);
    setTurn(answer);
  };
  const idle = question.trim() === '';
  if (!may('operator')) {
    return (
      <Card title={w.ask} icon="spark">
        <Empty>{w.askWho}</Empty>
      </Card>
    );
  }
  return (
    <div class="stack">
      <Card title={w.ask} icon="spark">
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (!idle) void run(ask);
          }}
        >
          <Area label={w.question} rows={2} maxLength={4000} value={question} set={setQuestion} />
          <div class="form-foot">
            <button type="button" disabled={idle} aria-busy={busy} onClick={() => void run(search)}>
              {w.hitAction}
            </button>
            <button type="submit" class="primary" disabled={idle} aria-busy={busy}>
              {w.askAction}
            </button>
          </div>
        </form>
      </Card>
      <div class="halves" aria-live="polite">
        {turn !== undefined && (
          <Card title={w.answer} icon="chat">
            <p class="answer">{turn.answer}</p>
            <h3>{w.trace}</h3>
            <Trace steps={turn.trace} />
          </Card>
        )}
        {hits !== undefined && (
          <div aria-live="off">
            <Found hits={hits} />
          </div>
        )}
      </div>
    </div>
  );
}

function Found({ hits }: { hits: Hits }) {
  const { thresholds, verdict, corrected, found, words, ms } = hits;
  const tones = { direct: 'good', suggest: 'warn', miss: 'idle' } as const;
  return (
    <Card title={w.hits} icon="book" tools={<Badge tone={tones[verdict]}>{terms[verdict]}</Badge>}>
      <p class="faint small">
        {w.hitAbout}
        {w.limits(String(thresholds.direct), String(thresholds.suggest), String(thresholds.gap))}
        {' · '}
        {w.took(ms.toFixed(1))}
      </p>
      {found.length === 0 ? <Empty>{terms.miss}</Empty> : <Scores rows={found} />}
      <Facts
        of={[
          ...(corrected === null ? [] : [[w.corrected, corrected] as const]),
          [
            w.searched,
            <span key="words" class="small break">
              {words.join(' ')}
            </span>,
          ],
        ]}
      />
    </Card>
  );
}
