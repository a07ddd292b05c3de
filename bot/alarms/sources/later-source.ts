import type { AlarmSettings } from '../../../config/alarm-schema.ts';
import type { Reports } from '../../reports/reports.ts';
import type { LostSend } from '../../reports/scheduled-sends.ts';
import { type AlarmSource, onceKey, type Trouble } from '../trouble.ts';

export interface LaterSourceOptions {
  reports: Pick<Reports, 'on'> & { later: Pick<Reports['later'], 'lost'> };
  settings: () => AlarmSettings;
}

/** One that was lost is shown so long. */
const newsMs = 86_400_000;
/** So many are named; of more it is told how many. */
const most = 50;
const mostCounted = 10_000;

/** Single sends for later that nobody got: each is told once. */
export function laterSource({ reports, settings }: LaterSourceOptions): AlarmSource {
  return {
    name: 'sends for later',
    everyMs: 30_000,
    onChange: (listener) =>
      reports.on(({ kind }) => {
        if (kind === 'scheduled-send') listener();
      }),
    troubles: async (now) => {
      const { schedule: rule } = settings().rules;
      if (!rule.enabled) return [];
      const afterMs = rule.afterSeconds * 1000;
      const lost = await reports.later.lost(now - newsMs, mostCounted);
      const found = lost.slice(0, most).map((one) => lostOne(one, afterMs));
      if (lost.length > most) found.push(lostMore(lost.length - most, afterMs));
      return found;
    },
  };
}

function lostOne({ id, botcode, target, lostAt, why }: LostSend, afterMs: number): Trouble {
  const to = `${botcode} → ${nameOf(target)}`;
  return {
    key: `${onceKey}scheduled-send:${id}`,
    kind: 'schedule',
    subject: `scheduled-send:${id}`,
    stage: 1,
    afterMs,
    since: lostAt,
    text: {
      zh: `定时发送 ${id}（${to}）未发出：${why}`,
      en: `scheduled send ${id} (${to}) was not sent: ${why}`,
    },
  };
}

/** Ten times as many are told of once more. */
function lostMore(count: number, afterMs: number): Trouble {
  return {
    key: `${onceKey}scheduled-sends`,
    kind: 'schedule',
    subject: 'scheduled-sends',
    stage: 1 + Math.floor(Math.log10(count)),
    afterMs,
    text: {
      zh: `一天内另有 ${count} 条定时发送未发出`,
      en: `${count} more scheduled sends of the last day were not sent`,
    },
  };
}

function nameOf(target: LostSend['target']): string {
  const { topic, name, id } = target as { topic?: string; name?: string; id?: string };
  return topic ?? name ?? id ?? '';
}
