import type { AlarmSettings } from '../../../config/alarm-schema.ts';
import { knownSayings } from '../../known-sayings.ts';
import type { AlarmSource } from '../trouble.ts';

/** A schedule whose last run failed, as the part that runs schedules tells it. */
export interface FailedSchedule {
  /** Its name. */
  schedule: string;
  /** When the run that failed was planned. */
  at: number;
  why: string;
}

export interface SchedulePort {
  /** Schedules whose newest run failed: durable, so that a restart does not forget them. */
  failing(): Promise<readonly FailedSchedule[]>;
  /** Calls when a run has ended, however. @returns a function that stops listening */
  onRun(listener: () => void): () => void;
}

/** Schedules that failed; over with their next run that does not. */
export function scheduleSource(port: SchedulePort, settings: () => AlarmSettings): AlarmSource {
  return {
    name: 'schedules',
    everyMs: 30_000,
    onChange: (listener) => port.onRun(listener),
    troubles: async () => {
      const { schedule: rule } = settings().rules;
      if (!rule.enabled) return [];
      const failing = await port.failing();
      return failing.map(({ schedule, at, why }) => ({
        key: `schedule:${schedule}`,
        kind: 'schedule' as const,
        subject: schedule,
        stage: 1,
        afterMs: rule.afterSeconds * 1000,
        since: at,
        text: {
          zh: `报表 ${schedule} 失败：${knownSayings.in('zh', why)}`,
          en: `report ${schedule} failed: ${knownSayings.in('en', why)}`,
        },
      }));
    },
  };
}
