import { timeText } from './cells.ts';

/** For which slot a report is made. */
export interface Occasion {
  name: string;
  slot: number;
  /** The slot before it; undefined: there is none. */
  previous: number | undefined;
  now: number;
  zone: string;
}

const dayMs = 86_400_000;

/** What templates of sources and of texts can name. Times are ISO text, days of the report's zone. */
export function scopeOf({ name, slot, previous, now, zone }: Occasion): Record<string, unknown> {
  const iso = (at: number): string => new Date(at).toISOString();
  const day = timeText(slot, zone, 'date') ?? '';
  // By the calendar, not by 24 hours: a day may have 23 or 25 of them.
  const before = new Date(Date.parse(`${day}T00:00:00Z`) - dayMs).toISOString().slice(0, 10);
  return {
    ...{ name, zone, day, yesterday: before, slot: iso(slot), to: iso(slot), now: iso(now) },
    from: iso(previous ?? slot - dayMs),
  };
}
