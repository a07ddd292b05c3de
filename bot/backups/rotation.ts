import type { BackupSettings } from '../../config/backup-schema.ts';

/** A backup as rotation sees it. */
export interface Kept {
  file: string;
  /** Epoch ms. */
  at: number;
  auto: boolean;
}

/**
 * Which may go: of the last days and weeks the newest each is kept, and always the newest of all.
 * What an operator made is never taken away.
 */
export function outdated<T extends Kept>(
  backups: readonly T[],
  keep: BackupSettings['keep'],
  timezone: string,
): T[] {
  const auto = backups.filter((one) => one.auto).sort((a, b) => b.at - a.at);
  const kept = new Set<T>(auto.slice(0, 1));
  for (const [count, nameOf] of [
    [keep.daily, dayOf],
    [keep.weekly, weekOf],
  ] as const) {
    const seen = new Set<string>();
    for (const one of auto) {
      const name = nameOf(one.at, timezone);
      if (seen.has(name)) continue;
      if (seen.size === count) break;
      seen.add(name);
      kept.add(one);
    }
  }
  return auto.filter((one) => !kept.has(one));
}

/** `2026-01-02` in the zone. */
export function dayOf(at: number, timezone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(at);
}

/** The Monday of its week, in the zone. */
function weekOf(at: number, timezone: string): string {
  const noon = Date.parse(`${dayOf(at, timezone)}T12:00:00Z`);
  const sinceMonday = (new Date(noon).getUTCDay() + 6) % 7;
  return new Date(noon - sinceMonday * 86_400_000).toISOString().slice(0, 10);
}
