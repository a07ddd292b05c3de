import type { SourceOf } from '../../config/report-source-schema.ts';
import { bots, queues, traffic } from './built-in-bots.ts';
import { type BuiltInOptions, dayBefore, startOf, type Window } from './built-in-days.ts';
import type { Raw } from './workshop-jobs.ts';

/** Rows about this daemon itself: what the built-in source answers. */
export async function builtInRows(
  source: SourceOf<'builtin'>,
  window: Window,
  options: BuiltInOptions,
): Promise<Raw> {
  switch (source.name) {
    case 'bots':
      return await bots(source, window, options);
    case 'traffic':
      return await traffic(source, window, options);
    case 'unanswered': {
      const from = startOf(dayBefore(window.slot, source.days, window.zone), window.zone);
      const asked = await options.stats.unanswered(from, window.slot, source.limit);
      const rows = asked.map(({ question, count, last_at }) => ({
        question,
        count: Number(count),
        last: Number(last_at),
      }));
      return { rows, truncated: false };
    }
    case 'queues':
      return await queues(source, window, options);
    case 'webhooks':
      return await webhooks(source, window, options);
  }
}

async function webhooks(
  { days }: SourceOf<'builtin'>,
  { slot, zone }: Window,
  { stats }: BuiltInOptions,
): Promise<Raw> {
  const from = startOf(dayBefore(slot, days, zone), zone);
  const counts = await stats.deliveries(from, slot);
  const rows = [...new Set(counts.map(({ chid }) => chid))].sort().map((chid) => {
    const count = (state: string): number =>
      Number(counts.find((one) => one.chid === chid && one.state === state)?.count ?? 0);
    const [acked, due, dead] = [count('acked'), count('due'), count('dead')];
    const all = acked + due + dead;
    return { chid, acked, due, dead, rate: all === 0 ? null : acked / all };
  });
  return { rows, truncated: false };
}
