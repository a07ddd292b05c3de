import type { Database, Tx } from '../../store/database.ts';
import type { RunCause, RunEnd, RunHold, RunKey, RunRow, RunStore } from '../../store/runs.ts';
import type { ScheduleStore } from '../../store/schedules.ts';
import type { Clock } from '../clock.ts';
import { judge, onTimeMs } from './due.ts';
import type { Schedule } from './schedule.ts';

export interface LedgerOptions {
  db: Database;
  schedules: ScheduleStore;
  runs: RunStore;
  clock: Clock;
  /** Of this process, unlike any other there ever was. */
  owner: string;
  /** No other process works on this database: what another one holds is nobody's. */
  alone: boolean;
  leaseMs?: number;
}

/** What was decided of a schedule. */
export interface Decision {
  waiting: number[];
  missed: number[];
  overlapped: number[];
  /** Slots that lie ahead again, as the clock went back. */
  takenBack: number;
}

/** Reasons of slots that were skipped: words for `skipReasons` of the views. */
export const skip = { missed: 'missed', overlap: 'overlap', late: 'late' } as const;

/** Then a run has brought three processes down, or they ended by themselves: it is given up. */
const mostAttempts = 3;

/** Somebody else holds the run by now: what was made of it must not be sent. */
export class LostLease extends Error {}

/**
 * Which slot is run by whom, decided by rows alone: the key (schedule, slot) is written once, whoever
 * races; a run is held by an attempt that outlives no lease; and only who holds it settles it.
 */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly leaseMs: number;
  readonly owner: string;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.leaseMs = options.leaseMs ?? 60_000;
    this.owner = options.owner;
  }

  /**
   * Writes down what becomes of every slot whose time has come.
   * @returns undefined: the schedule is not as we know it; read it again
   */
  async decide(schedule: Schedule): Promise<Decision | undefined> {
    const { db, schedules, runs, clock } = this.#options;
    const { name, settings } = schedule;
    const decision: Decision = { waiting: [], missed: [], overlapped: [], takenBack: 0 };
    const now = clock.now();
    return await db.transaction(async (tx) => {
      const row = await schedules.get(tx, name);
      if (row === undefined || Number(row.revision) !== schedule.revision) return undefined;
      let decidedTo = Number(row.decided_to);
      if (decidedTo > now + onTimeMs) {
        // The clock went back. What ran stays run; what was skipped as missed has its time to come.
        decision.takenBack = await runs.forgetMissed(tx, name, now, skip.missed);
        decidedTo = now;
        await schedules.decided(tx, name, now);
      }
      const verdict = judge(schedule.timing, settings, decidedTo, now);
      const expires = now + settings.deliverWithinSeconds * 1000;
      const add = (slot: number, cause: RunCause, reason?: string): Promise<boolean> =>
        runs.add(tx, {
          ...{ schedule: name, slot, cause, created_at: now, expires_at: expires },
          ...(reason === undefined ? { state: 'waiting' } : { state: 'skipped', reason }),
        });
      for (const slot of verdict.missed) {
        if (await add(slot, 'slot', skip.missed)) decision.missed.push(slot);
      }
      const several = verdict.run.length > 1;
      for (const slot of verdict.run) {
        const full = !several && (await this.#full(tx, schedule, slot));
        if (!(await add(slot, several ? 'catch-up' : 'slot', full ? skip.overlap : undefined)))
          continue;
        (full ? decision.overlapped : decision.waiting).push(slot);
      }
      if (verdict.upTo !== undefined) await schedules.decided(tx, name, verdict.upTo);
      tx.onDurable(() => {
        schedule.decidedTo = verdict.upTo ?? decidedTo;
      });
      return decision;
    });
  }

  /** By the overlap policy: whether a slot finds no place. */
  async #full(tx: Tx, { name, settings }: Schedule, slot: number): Promise<boolean> {
    if (settings.overlap === 'allow') return false;
    // Its own row, written by another process, is not in its way.
    const open = (await this.#options.runs.openOf(tx, name)).filter((one) => one.slot !== slot);
    if (settings.overlap === 'skip') return open.length > 0;
    return open.some((one) => one.state === 'waiting');
  }

  /** Adds runs that somebody asked for. @returns those that will be */
  async ask(schedule: Schedule, slots: readonly number[], cause: RunCause): Promise<number[]> {
    const { db, runs, clock } = this.#options;
    const now = clock.now();
    const expires_at = now + schedule.settings.deliverWithinSeconds * 1000;
    return await db.transaction(async (tx) => {
      const asked: number[] = [];
      for (const slot of slots) {
        const key = { schedule: schedule.name, slot };
        const run = { cause, created_at: now, expires_at };
        const added = await runs.add(tx, { ...key, ...run, state: 'waiting' });
        if (added || (await runs.revive(tx, key, run))) asked.push(slot);
      }
      return asked;
    });
  }

  /**
   * Takes runs that wait, and those whose process is gone. What can be made no more is ended and told
   * to `ended`.
   */
  async take(
    most: number,
    overlaps: (schedule: string) => boolean,
    ended: (run: RunRow, reason: 'late' | 'attempts', tx: Tx) => Promise<void>,
  ): Promise<RunRow[]> {
    const { db, runs, clock } = this.#options;
    const taken: RunRow[] = [];
    const open = await runs.open();
    // Those that were begun come first: others of their schedule may wait for them.
    for (const run of open.sort(
      (a, b) => Number(b.state === 'running') - Number(a.state === 'running'),
    )) {
      const now = clock.now();
      if (run.state === 'running' && !this.#abandoned(run, now)) continue;
      const over = Number(run.expires_at) <= now ? skip.late : undefined;
      const reason = over ?? (Number(run.attempt) >= mostAttempts ? 'attempts' : undefined);
      if (reason !== undefined) {
        await db.transaction(async (tx) => {
          const state = run.state === 'waiting' ? 'skipped' : 'failed';
          const end = { state, reason, finished_at: now } as const;
          if (await runs.end(tx, run, run.state, end)) await ended(run, reason, tx);
        });
        continue;
      }
      if (taken.length >= most) continue;
      const hold = { owner: this.owner, now, leaseUntil: now + this.leaseMs };
      const ours = await db.transaction(async (tx) => {
        if (run.state === 'waiting' && !overlaps(run.schedule)) {
          const others = await runs.openOf(tx, run.schedule);
          if (others.some((one) => one.state === 'running')) return false;
        }
        return await runs.take(tx, { ...run, attempt: Number(run.attempt) }, hold);
      });
      if (ours) {
        const { owner, leaseUntil } = hold;
        const attempt = Number(run.attempt) + 1;
        taken.push({ ...run, state: 'running', owner, attempt, lease_until: leaseUntil });
      }
    }
    return taken;
  }

  /** Nobody makes it any more. */
  #abandoned(run: RunRow, now: number): boolean {
    if (run.owner !== this.owner && this.#options.alone) return true;
    const until = Number(run.lease_until ?? 0);
    // A lease from far ahead was given before the clock went back: its holder would have renewed it.
    return until <= now || until > now + 2 * this.leaseMs;
  }

  /** @returns false when another process has it by now */
  beat(hold: RunHold): Promise<boolean> {
    const { db, runs, clock } = this.#options;
    return db.transaction((tx) => runs.beat(tx, hold, clock.now() + this.leaseMs));
  }

  giveBack(hold: RunHold): Promise<boolean> {
    return this.#options.db.transaction((tx) => this.#options.runs.giveBack(tx, hold));
  }

  /**
   * The end of making a report, together with what it sends.
   * @param work writes its sends, and says how the run ends
   * @throws LostLease: then nothing of it is written
   */
  async settle(
    hold: RunHold,
    work: (tx: Tx) => Promise<Omit<RunEnd, 'finished_at'>>,
  ): Promise<void> {
    const { db, runs, clock } = this.#options;
    await db.transaction(async (tx) => {
      // Held until the end of the transaction: transactions run one after another.
      if (!(await runs.beat(tx, hold, clock.now() + this.leaseMs))) throw new LostLease();
      const end = await work(tx);
      const finished_at = end.state === 'sending' ? null : clock.now();
      if (!(await runs.settle(tx, hold, { ...end, finished_at }))) throw new LostLease();
    });
  }

  get(key: RunKey): Promise<RunRow | undefined> {
    return this.#options.runs.get(key);
  }
}
