import type { SendRow } from '../../../store/sends.ts';
import type { Dispatcher, DispatcherState } from './dispatcher.ts';
import type { Taken } from './pacing.ts';
import { reasons } from './reasons.ts';
import { headOf, type SendCore } from './send-core.ts';

/** Rows changed in one transaction. */
const batch = 500;

/**
 * What a former life had handed over and not settled may or may not have left: it is unknown from
 * now on, and is never sent again by itself.
 */
export async function recoverSends(core: SendCore): Promise<void> {
  const now = core.clock.now();
  const reason = core.say(reasons.unknownCrash);
  for (;;) {
    const left = await core.db.transaction(async (tx) => {
      const rows = (await core.store.open(tx)).filter((row) => row.state === 'sending');
      for (const row of rows.slice(0, batch)) {
        await core.store.change(tx, row.msgid, 'sending', { state: 'unknown', reason });
        await core.steps.add(tx, row.msgid, { at: now, step: 'unknown', detail: reason });
      }
      return rows.length > batch;
    });
    if (!left) return;
  }
}

/** Gives every bot's dispatcher what the database knows: queues, budgets, breakers, unknowns. */
export async function loadDispatchers(
  core: SendCore,
  dispatcher: (botcode: string, state: DispatcherState) => Dispatcher,
): Promise<void> {
  const states = new Map<
    string,
    { buckets: Map<string, Taken[]>; breaker: DispatcherState['breaker'] }
  >();
  const stateOf = (botcode: string): NonNullable<ReturnType<typeof states.get>> => {
    let state = states.get(botcode);
    if (state === undefined) {
      state = { buckets: new Map(), breaker: { until: 0, level: 0 } };
      states.set(botcode, state);
    }
    return state;
  };
  for (const row of await core.pacing.buckets()) {
    // Written by us.
    stateOf(row.botcode).buckets.set(row.bucket, JSON.parse(row.taken) as Taken[]);
  }
  for (const row of await core.pacing.breakers()) {
    stateOf(row.botcode).breaker = { until: row.breaker_until, level: row.breaker_level };
  }
  for (const [botcode, state] of states) dispatcher(botcode, state);
  const now = core.clock.now();
  for (const row of await core.store.queuedLanes()) {
    const { lanes } = dispatcher(row.botcode, stateOf(row.botcode));
    lanes.add(row.lane, headOf(row, now), row.queued);
  }
  const open: SendRow[] = await core.db.transaction((tx) => core.store.open(tx));
  for (const row of open) {
    if (row.state === 'unknown') dispatcher(row.botcode, stateOf(row.botcode)).restore(row);
  }
}
