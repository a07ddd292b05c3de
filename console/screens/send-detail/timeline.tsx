import './timeline.css';
import type { Answer } from '../../api.ts';
import { dateTime, span, time } from '../../format.ts';
import { w } from './words.ts';

export type Step = Answer<'get', '/trace'>['sends'][number]['steps'][number];

const looks: Record<string, { word: () => string; tone?: 'good' | 'bad' | 'warn' }> = {
  accepted: { word: () => w.accepted, tone: 'good' },
  waiting: { word: () => w.waiting },
  moving: { word: () => w.moving },
  handed: { word: () => w.handed },
  mentioned: { word: () => w.mentioned },
  unmentioned: { word: () => w.unmentionedStep, tone: 'warn' },
  acknowledged: { word: () => w.acknowledged, tone: 'good' },
  echo: { word: () => w.echo, tone: 'good' },
  sent: { word: () => w.sent, tone: 'good' },
  absent: { word: () => w.absent, tone: 'bad' },
  failed: { word: () => w.failed, tone: 'bad' },
  expired: { word: () => w.expired, tone: 'bad' },
  cancelled: { word: () => w.cancelledStep },
  queued: { word: () => w.queued },
  sending: { word: () => w.sending },
  unknown: { word: () => w.unknown, tone: 'warn' },
  offline: { word: () => w.offline, tone: 'warn' },
  'too-frequent': { word: () => w.tooFrequent, tone: 'warn' },
  denied: { word: () => w.denied, tone: 'warn' },
  refused: { word: () => w.refused, tone: 'bad' },
  fetched: { word: () => w.fetched },
  'fetch-failed': { word: () => w.fetchFailed, tone: 'warn' },
  'no-echo': { word: () => w.noEcho, tone: 'bad' },
  resend: { word: () => w.resend },
  event: { word: () => w.eventStep },
  post: { word: () => w.post, tone: 'bad' },
  delivered: { word: () => w.delivered, tone: 'good' },
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
        const look = looks[one.step];
        const before = steps[index - 1]?.at;
        const waited = before === undefined ? 0 : one.at - before;
        return (
          <li key={`${one.at} ${one.step} ${index}`} class={look?.tone}>
            <time dateTime={new Date(one.at).toISOString()} title={dateTime(one.at)}>
              {time(one.at)}
              {waited >= 1000 && <span class="faint small"> +{span(waited)}</span>}
            </time>
            <div>
              {look?.word() ?? one.step}
              {one.detail !== null && <div class="detail">{detailOf(one)}</div>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
