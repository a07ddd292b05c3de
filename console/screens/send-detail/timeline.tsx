import './timeline.css';
import type { Answer } from '../../api.ts';
import { dateTime, span, time } from '../../format.ts';
import { wordOf } from '../../i18n.ts';
import { terms, w } from './words.ts';

export type Step = Answer<'get', '/trace'>['sends'][number]['steps'][number];

/** What is neither is a step on the way. */
const tones: Record<string, 'good' | 'bad' | 'warn'> = {
  accepted: 'good',
  unmentioned: 'warn',
  acknowledged: 'good',
  echo: 'good',
  sent: 'good',
  absent: 'bad',
  failed: 'bad',
  expired: 'bad',
  unknown: 'warn',
  offline: 'warn',
  'too-frequent': 'warn',
  denied: 'warn',
  refused: 'bad',
  'fetch-failed': 'warn',
  'no-echo': 'bad',
  post: 'bad',
  delivered: 'good',
};

/** A send is accepted into the lane of its room or person. */
function detailOf({ step, detail }: Step): string | null {
  if (step !== 'accepted' || detail === null) return detail;
  const [, kind, name = ''] = /^(room|topic|contact|name):(.*)$/s.exec(detail) ?? [];
  if (kind === undefined) return detail;
  return kind === 'room' || kind === 'topic' ? w.laneRoom(name) : w.lanePerson(name);
}

/** What happened to a message, step by step, with the time between the steps. */
export function Timeline({ steps }: { steps: readonly Step[] }) {
  return (
    <ol class="timeline">
      {steps.map((one, index) => {
        const before = steps[index - 1]?.at;
        const waited = before === undefined ? 0 : one.at - before;
        return (
          <li key={`${one.at} ${one.step} ${index}`} class={tones[one.step]}>
            <time dateTime={new Date(one.at).toISOString()} title={dateTime(one.at)}>
              {time(one.at)}
              <span class="small">.{String(one.at % 1000).padStart(3, '0')}</span>
              {waited >= 1000 && <span class="faint small"> +{span(waited)}</span>}
            </time>
            <div>
              {wordOf(terms, one.step) ?? one.step}
              {one.detail !== null && <div class="detail">{detailOf(one)}</div>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
