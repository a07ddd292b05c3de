import { Cron } from 'croner';
import type { BackupSettings } from '../../config/backup-schema.ts';

const hour = 3_600_000;
/** After one that failed. */
const retryMs = hour / 2;

export interface BackupTimes {
  /** When one was made last; 0: never. */
  okAt: number;
  /** When it was tried last. */
  triedAt: number;
}

/** Whether a backup has to be made now; what was missed while nobody ran is made up for, once. */
export function isDue(
  settings: BackupSettings,
  timezone: string,
  times: BackupTimes,
  now: number,
): boolean {
  // After a clock was set back: one of the future says nothing, and must not put the next one off.
  const okAt = times.okAt > now ? 0 : times.okAt;
  const triedAt = times.triedAt > now ? 0 : times.triedAt;
  const rested = now - triedAt >= retryMs;
  if (settings.everyHours !== undefined) {
    return now - okAt >= settings.everyHours * hour && (rested || triedAt <= okAt);
  }
  const slot = slotBefore(settings, timezone, now);
  if (slot === undefined || okAt >= slot) return false;
  return triedAt < slot || rested;
}

/** When the next one is planned; undefined: never. */
export function nextAt(
  settings: BackupSettings,
  timezone: string,
  okAt: number,
  now: number,
): number | undefined {
  if (settings.everyHours !== undefined) {
    return Math.max(now, Math.min(okAt, now) + settings.everyHours * hour);
  }
  return cronOf(settings, timezone)?.nextRun(new Date(now))?.getTime();
}

/** How old the newest backup may be; undefined: none are planned. */
export function mostAge(settings: BackupSettings): number | undefined {
  if (settings.everyHours !== undefined) return settings.everyHours * 1.5 * hour + hour;
  return settings.at === undefined ? undefined : 26 * hour;
}

/** The planned time that has passed last. */
function slotBefore(settings: BackupSettings, timezone: string, now: number): number | undefined {
  const cron = cronOf(settings, timezone);
  // Days are 23 to 25 hours long.
  let slot = cron?.nextRun(new Date(now - 50 * hour))?.getTime();
  for (let next = slot; next !== undefined && next <= now; ) {
    slot = next;
    next = cron?.nextRun(new Date(next))?.getTime();
  }
  return slot !== undefined && slot <= now ? slot : undefined;
}

function cronOf({ at }: BackupSettings, timezone: string): Cron | undefined {
  if (at === undefined) return undefined;
  const [hours, minutes] = at.split(':');
  return new Cron(`${Number(minutes)} ${Number(hours)} * * *`, { timezone, paused: true });
}
