import type { ReportSettings, ReportSource } from '../../config/report-schema.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { Gate } from '../gate.ts';
import type { MarkedDays } from './calendar.ts';
import type { Cell } from './cells.ts';
import type { Composed, Composer } from './composer.ts';
import { ReportFault } from './report-fault.ts';
import type { Runner } from './runner.ts';
import { checkSettings, type Schedule } from './schedule.ts';
import { Timing, type TimingSettings } from './timing.ts';

export interface TrialsOptions {
  composer: Composer;
  runner: Pick<Runner, 'occasion'>;
  clock: Clock;
  zone: string;
  /** Made at once; each may need a process and much memory. */
  concurrency: number;
}

export interface SourceTrial {
  columns: string[];
  rows: Record<string, Cell>[];
  count: number;
  truncated: boolean;
  ms: number;
}

/** What a report would be, without sending anything. */
export interface Trial extends Composed {
  slot: number;
  ms: number;
}

const sampleRows = 20;
const mostSlots = 100;
/** More than these come again. */
const mostWaiting = 16;
/** Nobody looks at an answer that comes later. */
const patienceMs = 60_000;

/** Tries of operators: nothing is sent, nothing is written. */
export class Trials {
  readonly #options: TrialsOptions;
  readonly #gate: Gate;

  constructor(options: TrialsOptions) {
    this.#options = options;
    this.#gate = new Gate(options.concurrency);
  }

  /** @param slot for which; default: now @throws AppError */
  async dryRun(
    schedule: Pick<Schedule, 'name' | 'settings' | 'timing'>,
    slot?: number,
  ): Promise<Trial> {
    const { clock, composer, runner } = this.#options;
    const at = slot ?? clock.now();
    const began = performance.now();
    const { settings } = schedule;
    const occasion = runner.occasion(schedule as Schedule, at);
    const composed = await this.#bounded(settings.timeoutSeconds, (signal) =>
      composer.compose(settings, occasion, signal),
    );
    return { ...composed, slot: at, ms: Math.round(performance.now() - began) };
  }

  /** The same of settings that are not kept. @throws AppError */
  async dryRunOf(settings: ReportSettings, slot?: number): Promise<Trial> {
    checkSettings(settings);
    const timing = new Timing(settings.name, { ...settings, calendar: 'all' }, this.#options.zone);
    return await this.dryRun({ name: settings.name, settings, timing }, slot);
  }

  /** @throws AppError */
  async source(source: ReportSource, zone: string | undefined): Promise<SourceTrial> {
    const { clock, composer } = this.#options;
    const now = clock.now();
    const began = performance.now();
    const occasion = {
      name: 'trial',
      slot: now,
      previous: undefined,
      now,
      zone: zone ?? this.#options.zone,
    };
    const report = { source, sendIf: undefined, title: undefined, text: 'x', footer: undefined };
    const written = await this.#bounded(120, (signal) =>
      composer.write(
        { ...report, columns: undefined, output: 'text', chart: undefined, theme: undefined },
        occasion,
        signal,
      ),
    );
    return {
      columns: written.columns.map(({ key }) => key),
      rows: written.rows.slice(0, sampleRows),
      ...{ count: written.count, truncated: written.truncated },
      ms: Math.round(performance.now() - began),
    };
  }

  /** The next slots of a timing. @throws AppError field_value */
  next(timing: Timing, count: number, after?: number): { slot: number; dueAt: number }[] {
    const slots: { slot: number; dueAt: number }[] = [];
    let slot = timing.next(after ?? this.#options.clock.now());
    while (slot !== undefined && slots.length < Math.min(count, mostSlots)) {
      slots.push({ slot, dueAt: timing.dueAt(slot) });
      slot = timing.next(slot);
    }
    return slots;
  }

  /** Timing of settings that are not kept. @param marked what its calendar's file says @throws AppError */
  timingOf(settings: TimingSettings, marked: MarkedDays): Timing {
    checkSettings({ ...settings, output: 'text' } as ReportSettings);
    return new Timing('trial', settings, this.#options.zone, marked);
  }

  /** @throws AppError rate_limited */
  async #bounded<T>(seconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock } = this.#options;
    const asked = clock.now();
    if (this.#gate.waiting >= mostWaiting) throw tooMany();
    return await this.#gate.run(() => {
      if (clock.now() - asked > patienceMs) throw tooMany();
      return this.#timed(seconds, work);
    });
  }

  async #timed<T>(seconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock } = this.#options;
    const late = new AbortController();
    const timer = clock.after(seconds * 1000, () => late.abort());
    try {
      return await work(late.signal);
    } catch (error) {
      if (!(error instanceof ReportFault)) throw error;
      const own = error.kind === 'report' || error.kind === 'memory';
      const said = { zh: error.say('zh'), en: error.say('en') };
      const field = error.kind === 'report' ? error.part : 'source';
      throw new AppError(own ? 'field_value' : 'unavailable', said, { field });
    } finally {
      timer.cancel();
    }
  }
}

function tooMany(): AppError {
  return new AppError(
    'rate_limited',
    {
      zh: '同时进行的试运行过多，请稍后再试',
      en: 'too many trials at once: try again in a moment',
    },
    { retryAfter: 5 },
  );
}
