import type { Alarms } from '../bot/alarms/alarms.ts';
import { laterSource } from '../bot/alarms/sources/later-source.ts';
import { type SchedulePort, scheduleSource } from '../bot/alarms/sources/schedule-source.ts';
import type { Reports } from '../bot/reports/reports.ts';
import type { Database } from '../store/database.ts';
import { RunStore } from '../store/runs.ts';

/** Reports that failed, and sends for later that nobody got, are alarms. */
export function watchReports(alarms: Alarms, reports: Reports, db: Database): void {
  const settings = () => alarms.settings;
  alarms.addSource(scheduleSource(failingSchedules(reports, db), settings));
  alarms.addSource(laterSource({ reports, settings }));
}

/** Schedules whose newest finished run failed, read from the ledger: a restart forgets none. */
function failingSchedules(reports: Reports, db: Database): SchedulePort {
  const runs = new RunStore(db);
  return {
    onRun: (listener) =>
      reports.on(({ kind }) => {
        if (kind !== 'scheduled-send') listener();
      }),
    failing: async () => {
      const lasts = await Promise.all(
        reports.schedules.list().map(async ({ name }) => runs.last(name)),
      );
      return lasts.flatMap((last) =>
        last !== undefined && (last.state === 'failed' || last.state === 'partial')
          ? [{ schedule: last.schedule, at: Number(last.slot), why: last.reason ?? last.state }]
          : [],
      );
    },
  };
}
