import type { ReportChart, ReportColumn, ReportSource } from '../../config/report-schema.ts';
import type { Language, Text } from '../errors.ts';
import { type Cell, cellOf, type DataRow } from './cells.ts';
import { chartKeys } from './chart-of.ts';
import { type Came, dataFault } from './data-faults.ts';
import { columnsOf, type Data, readJson, readTable, rowsOf } from './rows.ts';
import { type Occasion, scopeOf } from './scope.ts';
import { templateFault } from './template-faults.ts';
import { Templates, tableText } from './templates.ts';

/** Bytes of a source, or rows of a database. */
export type Raw =
  | (Came & {
      format: 'json' | 'csv';
      /** What the source is called. */
      name: string;
    })
  | ({ rows: readonly DataRow[]; truncated: boolean } & Extras);

/** What a source may tell beside its rows. */
export interface Extras {
  /** A last row, set apart from the others. */
  total?: DataRow | undefined;
  /** Rows for the chart, where it shows others than the table. */
  trend?: readonly DataRow[] | undefined;
}

export interface FillJob {
  kind: 'fill';
  occasion: Occasion;
  language: Language;
  source: ReportSource;
}

export interface WriteJob {
  kind: 'write';
  occasion: Occasion;
  language: Language;
  raw: Raw;
  sendIf: string | undefined;
  title: string | undefined;
  text: string | undefined;
  footer: string | undefined;
  columns: readonly ReportColumn[] | undefined;
  /** The one that is drawn. */
  chart?: ReportChart | undefined;
}

export type WorkshopJob = FillJob | WriteJob;

/** A report as it is written: words, and the rows for pictures. */
export interface Written {
  send: boolean;
  title: string;
  /** The report as text, whatever else it is. */
  text: string;
  footer: string | undefined;
  /** Whether the text is the operator's own, not just the table. */
  own: boolean;
  columns: ReportColumn[];
  rows: Record<string, Cell>[];
  total?: Record<string, Cell> | undefined;
  /** Of the columns that the chart names, whether the table shows them or not. */
  chartRows: Record<string, Cell>[];
  count: number;
  truncated: boolean;
}

/** What is at fault: a part of the report, or what its source answered. */
export class WorkFault extends Error {
  readonly kind: 'report' | 'source';
  /** Of the report; of a source, its name. */
  readonly part: string;
  readonly text: Text;

  constructor(kind: WorkFault['kind'], part: string, text: Text) {
    super(text.en);
    this.kind = kind;
    this.part = part;
    this.text = text;
  }
}

/** Texts of a source filled in for one slot. @throws WorkFault */
export function fillSource(job: FillJob): ReportSource {
  const { source, occasion } = job;
  const templates = new Templates({ zone: occasion.zone, language: job.language });
  const scope = scopeOf(occasion);
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return templates.render(value, scope);
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one)]));
  };
  try {
    switch (source.type) {
      case 'http': {
        const url = templates.renderAddress(source.url, scope);
        // A text stays a text, an object an object.
        const body = fill(source.body) as typeof source.body;
        return { ...source, url, ...(body !== undefined && { body }) };
      }
      case 'sqlite':
      case 'postgres':
        return { ...source, params: fill(source.params) as typeof source.params };
      default:
        return source;
    }
  } catch (error) {
    throw new WorkFault('report', 'source', templateFault(error));
  }
}

/** @throws WorkFault */
export function writeReport(job: WriteJob): Written {
  const { occasion, language } = job;
  const read = readRaw(job.raw);
  const { rows, total } = read;
  const columns = columnsOf(rows, job.columns);
  const keys = columns.map(({ key }) => key);
  const style = { zone: occasion.zone, language };
  const templates = new Templates({ ...style, columns });
  const scope = { ...scopeOf(occasion), ...read, count: rows.length, columns };
  const send =
    job.sendIf === undefined || part('sendIf', () => templates.holds(job.sendIf ?? '', scope));
  const title = part('title', () => templates.render(job.title ?? job.occasion.name, scope)).trim();
  const own = job.text !== undefined;
  const text = part('text', () =>
    job.text === undefined
      ? [
          title,
          tableText(
            total === undefined || rows.length < 2 ? rows : [...rows, total],
            columns,
            style,
          ),
          ...cutNote(read, language),
        ].join('\n\n')
      : templates.render(job.text, { ...scope, title }),
  ).trim();
  const footer =
    job.footer === undefined
      ? undefined
      : part('footer', () => templates.render(job.footer ?? '', { ...scope, title }).trim());
  return {
    ...{ send, title, text, footer, own, columns, truncated: read.truncated, count: rows.length },
    rows: rows.map((row) => cellsOf(row, keys)),
    ...(total !== undefined && { total: cellsOf(total, keys) }),
    chartRows: chartRowsOf(job.chart, read, keys),
  };
}

function chartRowsOf(
  chart: ReportChart | undefined,
  { rows, trend }: Data,
  shown: readonly string[],
): Record<string, Cell>[] {
  if (chart === undefined) return [];
  const drawn = 'option' in chart ? undefined : chartKeys(chart);
  if (trend !== undefined) return trend.map((row) => cellsOf(row, drawn ?? Object.keys(row)));
  return rows.map((row) => cellsOf(row, drawn ?? shown));
}

function cellsOf(row: DataRow, keys: readonly string[]): Record<string, Cell> {
  return Object.fromEntries(keys.map((key) => [key, cellOf(row[key])]));
}

/** A table must not look whole when it is not. */
function cutNote({ rows, truncated }: Data, language: Language): string[] {
  if (!truncated) return [];
  return [
    language === 'zh' ? `（仅前 ${rows.length} 行）` : `(the first ${rows.length} rows only)`,
  ];
}

function readRaw(raw: Raw): Data {
  if ('rows' in raw) {
    const { rows, ...rest } = raw;
    return { ...rowsOf(rows), ...rest };
  }
  try {
    return raw.format === 'csv' ? readTable(raw.bytes) : readJson(raw.bytes, raw.pick);
  } catch (error) {
    const text = dataFault(error, raw);
    throw text === undefined ? error : new WorkFault('source', raw.name, text);
  }
}

function part<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new WorkFault('report', name, templateFault(error));
  }
}
