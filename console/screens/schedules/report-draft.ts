import { type Body, Fault } from '../../api.ts';
import type { Report } from './reports.tsx';
import { targetsOf, textOfTargets } from './targets.ts';
import { w } from './words.ts';

export type Settings = Body<'post', '/schedules'>;
export const kinds = ['cron', 'interval', 'once'] as const;
export const outputs = ['text', 'table', 'chart', 'both'] as const;
export const misfires = ['run_once', 'skip', 'run_all'] as const;
export const overlaps = ['skip', 'queue_one', 'allow'] as const;

/** What is written in the form; sources and charts as JSON, because they can be anything. */
export interface ReportDraft {
  name: string;
  title: string;
  kind: (typeof kinds)[number];
  expr: string;
  zone: string;
  source: string;
  sendIf: string;
  output: (typeof outputs)[number];
  text: string;
  chart: string;
  targets: string;
  mentions: string;
  misfire: (typeof misfires)[number];
  overlap: (typeof overlaps)[number];
  deliverWithin: string;
  pauseAfter: string;
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
  return {
    name: report?.name ?? '',
    title: settings.title ?? '',
    kind: settings.kind ?? 'cron',
    expr: settings.expr ?? '0 9 * * 1-5',
    zone: settings.zone ?? '',
    source: JSON.stringify(settings.source ?? sourceBeginnings['builtin'], null, 2),
    sendIf: settings.sendIf ?? '',
    output: settings.output ?? 'table',
    text: settings.text ?? '',
    chart: settings.chart === undefined ? '' : JSON.stringify(settings.chart, null, 2),
    targets: textOfTargets(settings.targets ?? []),
    mentions: settings.mentions?.join(', ') ?? '',
    misfire: settings.misfire ?? 'run_once',
    overlap: settings.overlap ?? 'skip',
    deliverWithin: String(settings.deliverWithinSeconds ?? 3600),
    pauseAfter: String(settings.pauseAfterFailures ?? 5),
    enabled: settings.enabled ?? true,
  };
}

/** @throws Fault */
export function settingsOf(draft: ReportDraft, kept?: Report['settings']): Settings {
  const { title, zone, sendIf, text, chart } = draft;
  return {
    name: draft.name,
    kind: draft.kind,
    expr: draft.expr,
    source: jsonIn(draft.source, 'source') as NonNullable<Settings['source']>,
    output: draft.output,
    misfire: draft.misfire,
    overlap: draft.overlap,
    deliverWithinSeconds: numberIn(draft.deliverWithin, 'deliverWithinSeconds'),
    pauseAfterFailures: numberIn(draft.pauseAfter, 'pauseAfterFailures'),
    enabled: draft.enabled,
    mentions: namesIn(draft.mentions),
    targets: targetsOf(draft.targets, kept?.targets),
    ...(title !== '' && { title }),
    ...(zone !== '' && { zone }),
    ...(sendIf !== '' && { sendIf }),
    ...(text !== '' && { text }),
    ...(chart.trim() !== '' && { chart: jsonIn(chart, 'chart') as NonNullable<Settings['chart']> }),
  };
}

/**
 * For a change: what was touched, and nothing else, since the form cannot show everything of a
 * report. What was emptied goes back to its default.
 * @throws Fault
 */
export function changesOf(draft: ReportDraft, report: Report): Record<string, unknown> {
  const before = draftOf(report);
  const settings: Record<string, unknown> = { ...settingsOf(draft, report.settings) };
  const touched = (Object.keys(draft) as (keyof ReportDraft)[])
    .filter((field) => draft[field] !== before[field])
    .map((field) => settingNames[field] ?? field);
  return Object.fromEntries(touched.map((one) => [one, settings[one] ?? null]));
}

/** Those that are called otherwise. */
const settingNames: Partial<Record<keyof ReportDraft, keyof Settings>> = {
  deliverWithin: 'deliverWithinSeconds',
  pauseAfter: 'pauseAfterFailures',
};

/** @throws Fault at the field */
export function jsonIn(text: string, field: 'source' | 'chart'): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault(w.badJson(field === 'source' ? w.sourceJson : w.chartJson), field);
  }
}

/** Nothing is no number: it would become 0, which means never. */
function numberIn(text: string, field: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isInteger(number)) throw new Fault(w.badNumber(text), field);
  return number;
}

/** By commas; a name may have blanks. */
function namesIn(text: string): string[] {
  return text
    .split(/[,，\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
