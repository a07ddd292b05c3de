import './chatbot.css';
import type { Answer } from '../../api.ts';
import { Badge } from '../../components/index.ts';
import { wordOf } from '../../i18n.ts';
import { terms, w } from './words.ts';

export type Turn = Answer<'post', '/chatbot/ask'>;
type Step = Turn['trace'][number];

const names: Record<Step['step'], () => string> = {
  rules: () => w.stepRules,
  knowledge: () => w.stepKnowledge,
  model: () => w.stepModel,
  fallback: () => w.stepFallback,
  human: () => w.stepHuman,
};

/** Each step of the way to an answer. */
export function Trace({ steps }: { steps: readonly Step[] }) {
  return (
    <ol class="trace" aria-live="off">
      {steps.map((one) => (
        <li key={one.step}>
          <strong>{names[one.step]()}</strong>{' '}
          <Badge
            tone={one.outcome === 'answered' ? 'good' : one.outcome === 'failed' ? 'bad' : 'idle'}
          >
            {terms[one.outcome]}
          </Badge>{' '}
          <span class="faint small">{factsOf(one).join(' · ')}</span>
          {one.candidates !== undefined && one.candidates.length > 0 && (
            <Scores
              rows={one.candidates.map(({ entry, score, title }) => ({ entry, score, title }))}
            />
          )}
        </li>
      ))}
    </ol>
  );
}

export function Scores({
  rows,
}: {
  rows: readonly { entry: number; score: number; title: string; phrase?: string }[];
}) {
  return (
    <table class="table">
      <tbody>
        {rows.map(({ entry, score, title, phrase }) => (
          <tr key={entry}>
            <td class="narrow faint">#{entry}</td>
            <td>
              {title}
              {phrase !== undefined && phrase !== title && (
                <div class="faint small">
                  {w.phrase}: {phrase}
                </div>
              )}
            </td>
            <td class="narrow">
              <span class="score">
                <progress value={score} max={1} aria-label={`${title} ${w.score}`} />
                <span class="number">{score.toFixed(2)}</span>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function factsOf(one: Step): string[] {
  const facts = [w.took(one.ms.toFixed(one.ms < 10 ? 1 : 0))];
  if (one.rule !== undefined) facts.push(`${w.stepRules} ${one.rule}`);
  if (one.entry !== undefined) facts.push(`#${one.entry}`);
  if (one.score !== undefined) facts.push(one.score.toFixed(2));
  if (one.verdict !== undefined) facts.push(wordOf(terms, one.verdict) ?? one.verdict);
  if (one.model !== undefined) facts.push(one.model);
  if (one.tokens !== undefined) facts.push(`${one.tokens.prompt}+${one.tokens.completion} tokens`);
  if (one.cited !== undefined) facts.push(one.cited.map((entry) => `#${entry}`).join(' '));
  if (one.note !== undefined) facts.push(one.note);
  return facts;
}
