import { type Body, Fault } from '../../api.ts';
import { namesIn, textOfNames } from './names-in.ts';
import type { Report } from './reports.tsx';
import { targetsOf, textOfTargets } from './targets.ts';
import { w } from './words.ts';

export type Settings = Body<'post', '/schedules'>;
type Column = NonNullable<Settings['columns']>[number];
/** A column that is being written; its number tells it from others of the same name. */
export type ColumnDraft = Omit<Column, 'decimals'> & { id: number; decimals?: string | number };

export const kinds = ['cron', 'interval', 'once'] as const;
export const outputs = ['text', 'table', 'chart', 'both'] as const;
const numbers = [
  ...(['jitterSeconds', 'graceSeconds', 'deliverWithinSeconds', 'pauseAfterFailures'] as const),
  'timeoutSeconds',
] as const;
/** Left out where nothing is written. */
const optional = ['title', 'zone', 'start', 'end', 'sendIf', 'text', 'theme', 'footer'] as const;

/** What is written in the form; sources and charts as JSON, because they can be anything. */
export interface ReportDraft
  extends Record<(typeof numbers)[number] | Exclude<(typeof optional)[number], 'theme'>, string> {
  name: string;
  kind: (typeof kinds)[number];
  expr: string;
  calendar: 'all' | 'weekdays' | 'file';
  calendarFile: string;
  calendarDays: 'weekdays' | 'all' | 'none';
  source: string;
  output: (typeof outputs)[number];
  columns: readonly ColumnDraft[];
  chart: string;
  theme: '' | 'light' | 'dark';
  targets: string;
  mentions: string;
  misfire: 'run_once' | 'skip' | 'run_all';
  overlap: 'skip' | 'queue_one' | 'allow';
  enabled: boolean;
}

/** A source of each type to begin with. */
export const sourceBeginnings: Record<string, unknown> = {
  none: { type: 'none' },
  builtin: { type: 'builtin', name: 'traffic', days: 1 },
  http: { type: 'http', url: 'https://example.com/api/report?day={{ day }}', pick: 'data.items' },
  sqlite: { type: 'sqlite', file: 'shop.db', sql: 'SELECT name, total FROM sales', params: [] },
  postgres: { type: 'postgres', database: 'main', sql: 'SELECT name, total FROM sales' },
  file: { type: 'file', file: 'sales.csv' },
};

export function draftOf(report: Report | undefined): ReportDraft {
  const settings: Partial<Report['settings']> = report?.settings ?? {};
  const { calendar = 'all' } = settings;
  const named = typeof calendar === 'object' ? calendar : undefined;
  return {
    name: report?.name ?? '',
    title: settings.title ?? '',
    kind: settings.kind ?? 'cron',
    expr: settings.expr ?? '0 9 * * 1-5',
    zone: settings.zone ?? '',
    start: settings.start ?? '',
    end: settings.end ?? '',
    jitterSeconds: String(settings.jitterSeconds ?? 0),
    calendar: typeof calendar === 'object' ? 'file' : calendar,
    calendarFile: named?.file ?? '',
    calendarDays: named?.days ?? 'weekdays',
    source: JSON.stringify(settings.source ?? sourceBeginnings['builtin'], null, 2),
    sendIf: settings.sendIf ?? '',
    output: settings.output ?? 'table',
    text: settings.text ?? '',
    columns: (settings.columns ?? []).map((one, id) => ({ ...one, id })),
    chart: settings.chart === undefined ? '' : JSON.stringify(settings.chart, null, 2),
    theme: settings.theme ?? '',
    footer: settings.footer ?? '',
    targets: textOfTargets(settings.targets ?? []),
    mentions: textOfNames(settings.mentions ?? []),
    misfire: settings.misfire ?? 'run_once',
    graceSeconds: String(settings.graceSeconds ?? 3600),
    overlap: settings.overlap ?? 'skip',
    deliverWithinSeconds: String(settings.deliverWithinSeconds ?? 3600),
    pauseAfterFailures: String(settings.pauseAfterFailures ?? 5),
    timeoutSeconds: String(settings.timeoutSeconds ?? 120),
    enabled: settings.enabled ?? true,
  };
}

/** @throws Fault */
export function settingsOf(draft: ReportDraft, kept?: Report['settings']): Settings {
  const { name, kind, expr, output, misfire, overlap, enabled, chart } = draft;
  const columns = draft.columns.map(({ id: _id, decimals, ...one }, at) => ({
    ...one,
    ...(decimals !== undefined && { decimals: numberIn(decimals, `columns[${at}].decimals`) }),
  }));
  return {
    ...{ name, kind, expr, output, misfire, overlap, enabled },
    calendar: calendarOf(draft),
    source: jsonIn(draft.source, 'source') as NonNullable<Settings['source']>,
    mentions: namesIn(draft.mentions),
    targets: targetsOf(draft.targets, kept?.targets),
    ...Object.fromEntries(numbers.map((one) => [one, numberIn(draft[one], one)])),
    ...Object.fromEntries(optional.flatMap((one) => (draft[one] ? [[one, draft[one]]] : []))),
    ...(columns.length > 0 && { columns }),
    ...(chart.trim() !== '' && { chart: jsonIn(chart, 'chart') as NonNullable<Settings['chart']> }),
  };
}

/** What a preview of the slots needs. */
export function timingOf(draft: ReportDraft): Body<'post', '/report-tools/next'> {
  const { kind, expr, zone, start, end } = draft;
  return {
    ...{ kind, expr, calendar: calendarOf(draft) },
    ...(zone && { zone }),
    ...(start && { start }),
    ...(end && { end }),
  };
}

function calendarOf({ calendar, calendarFile, calendarDays }: ReportDraft) {
  return calendar === 'file' ? { file: calendarFile, days: calendarDays } : calendar;
}

/**
 * For a change: what was touched, and nothing else, since it may be changed elsewhere meanwhile.
 * What was emptied goes back to its default.
 * @throws Fault
 */
export function changesOf(draft: ReportDraft, report: Report): Record<string, unknown> {
  const [before, after] = [draftOf(report), draft].map(
    (one) => settingsOf(one, report.settings) as unknown as Record<string, unknown>,
  ) as [Record<string, unknown>, Record<string, unknown>];
  const touched = Object.keys({ ...before, ...after }).filter(
    (one) => JSON.stringify(before[one]) !== JSON.stringify(after[one]),
  );
  return Object.fromEntries(touched.map((one) => [one, after[one] ?? null]));
}

/** @throws Fault at the field */
export function jsonIn(text: string, field: 'source' | 'chart'): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault(w.badJson(field === 'source' ? w.sourceJson : w.chartJson), field);
  }
}

/** Nothing is no number: it would become 0, which means never. */
function numberIn(given: string | number, field: string): number {
  const text = String(given).trim();
  const number = text === '' ? Number.NaN : Number(text);
  if (!Number.isInteger(number)) throw new Fault(w.badNumber(text), field);
  return number;
}
