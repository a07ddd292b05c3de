import type { Logger } from '../../config/logger.ts';
import type { RunRow, RunStore } from '../../store/runs.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Language } from '../errors.ts';
import type { Decision, Ledger } from './ledger.ts';
import type { ReportMeter } from './meter.ts';
import { ReportFault } from './report-fault.ts';
import type { Runner } from './runner.ts';
import { fires, nextOf } from './schedule.ts';
import type { ScheduledSends } from './scheduled-sends.ts';
import type { Schedules } from './schedules.ts';
import type { Watch } from './watch.ts';

export interface LoopOptions {
  ledger: Ledger;
  runs: RunStore;
  runner: Runner;
  schedules: Schedules;
  later: ScheduledSends;
  watch: Watch;
  meter: ReportMeter;
  clock: Clock;
  logger: Logger;
  language: Language;
  concurrency: number;
}

/** Longest sleep: a clock that was set, or a machine that slept, is noticed after it. */
const longestMs = 30_000;
/** While messages that were queued a moment ago are on their way. */
const watchMs = 1000;
const freshMs = 60_000;
/** What is under way may take so long to end when the daemon stops. */
const stopMs = 3000;

/** The one loop of reports: looks at the clock, decides, takes runs, follows messages, sleeps. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #making = new Map<string, Promise<void>>();
  #stopping = new AbortController();
  #turn: Promise<void> | undefined;
  #again = false;
  #timer: Timer | undefined;
  #running = false;
  /** When a run was made here last: its messages are looked after closely. */
  #madeAt = 0;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#stopping = new AbortController();
    this.#madeAt = this.#options.clock.now();
    this.wake();
  }

  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#timer?.cancel();
    this.#stopping.abort();
    await this.#turn;
    const made = Promise.all(this.#making.values());
    await Promise.race([made, this.#options.clock.sleep(stopMs)]);
  }

  /** Runs that are being made here. */
  get making(): number {
    return this.#making.size;
  }

  /** Something changed: looks at once. */
  wake(): void {
    if (!this.#running) return;
    if (this.#turn !== undefined) {
      this.#again = true;
      return;
    }
    this.#timer?.cancel();
    this.#turn = this.#look()
      .catch((error: unknown) => {
        this.#options.logger.error({ err: error }, 'reports: a look at the clock failed');
        return longestMs;
      })
      .then((ms) => {
        this.#turn = undefined;
        if (!this.#running) return;
        if (this.#again) {
          this.#again = false;
          this.wake();
          return;
        }
        this.#timer = this.#options.clock.after(ms, () => this.wake());
      });
  }

  /** @returns for how long to sleep */
  async #look(): Promise<number> {
    const { schedules, later, watch, clock } = this.#options;
    await schedules.refresh();
    // First what was left: it may be in the way of what is decided now.
    await this.#take();
    for (const schedule of schedules.list()) {
      if (this.#stopping.signal.aborted) return longestMs;
      if (!fires(schedule)) continue;
      const next = nextOf(schedule);
      const back = schedule.decidedTo > clock.now() + freshMs;
      if (!back && (next === undefined || next.dueAt > clock.now())) continue;
      const decision = await this.#options.ledger.decide(schedule);
      if (decision === undefined) await schedules.reload(schedule.name);
      else this.#note(schedule.name, decision);
    }
    await this.#take();
    const more = await later.release();
    const open = await watch.look();
    return more ? 0 : await this.#sleepFor(open);
  }

  async #take(): Promise<void> {
    const { ledger, schedules, runner, concurrency, language } = this.#options;
    const overlaps = (name: string): boolean => schedules.get(name)?.settings.overlap === 'allow';
    const ended = async (
      run: RunRow,
      reason: 'late' | 'attempts',
      tx: Parameters<Runner['note']>[0],
    ) => {
      const state = run.state === 'waiting' ? 'skipped' : 'failed';
      await runner.note(tx, run, state, new ReportFault(reason).say(language));
    };
    const taken = await ledger.take(Math.max(0, concurrency - this.#making.size), overlaps, ended);
    for (const row of taken) this.#make(row);
  }

  #make(row: RunRow): void {
    const { runner, schedules, clock, meter } = this.#options;
    const key = `${row.schedule} ${row.slot} ${row.attempt}`;
    const schedule = schedules.get(row.schedule);
    if (row.cause === 'slot' && schedule !== undefined && Number(row.attempt) === 1) {
      meter.lagged(clock.now() - schedule.timing.dueAt(Number(row.slot)));
    }
    const made = runner.run(row, schedule, this.#stopping.signal).finally(() => {
      this.#making.delete(key);
      this.#madeAt = clock.now();
      this.wake();
    });
    this.#making.set(key, made);
  }

  #note(report: string, decision: Decision): void {
    const { meter, logger } = this.#options;
    const { missed, overlapped, takenBack } = decision;
    meter.missed += missed.length;
    meter.overlapped += overlapped.length;
    if (missed.length > 0) logger.warn({ report, missed: missed.length }, 'slots were missed');
    if (overlapped.length > 0) logger.warn({ report, slots: overlapped }, 'the run before goes on');
    if (takenBack > 0)
      logger.warn({ report, takenBack }, 'the clock went back: slots lie ahead again');
  }

  async #sleepFor(open: boolean): Promise<number> {
    const { schedules, later, clock } = this.#options;
    const now = clock.now();
    const moments = [now + longestMs];
    for (const schedule of schedules.list()) {
      const next = fires(schedule) ? nextOf(schedule) : undefined;
      if (next !== undefined) moments.push(next.dueAt);
    }
    const send = await later.next();
    if (send !== undefined) moments.push(Number(send));
    if (open && Math.abs(now - this.#madeAt) < freshMs) moments.push(now + watchMs);
    return Math.max(0, Math.min(...moments) - now);
  }
}
