import { readMoment } from '../../config/report-timing.ts';
import type { ReportStats } from '../../store/report-stats.ts';
import type { BotRegistry } from '../automation/bots/bot-port.ts';
import type { Language } from '../errors.ts';
import { timeText } from './cells.ts';

const dayMs = 86_400_000;

export interface BuiltInOptions {
  stats: ReportStats;
  bots: Pick<BotRegistry, 'list'>;
  language: Language;
}

/** What a report on ourselves is about. */
export interface Window {
  slot: number;
  now: number;
  zone: string;
}

/** A day of the calendar, so many before the slot's own. */
export function dayBefore(slot: number, days: number, zone: string): string {
  const day = timeText(slot, zone, 'date') ?? '';
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * dayMs).toISOString().slice(0, 10);
}

/** Epoch ms at which a day begins. */
export function startOf(day: string, zone: string): number {
  return readMoment(day, zone) ?? Date.parse(`${day}T00:00:00Z`);
}
