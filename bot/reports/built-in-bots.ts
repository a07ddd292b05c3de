import type { SourceOf } from '../../config/report-source-schema.ts';
import { botStateWords } from '../automation/bots/bot-state.ts';
import { type BuiltInOptions, dayBefore, startOf, type Window } from './built-in-days.ts';
import type { DataRow } from './cells.ts';
import type { Raw } from './workshop-jobs.ts';

type Rows = Extract<Raw, { rows: unknown }>;

const words = {
  total: { zh: '合计', en: 'Total' },
  others: { zh: (count: number) => `其他 ${count} 个`, en: (count: number) => `${count} others` },
};

/** What became of a bot's messages. */
interface Counts {
  sent: number;
  failed: number;
  expired: number;
  cancelled: number;
}

/** Whole days before the slot's own, the oldest first: for each bot what left and what did not. */
export async function traffic(
  { days }: SourceOf<'builtin'>,
  window: Window,
  options: BuiltInOptions,
): Promise<Rows> {
  const rows: DataRow[] = [];
  for (let back = days; back >= 1; back -= 1) {
    const { day, bots } = await countsOf(back, window, options);
    for (const [botcode, counts] of bots)
      rows.push({ day, botcode, ...counts, rate: rateOf(counts) });
  }
  return { rows, truncated: false };
}

/**
 * The day before the slot's own for each bot, the busiest first, with a total; beyond the limit they
 * are one row. Its trend are the days before, told in the same bots.
 */
export async function bots(
  { days, limit }: SourceOf<'builtin'>,
  window: Window,
  options: BuiltInOptions,
): Promise<Rows> {
  const { language } = options;
  const trend: { day: string; bots: Map<string, Counts> }[] = [];
  for (let back = days; back >= 1; back -= 1) trend.push(await countsOf(back, window, options));
  const last = trend.at(-1)?.bots ?? new Map<string, Counts>();
  const names = [...new Set(trend.flatMap((one) => [...one.bots.keys()]))];
  const sizeOf = (name: string): number => sizeIn(last.get(name) ?? none);
  names.sort((one, other) => sizeOf(other) - sizeOf(one) || byName(one, other));
  const { shown, rest } = parted(names, limit);
  const rowsOf = (counts: Map<string, Counts>): DataRow[] => {
    const row = (botcode: string, of: readonly string[]): DataRow => {
      const sum = sumOf(of.map((name) => counts.get(name) ?? none));
      return { botcode, ...sum, rate: rateOf(sum) };
    };
    return [
      ...shown.map((name) => row(name, [name])),
      ...(rest.length === 0 ? [] : [row(words.others[language](rest.length), rest)]),
    ];
  };
  const all = sumOf([...last.values()]);
  return {
    rows: rowsOf(last),
    total: { botcode: words.total[language], ...all, rate: rateOf(all) },
    trend: trend.flatMap((one) => rowsOf(one.bots).map((row) => ({ day: one.day, ...row }))),
    truncated: false,
  };
}

/** What waits, now: bots that are not online and those with most to send first, with a total. */
export async function queues(
  { limit }: SourceOf<'builtin'>,
  { now }: Window,
  { stats, bots, language }: BuiltInOptions,
): Promise<Rows> {
  const waiting = new Map((await stats.queues()).map((one) => [one.botcode, one]));
  const open = new Map((await stats.open()).map((one) => [one.botcode, Number(one.count)]));
  const all = bots.list().map((bot) => {
    const queue = waiting.get(bot.botcode);
    const { state } = bot.view();
    return {
      botcode: bot.botcode,
      state,
      stateText: botStateWords[state][language],
      queued: Number(queue?.queued ?? 0),
      waitMinutes: queue === undefined ? 0 : Math.round((now - Number(queue.oldest)) / 60_000),
      open: open.get(bot.botcode) ?? 0,
      reason: bot.waitReason()?.[language] ?? null,
    };
  });
  all.sort(
    (one, other) =>
      urgency(one.state) - urgency(other.state) ||
      other.queued + other.open - one.queued - one.open ||
      byName(one.botcode, other.botcode),
  );
  const { shown, rest } = parted(all, limit);
  const row = (botcode: string, of: typeof all): DataRow => {
    const online = of.filter(({ state }) => state === 'ready').length;
    return {
      ...{ botcode, state: null, reason: null },
      stateText: `${botStateWords.ready[language]} ${online}/${of.length}`,
      queued: of.reduce((sum, one) => sum + one.queued, 0),
      waitMinutes: Math.max(0, ...of.map((one) => one.waitMinutes)),
      open: of.reduce((sum, one) => sum + one.open, 0),
    };
  };
  return {
    rows: [
      ...shown,
      ...(rest.length === 0 ? [] : [row(words.others[language](rest.length), rest)]),
    ],
    total: row(words.total[language], all),
    truncated: false,
  };
}

/** What should be online and is not comes first; what was turned off is nobody's trouble. */
function urgency(state: string): number {
  return state === 'ready' ? 1 : state === 'off' ? 2 : 0;
}

const none: Counts = { sent: 0, failed: 0, expired: 0, cancelled: 0 };

async function countsOf(
  back: number,
  { slot, zone }: Window,
  { stats, bots }: BuiltInOptions,
): Promise<{ day: string; bots: Map<string, Counts> }> {
  const day = dayBefore(slot, back, zone);
  const end = startOf(dayBefore(slot, back - 1, zone), zone);
  const counts = await stats.traffic(startOf(day, zone), end);
  const found = new Map<string, Counts>(bots.list().map(({ botcode }) => [botcode, none]));
  for (const { botcode, state, count } of counts) {
    const one = { ...(found.get(botcode) ?? none) };
    if (state === 'sent') one.sent += Number(count);
    else if (state === 'failed' || state === 'absent') one.failed += Number(count);
    else if (state === 'expired') one.expired += Number(count);
    else if (state === 'cancelled') one.cancelled += Number(count);
    found.set(botcode, one);
  }
  return { day, bots: found };
}

function sumOf(counts: readonly Counts[]): Counts {
  return counts.reduce(
    (sum, one) => ({
      sent: sum.sent + one.sent,
      failed: sum.failed + one.failed,
      expired: sum.expired + one.expired,
      cancelled: sum.cancelled + one.cancelled,
    }),
    none,
  );
}

function sizeIn({ sent, failed, expired, cancelled }: Counts): number {
  return sent + failed + expired + cancelled;
}

function rateOf(counts: Counts): number | null {
  const all = sizeIn(counts);
  return all === 0 ? null : counts.sent / all;
}

/** The first of them, and the others, unless that would be a single one. */
function parted<T>(all: readonly T[], limit: number): { shown: T[]; rest: T[] } {
  const end = all.length <= limit + 1 ? all.length : limit;
  return { shown: all.slice(0, end), rest: all.slice(end) };
}

/** bot2 before bot10. */
const order = new Intl.Collator('en', { numeric: true });
function byName(one: string, other: string): number {
  return order.compare(one, other);
}
