import { wordsOf } from '../../config/issue-words.ts';
import { crossReport, type ReportSettings, reportFields } from '../../config/report-schema.ts';
import type { ScheduleRow } from '../../store/schedules.ts';
import { AppError } from '../errors.ts';
import type { MarkedDays } from './calendar.ts';
import { Timing } from './timing.ts';

/** A schedule as it is in memory. */
export interface Schedule {
  name: string;
  source: 'config' | 'admin';
  settings: ReportSettings;
  timing: Timing;
  /** Why it cannot fire: its calendar cannot be read. */
  fault: string | undefined;
  paused: boolean;
  pausedReason: string | undefined;
  failures: number;
  /** Every slot up to here was decided on. */
  decidedTo: number;
  revision: number;
  createdAt: number;
  updatedAt: number;
}

/** Whether its slots count. */
export function fires(schedule: Schedule): boolean {
  return schedule.settings.enabled && !schedule.paused && schedule.fault === undefined;
}

/** When it fires next: its slot, and when that is due. */
export function nextOf(schedule: Schedule): { slot: number; dueAt: number } | undefined {
  const slot = schedule.timing.next(schedule.decidedTo);
  return slot === undefined ? undefined : { slot, dueAt: schedule.timing.dueAt(slot) };
}

/** @throws when its settings are of another version */
export function scheduleOf(
  row: ScheduleRow,
  zone: string,
  days: MarkedDays | { fault: string },
): Schedule {
  const settings = reportFields.parse(JSON.parse(row.settings));
  const marked: MarkedDays = 'fault' in days ? new Map() : days;
  return {
    ...{ name: row.name, source: row.source, settings, revision: Number(row.revision) },
    timing: new Timing(row.name, settings, zone, marked),
    fault: 'fault' in days ? days.fault : undefined,
    paused: row.paused === 1,
    pausedReason: row.paused_reason ?? undefined,
    failures: Number(row.failures),
    decidedTo: Number(row.decided_to),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}

/** What a fault of a field may come from, beside itself. */
const faultsOf: Readonly<Record<string, readonly string[]>> = {
  expr: ['kind', 'zone'],
  start: ['zone'],
  end: ['zone'],
  chart: ['output'],
};

/** @param changed only of these fields; default: all @throws AppError field_value */
export function checkSettings(settings: ReportSettings, changed?: ReadonlySet<string>): void {
  crossReport(settings, (field, message) => {
    const asked = [field, ...(faultsOf[field] ?? [])].some((one) => changed?.has(one) ?? true);
    if (!asked) return;
    throw new AppError(
      'field_value',
      { zh: `${field}：${wordsOf(message).zh}`, en: `${field}: ${message}` },
      { field },
    );
  });
}
