import type { Text } from '../../errors.ts';
import { concurrency, type Dispatcher } from './dispatcher.ts';
import { waitFor } from './eta.ts';
import type { Lane } from './lanes.ts';
import { reasons } from './reasons.ts';
import { pacingOf, type SendCore } from './send-core.ts';
import type { QueuePosition, QueueView } from './send-views.ts';
import { standstill } from './waits.ts';

/** The queue of one bot as operators and channels see it. */
export function viewQueue(core: SendCore, dispatcher: Dispatcher): QueueView {
  const held = heldBy(core, dispatcher);
  const waiting = new Map<string, { reason: Text; count: number }>();
  for (const lane of dispatcher.lanes.all()) {
    const reason = whyOf(lane);
    if (reason === undefined || lane.queued === 0) continue;
    const known = waiting.get(reason.en);
    if (known === undefined) waiting.set(reason.en, { reason, count: lane.queued });
    else known.count += lane.queued;
  }
  const { queued } = dispatcher.lanes;
  return {
    botcode: dispatcher.botcode,
    length: queued,
    onTheWay: dispatcher.onTheWay,
    unknown: dispatcher.reconciler.size,
    held,
    etaMs: estimate(core, dispatcher, undefined, { ahead: 0, rank: queued }),
    waiting: [...waiting.values()],
  };
}

/** Where a queued send stands. `ahead`: queued before it in the same lane. */
export function viewPosition(
  core: SendCore,
  dispatcher: Dispatcher,
  row: { lane: string; msgid: number },
  ahead: number,
): QueuePosition {
  const lane = dispatcher.lanes.get(row.lane);
  const rank = rankOf(dispatcher, row, lane, ahead);
  const held = heldBy(core, dispatcher);
  const behind =
    lane?.head !== undefined && lane.head.msgid < row.msgid ? lane.head.msgid : undefined;
  const own = lane === undefined ? undefined : whyOf(lane);
  const stuck = own !== undefined && own !== reasons.fetching;
  return {
    position: rank + 1,
    etaMs: stuck ? undefined : estimate(core, dispatcher, row.lane, { ahead, rank }),
    reason: held ?? own ?? (behind === undefined ? undefined : reasons.behind(behind)),
  };
}

/** Why nothing of this bot leaves; undefined: it does. */
export function heldBy(core: SendCore, dispatcher: Dispatcher): Text | undefined {
  const bot = core.bots.get(dispatcher.botcode);
  return standstill(bot, bot?.session(), dispatcher.breaker.state, core.clock.now());
}

function whyOf(lane: Lane): Text | undefined {
  if (lane.state === 'blocked') return reasons.blocked;
  return lane.state === 'ready' ? undefined : lane.why;
}

/**
 * How many leave before it: channels take turns, and the lanes of a channel take turns within it.
 * Lanes count as their head's channel's.
 */
function rankOf(
  dispatcher: Dispatcher,
  row: { lane: string; msgid: number },
  own: Lane | undefined,
  ahead: number,
): number {
  const chid = own?.head?.chid;
  let picks = ahead;
  const others = new Map<string, number>();
  for (const lane of dispatcher.lanes.all()) {
    if (lane.key === row.lane || lane.head === undefined) continue;
    if (lane.head.chid === chid) {
      picks += Math.min(lane.queued, ahead + (lane.head.msgid < row.msgid ? 1 : 0));
    } else {
      others.set(lane.head.chid, (others.get(lane.head.chid) ?? 0) + lane.queued);
    }
  }
  let rank = picks;
  for (const queued of others.values()) rank += Math.min(queued, picks);
  return rank;
}

function estimate(
  core: SendCore,
  dispatcher: Dispatcher,
  lane: string | undefined,
  place: { ahead: number; rank: number },
): number | undefined {
  const bot = core.bots.get(dispatcher.botcode);
  if (bot?.session() === undefined) return undefined;
  const now = core.clock.now();
  const { until, level } = dispatcher.breaker.state;
  const pause = level > 0 && until > now ? until - now : 0;
  const pacing = pacingOf(core, bot);
  // Between two sends lies the pause, or what sending takes where that is longer.
  const pauseMs = (pacing.jitterMs[0] + pacing.jitterMs[1]) / 2;
  const step = Math.max(pauseMs, dispatcher.meanMs / concurrency);
  const laneStep = Math.max(pauseMs, dispatcher.meanMs);
  const { pacing: budgets } = dispatcher;
  const byBot = waitFor(place.rank, pacing.perMinute, budgets.taken(), now, step);
  const byLane =
    lane === undefined
      ? 0
      : waitFor(place.ahead, pacing.perRoomPerMinute, budgets.taken(lane), now, laneStep);
  return Math.round(Math.max(byBot, byLane, pause));
}
