import type { Logger } from '../../config/logger.ts';
import type { Tx } from '../../store/database.ts';
import type { RunEnd, RunHold, RunRow } from '../../store/runs.ts';
import type { ScheduleStore } from '../../store/schedules.ts';
import type { Clock } from '../clock.ts';
import type { Language } from '../errors.ts';
import type { Composer } from './composer.ts';
import { type Ledger, LostLease } from './ledger.ts';
import { acceptTargets, outcomeOf, prepareTargets, type SendDesk, whyNot } from './messages.ts';
import { ReportFault } from './report-fault.ts';
import type { Schedule } from './schedule.ts';
import type { Schedules } from './schedules.ts';
import type { Occasion } from './scope.ts';
import type { Written } from './workshop-jobs.ts';

/** Somebody has to know of it; never the room. */
export interface RunFailure {
  schedule: string;
  slot: number;
  reason: string;
  /** In a row. */
  failures: number;
  /** It was paused because of that. */
  paused: boolean;
}

export interface RunnerOptions {
  ledger: Ledger;
  store: ScheduleStore;
  schedules: Schedules;
  composer: Composer;
  desk: SendDesk;
  /** Stores a picture. @returns its sha256 */
  keep: (png: Uint8Array) => Promise<string>;
  clock: Clock;
  logger: Logger;
  language: Language;
  zone: string;
  /** A run ended, or its messages are on their way. */
  changed: (run: { schedule: string; slot: number; state: string }) => void;
  failed: (failure: RunFailure) => void;
}

/** Makes one run after it was taken, and writes down how it ended. */
export class Runner {
  readonly #options: RunnerOptions;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Never rejects. @param stop the process ends: the run goes back to wait */
  async run(row: RunRow, schedule: Schedule | undefined, stop: AbortSignal): Promise<void> {
    const { ledger, clock, logger } = this.#options;
    const hold: RunHold = { ...row, owner: ledger.owner, attempt: Number(row.attempt) };
    const lost = new AbortController();
    const done = new AbortController();
    const beating = this.#beat(hold, lost, done.signal);
    const late = new AbortController();
    const timer = clock.after((schedule?.settings.timeoutSeconds ?? 1) * 1000, () => late.abort());
    try {
      const signal = AbortSignal.any([stop, lost.signal, late.signal]);
      await this.#make(hold, row, schedule, signal);
    } catch (error) {
      if (error instanceof LostLease || lost.signal.aborted) {
        logger.warn({ report: row.schedule, slot: row.slot }, 'another process has this run');
      } else if (stop.aborted) {
        await ledger.giveBack(hold).catch(() => {});
      } else {
        await this.#fail(hold, error);
      }
    } finally {
      timer.cancel();
      done.abort();
      await beating;
    }
  }

  async #make(
    hold: RunHold,
    row: RunRow,
    schedule: Schedule | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { ledger, composer, desk, keep, language } = this.#options;
    if (schedule === undefined) throw new ReportFault('removed');
    const { settings } = schedule;
    const occasion = this.occasion(schedule, Number(row.slot));
    const composed = await composer.compose(settings, occasion, signal);
    const { written, pictures } = composed;
    const note = composed.pictureFault ?? cutNote(written, language);
    const facts = {
      row_count: written.count,
      output: pictures.length > 0 ? settings.output : 'text',
    };
    if (!written.send) {
      await ledger.settle(hold, async (tx) => {
        await this.#options.store.succeeded(tx, row.schedule);
        this.#told(tx, hold, 'nothing');
        return { ...facts, state: 'nothing', reason: note ?? null, targets: '[]', output: null };
      });
      return;
    }
    const destination = {
      prefix: `report:${row.schedule}:${row.slot}`,
      expiresAt: Number(row.expires_at),
    };
    const prepared = await prepareTargets(desk, settings, composed, keep, destination, language);
    signal.throwIfAborted();
    await ledger.settle(hold, async (tx) => {
      const withdrawn = await this.#withdrawn(tx, row);
      if (withdrawn !== undefined) {
        this.#told(tx, hold, 'skipped');
        return { ...facts, state: 'skipped', reason: withdrawn, targets: '[]' };
      }
      const targets = await acceptTargets(desk, tx, prepared, Number(row.slot));
      const end = { ...facts, targets: JSON.stringify(targets) };
      const outcome = outcomeOf(targets);
      if (outcome === undefined) {
        this.#told(tx, hold, 'sending');
        return { ...end, state: 'sending', reason: note ?? null };
      }
      const reason = [whyNot(targets), note].filter((one) => one !== undefined).join('; ');
      return await this.#ended(tx, hold, { ...end, state: outcome, reason });
    });
  }

  /** Whether somebody took it back while it was being made: then nothing of it may be sent. */
  async #withdrawn(tx: Tx, row: RunRow): Promise<'removed' | 'paused' | 'disabled' | undefined> {
    const now = await this.#options.store.get(tx, row.schedule);
    if (now === undefined) return 'removed';
    // Whoever asks for one run wants it, paused or not.
    const bySchedule = row.cause === 'slot' || row.cause === 'catch-up';
    if (!bySchedule) return undefined;
    if (now.paused === 1) return 'paused';
    const { enabled } = JSON.parse(now.settings) as Partial<Schedule['settings']>;
    return enabled === false ? 'disabled' : undefined;
  }

  /** For which slot a report is made. */
  occasion(schedule: Schedule, slot: number): Occasion {
    const { timing, name } = schedule;
    const previous = timing.between(Number.NEGATIVE_INFINITY, slot - 1, 1)[0];
    return { name, slot, previous, now: this.#options.clock.now(), zone: timing.zone };
  }

  async #fail(hold: RunHold, error: unknown): Promise<void> {
    const { ledger, logger, language } = this.#options;
    const fault = error instanceof ReportFault ? error : undefined;
    const { schedule: report, slot } = hold;
    logger.warn({ err: error, report, slot }, 'a report failed');
    const other = language === 'zh' ? '内部错误，见日志' : 'an inner error: see the log';
    const reason =
      error instanceof Error && error.name === 'AbortError' && fault === undefined
        ? new ReportFault('timeout').say(language)
        : (fault?.say(language) ?? other);
    try {
      await ledger.settle(hold, (tx) =>
        this.#ended(tx, hold, {
          state: 'failed',
          reason,
          targets: '[]',
          row_count: null,
          output: null,
        }),
      );
    } catch (failure) {
      // The database is at fault, or another process has it: its lease runs out, and it is taken up again.
      if (!(failure instanceof LostLease))
        logger.error({ err: failure, report }, 'a run stays open');
    }
  }

  async #ended(
    tx: Tx,
    hold: RunHold,
    end: Omit<RunEnd, 'finished_at'>,
  ): Promise<Omit<RunEnd, 'finished_at'>> {
    await this.note(tx, hold, end.state, end.reason ?? '');
    return end;
  }

  /** Counts how a run ended; what fails too often in a row is paused. */
  async note(
    tx: Tx,
    run: { schedule: string; slot: number },
    state: RunEnd['state'],
    reason: string,
  ): Promise<void> {
    const { store, schedules, failed } = this.#options;
    const { schedule } = run;
    const slot = Number(run.slot);
    this.#told(tx, run, state);
    if (state === 'sent') await store.succeeded(tx, schedule);
    if (state === 'partial')
      tx.onDurable(() => failed({ schedule, slot, reason, failures: 0, paused: false }));
    if (state !== 'failed') return;
    const failures = Number((await store.failed(tx, schedule)) ?? 0);
    const most = schedules.get(schedule)?.settings.pauseAfterFailures ?? 0;
    const paused = most > 0 && failures >= most;
    if (paused)
      await schedules.pauseIn(tx, schedule, pauseReason(failures, this.#options.language));
    tx.onDurable(() => {
      failed({ schedule, slot, reason, failures, paused });
      // Its count of failures, and whether it is paused.
      schedules.reload(schedule).catch((error: unknown) => {
        this.#options.logger.warn({ err: error }, 'a schedule was not read again');
      });
    });
  }

  #told(tx: Tx, { schedule, slot }: { schedule: string; slot: number }, state: string): void {
    tx.onDurable(() => this.#options.changed({ schedule, slot: Number(slot), state }));
  }

  /** Renews the lease while the run is being made. */
  async #beat(hold: RunHold, lost: AbortController, done: AbortSignal): Promise<void> {
    const { ledger, clock, logger } = this.#options;
    while (!done.aborted) {
      await clock.sleep(ledger.leaseMs / 3, done);
      if (done.aborted) return;
      try {
        if (!(await ledger.beat(hold)) && !done.aborted) lost.abort();
      } catch (error) {
        logger.warn({ err: error }, 'a lease was not renewed');
      }
    }
  }
}

/** Counts and sums of a report that did not see all rows are too low: whoever looks has to know. */
function cutNote({ truncated, count }: Written, language: Language): string | undefined {
  if (!truncated) return undefined;
  return language === 'zh'
    ? `数据源行数超过上限，仅取前 ${count} 行`
    : `the source has more rows: only the first ${count} were read`;
}

function pauseReason(failures: number, language: Language): string {
  return language === 'zh' ? `连续失败 ${failures} 次` : `failed ${failures} times in a row`;
}
