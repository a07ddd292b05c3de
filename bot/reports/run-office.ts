import type { RunPlace, RunRow, RunState, RunStore } from '../../store/runs.ts';
import type { Clock } from '../clock.ts';
import { AppError, type Language } from '../errors.ts';
import type { Ledger } from './ledger.ts';
import { type RunTarget, refreshTargets, type SendDesk } from './messages.ts';
import { ReportFault } from './report-fault.ts';
import type { Schedules } from './schedules.ts';
import { targetsOf } from './watch.ts';

export interface RunsOptions {
  runs: RunStore;
  desk: SendDesk;
  ledger: Ledger;
  schedules: Schedules;
  clock: Clock;
  language: Language;
  /** There is something to be done. */
  wake: (schedule: string, slot: number) => void;
}

/** A run as operators see it. */
export interface Run {
  schedule: string;
  slot: number;
  cause: RunRow['cause'];
  state: RunState;
  reason: string | undefined;
  attempt: number;
  createdAt: number;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  expiresAt: number;
  rows: number | undefined;
  output: string | undefined;
  targets: RunTarget[];
}

/** Slots of one call of backfill. */
const mostBackfilled = 50;

/** What operators see of runs, and ask for. */
export class Runs {
  readonly #options: RunsOptions;

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** Once, now; whether or not it is paused. @throws AppError not_found */
  async now(name: string): Promise<Run> {
    const schedule = this.#options.schedules.require(name);
    const now = this.#options.clock.now();
    // Slots are whole seconds: this one can never be one of theirs.
    for (let slot = now % 1000 === 0 ? now + 1 : now; ; slot += 1) {
      const asked = await this.#options.ledger.ask(schedule, [slot], 'operator');
      if (asked.length === 0) continue;
      this.#options.wake(name, slot);
      return await this.get(name, slot);
    }
  }

  /**
   * Slots of the past that have no run, or one that came to nothing.
   * @returns those that will be made, and how many there were @throws AppError not_found, field_value
   */
  async backfill(
    name: string,
    from: number,
    to: number,
  ): Promise<{ slots: number[]; known: number }> {
    const { schedules, ledger, clock } = this.#options;
    const schedule = schedules.require(name);
    const slots = schedule.timing.between(from - 1, Math.min(to, clock.now()), mostBackfilled + 1);
    if (slots.length > mostBackfilled) {
      throw new AppError(
        'field_value',
        { zh: `一次最多 ${mostBackfilled} 次`, en: `at most ${mostBackfilled} slots at once` },
        { field: 'from' },
      );
    }
    const asked = await ledger.ask(schedule, slots, 'backfill');
    for (const slot of asked) this.#options.wake(name, slot);
    return { slots: asked, known: slots.length - asked.length };
  }

  /** @throws AppError not_found */
  async get(schedule: string, slot: number): Promise<Run> {
    const row = await this.#options.runs.get({ schedule, slot });
    if (row !== undefined) return await this.#view(row);
    throw new AppError('not_found', {
      zh: `报表 ${schedule} 没有这次执行`,
      en: `report ${schedule} has no such run`,
    });
  }

  async last(schedule: string): Promise<Run | undefined> {
    const row = await this.#options.runs.last(schedule);
    return row === undefined ? undefined : await this.#view(row);
  }

  /** Of one schedule, newest slot first. */
  async history(
    schedule: string,
    filter: { state?: RunState | undefined; before?: number | undefined },
    limit: number,
  ): Promise<Run[]> {
    const rows = await this.#options.runs.history(schedule, filter, limit);
    return await Promise.all(rows.map((row) => this.#view(row)));
  }

  /** Of all schedules, newest first. */
  async recent(
    filter: { state?: RunState | undefined; after?: RunPlace | undefined },
    limit: number,
  ): Promise<Run[]> {
    const rows = await this.#options.runs.recent(filter, limit);
    return await Promise.all(rows.map((row) => this.#view(row)));
  }

  async #view(row: RunRow): Promise<Run> {
    const { desk, language } = this.#options;
    const number = (value: number | null): number | undefined =>
      value === null ? undefined : Number(value);
    const targets = targetsOf(row);
    return {
      ...{ schedule: row.schedule, slot: Number(row.slot), cause: row.cause, state: row.state },
      reason: row.reason === null ? undefined : reasonText(row.reason, language),
      ...{ attempt: Number(row.attempt), createdAt: Number(row.created_at) },
      ...{ startedAt: number(row.started_at), finishedAt: number(row.finished_at) },
      ...{ expiresAt: Number(row.expires_at), rows: number(row.row_count) },
      output: row.output ?? undefined,
      targets: row.state === 'sending' ? await refreshTargets(desk, targets) : targets,
    };
  }
}

/** Words for reasons that the ledger keeps as marks. */
function reasonText(reason: string, language: Language): string {
  switch (reason) {
    case 'missed':
      return language === 'zh' ? '错过了时间' : 'its time was missed';
    case 'overlap':
      return language === 'zh' ? '上一次尚未完成' : 'the run before was not done';
    case 'paused':
      return language === 'zh' ? '生成期间报表已暂停' : 'it was paused meanwhile';
    case 'disabled':
      return language === 'zh' ? '生成期间报表已停用' : 'it was turned off meanwhile';
    case 'removed':
      return language === 'zh' ? '生成期间报表已删除' : 'it was removed meanwhile';
    case 'late':
    case 'attempts':
      return new ReportFault(reason).say(language);
    default:
      return reason;
  }
}
