import type { Body } from '../../api.ts';
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

/** @throws Error in words */
export function settingsOf(draft: ReportDraft): Settings {
  const { title, zone, sendIf, text, chart } = draft;
  return {
    name: draft.name,
    kind: draft.kind,
    expr: draft.expr,
    source: json(draft.source, w.sourceJson) as NonNullable<Settings['source']>,
    output: draft.output,
    misfire: draft.misfire,
    overlap: draft.overlap,
    deliverWithinSeconds: Number(draft.deliverWithin),
    pauseAfterFailures: Number(draft.pauseAfter),
    enabled: draft.enabled,
    mentions: draft.mentions.split(/[,，\s]+/).filter((one) => one !== ''),
    targets: targetsOf(draft.targets),
    ...(title !== '' && { title }),
    ...(zone !== '' && { zone }),
    ...(sendIf !== '' && { sendIf }),
    ...(text !== '' && { text }),
    ...(chart.trim() !== '' && {
      chart: json(chart, w.chartJson) as NonNullable<Settings['chart']>,
    }),
  };
}

/** For a change: what was emptied goes back to its default. */
export function changesOf(draft: ReportDraft): Record<string, unknown> {
  const { name: _name, ...settings } = settingsOf(draft);
  const emptied = ['title', 'zone', 'sendIf', 'text', 'chart'].filter((one) => !(one in settings));
  return { ...settings, ...Object.fromEntries(emptied.map((one) => [one, null])) };
}

function json(text: string, field: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(w.badJson(field));
  }
}
