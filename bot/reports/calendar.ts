import type { Calendar } from '../../config/report-schema.ts';

/** Days of a calendar file: true: work. */
export type MarkedDays = ReadonlyMap<string, boolean>;

/** A line of a calendar file that cannot be read. */
export class CalendarFault extends Error {}

/**
 * Reads lines `2026-10-01 off`, `2026-10-10 work`; a day alone is off, or, where only named days count,
 * work. What follows a `#`, and words behind the mark, are for people.
 * @throws CalendarFault
 */
export function readCalendar(text: string, alone: boolean): MarkedDays {
  const days = new Map<string, boolean>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const words = line.replace(/#.*/, '').trim();
    if (words === '') continue;
    const [, day = '', mark] = /^(\d{4}-\d{2}-\d{2})(?:[\s,]+(\S+))?/.exec(words) ?? [];
    if (Number.isNaN(Date.parse(day)) || (mark !== undefined && !(mark in marks))) {
      throw new CalendarFault(`line ${index + 1}: not like 2026-10-01 off`);
    }
    days.set(day, mark === undefined ? alone : (marks[mark] ?? alone));
  }
  return days;
}

const marks: Readonly<Record<string, boolean>> = {
  work: true,
  on: true,
  班: true,
  off: false,
  holiday: false,
  休: false,
};

/** Says of a day (`2026-10-01`) whether a schedule may fire on it. */
export function dayFilter(calendar: Calendar, marked: MarkedDays): (day: string) => boolean {
  if (calendar === 'all') return () => true;
  const base = calendar === 'weekdays' ? calendar : calendar.days;
  return (day) => marked.get(day) ?? (base === 'all' || (base === 'weekdays' && isWeekday(day)));
}

function isWeekday(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}
