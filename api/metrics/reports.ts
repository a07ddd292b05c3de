import { Counter, Gauge, type Registry } from 'prom-client';
import { lagSeconds } from '../../bot/reports/meter.ts';
import type { Reports } from '../../bot/reports/reports.ts';
import { fires } from '../../bot/reports/schedule.ts';
import { histogramText } from './histogram-text.ts';

type Measured = Pick<Reports, 'schedules' | 'later' | 'meter' | 'making'>;

/** What /metrics tells of reports. */
export class ReportMetrics {
  readonly #reports: Measured;
  readonly #runs: Counter;
  readonly #missed: Counter;
  readonly #schedules: Gauge;
  readonly #failures: Gauge;
  readonly #making: Gauge;
  readonly #waiting: Gauge;

  constructor(registry: Registry, reports: Measured) {
    const registers = [registry];
    this.#reports = reports;
    this.#runs = new Counter({
      name: 'wxrc_report_runs_total',
      help: 'Runs of reports since start, by how they ended.',
      labelNames: ['state'],
      registers,
    });
    this.#missed = new Counter({
      name: 'wxrc_report_slots_skipped_total',
      help: 'Slots since start that were skipped: missed, or the run before went on (overlap).',
      labelNames: ['reason'],
      registers,
    });
    this.#schedules = new Gauge({
      name: 'wxrc_report_schedules',
      help: 'Schedules: active, paused, off (disabled), fault (cannot fire).',
      labelNames: ['state'],
      registers,
    });
    this.#failures = new Gauge({
      name: 'wxrc_report_failures',
      help: 'Failures in a row of each report that failed last.',
      labelNames: ['schedule'],
      registers,
    });
    this.#making = new Gauge({
      name: 'wxrc_report_making',
      help: 'Reports that are being made.',
      registers,
    });
    this.#waiting = new Gauge({
      name: 'wxrc_scheduled_sends_waiting',
      help: 'Sends that wait for their time.',
      registers,
    });
  }

  async read(): Promise<void> {
    const { schedules, later, meter, making } = this.#reports;
    this.#runs.reset();
    for (const [state, count] of meter.runs) this.#runs.inc({ state }, count);
    this.#missed.reset();
    this.#missed.inc({ reason: 'missed' }, meter.missed);
    this.#missed.inc({ reason: 'overlap' }, meter.overlapped);
    this.#failures.reset();
    const counts = { active: 0, paused: 0, off: 0, fault: 0 };
    for (const one of schedules.list()) {
      if (one.fault !== undefined) counts.fault += 1;
      else if (fires(one)) counts.active += 1;
      else counts[one.paused ? 'paused' : 'off'] += 1;
      if (one.failures > 0) this.#failures.set({ schedule: one.name }, one.failures);
    }
    for (const [state, count] of Object.entries(counts)) this.#schedules.set({ state }, count);
    this.#making.set(making);
    this.#waiting.set(await later.waiting());
  }

  /** How late runs begin, in the text form of Prometheus. */
  times(): string {
    return histogramText('wxrc_report_lag_seconds', 'Time from a slot to the begin of its run.', {
      ...this.#reports.meter.lag,
      bounds: lagSeconds,
    });
  }
}
