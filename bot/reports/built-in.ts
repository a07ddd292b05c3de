import type { SourceOf } from '../../config/report-source-schema.ts';
import { readMoment } from '../../config/report-timing.ts';
import type { ReportStats } from '../../store/report-stats.ts';
import type { BotRegistry } from '../automation/bots/bot-port.ts';
import { botStateWords } from '../automation/bots/bot-state.ts';
import type { Language } from '../errors.ts';
import { type DataRow, timeText } from './cells.ts';

const dayMs = 86_400_000;

export interface BuiltInOptions {
  stats: ReportStats;
  bots: Pick<BotRegistry, 'list'>;
  language: Language;
}

/** What a report on ourselves is about. */
export interface Window {
  slot: number;
  now: number;
  zone: string;
}

/** Rows about this daemon itself: what the built-in source answers. */
export async function builtInRows(
  source: SourceOf<'builtin'>,
  window: Window,
  options: BuiltInOptions,
): Promise<DataRow[]> {
  switch (source.name) {
    case 'traffic':
      return await traffic(source, window, options);
    case 'unanswered': {
      const from = startOf(dayBefore(window.slot, source.days, window.zone), window.zone);
      const rows = await options.stats.unanswered(from, window.slot, source.limit);
      return rows.map(({ question, count, last_at }) => ({
        question,
        count: Number(count),
        last: Number(last_at),
      }));
    }
    case 'queues':
      return await queues(window, options);
    case 'webhooks':
      return await webhooks(source, window, options);
  }
}

/** Whole days before the slot's own, the oldest first: for each bot what left and what did not. */
async function traffic(
  { days }: SourceOf<'builtin'>,
  { slot, zone }: Window,
  { stats, bots }: BuiltInOptions,
): Promise<DataRow[]> {
  const rows: DataRow[] = [];
  const names = bots.list().map(({ botcode }) => botcode);
  for (let back = days; back >= 1; back -= 1) {
    const day = dayBefore(slot, back, zone);
    const counts = await stats.traffic(
      startOf(day, zone),
      startOf(dayBefore(slot, back - 1, zone), zone),
    );
    for (const botcode of new Set([...names, ...counts.map((one) => one.botcode)])) {
      const count = (...states: string[]): number =>
        counts
          .filter((one) => one.botcode === botcode && states.includes(one.state))
          .reduce((sum, one) => sum + Number(one.count), 0);
      const sent = count('sent');
      const failed = count('failed', 'absent');
      const all = sent + failed + count('expired', 'cancelled');
      rows.push({
        ...{ day, botcode, sent, failed, expired: count('expired'), cancelled: count('cancelled') },
        rate: all === 0 ? null : sent / all,
      });
    }
  }
  return rows;
}

async function queues(
  { now }: Window,
  { stats, bots, language }: BuiltInOptions,
): Promise<DataRow[]> {
  const waiting = new Map((await stats.queues()).map((one) => [one.botcode, one]));
  const open = new Map((await stats.open()).map((one) => [one.botcode, Number(one.count)]));
  return bots.list().map((bot) => {
    const queue = waiting.get(bot.botcode);
    return {
      botcode: bot.botcode,
      state: bot.view().state,
      stateText: botStateWords[bot.view().state][language],
      queued: Number(queue?.queued ?? 0),
      waitMinutes: queue === undefined ? 0 : Math.round((now - Number(queue.oldest)) / 60_000),
      open: open.get(bot.botcode) ?? 0,
      reason: bot.waitReason()?.[language] ?? null,
    };
  });
}

async function webhooks(
  { days }: SourceOf<'builtin'>,
  { slot, zone }: Window,
  { stats }: BuiltInOptions,
): Promise<DataRow[]> {
  const from = startOf(dayBefore(slot, days, zone), zone);
  const counts = await stats.deliveries(from, slot);
  return [...new Set(counts.map(({ chid }) => chid))].sort().map((chid) => {
    const count = (state: string): number =>
      Number(counts.find((one) => one.chid === chid && one.state === state)?.count ?? 0);
    const [acked, due, dead] = [count('acked'), count('due'), count('dead')];
    const all = acked + due + dead;
    return { chid, acked, due, dead, rate: all === 0 ? null : acked / all };
  });
}

function dayBefore(slot: number, days: number, zone: string): string {
  const day = timeText(slot, zone, 'date') ?? '';
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * dayMs).toISOString().slice(0, 10);
}

function startOf(day: string, zone: string): number {
  return readMoment(day, zone) ?? Date.parse(`${day}T00:00:00Z`);
}
