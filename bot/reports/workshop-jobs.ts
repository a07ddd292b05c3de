import type { ReportColumn, ReportSource } from '../../config/report-schema.ts';
import type { Language } from '../errors.ts';
import { type Cell, cellOf, type DataRow } from './cells.ts';
import { columnsOf, type Data, readJson, readTable, rowsOf } from './rows.ts';
import { type Occasion, scopeOf } from './scope.ts';
import { Templates, tableText } from './templates.ts';

/** Bytes of a source, or rows of a database. */
export type Raw =
  | { bytes: Uint8Array; format: 'json' | 'csv'; pick?: string | undefined }
  | { rows: readonly DataRow[]; truncated: boolean };

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
  count: number;
  truncated: boolean;
}

/** Which part of a report is at fault. */
export class WorkFault extends Error {
  readonly part: string;
  constructor(part: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause));
    this.part = part;
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
    throw new WorkFault('source', error);
  }
}

/** @throws WorkFault */
export function writeReport(job: WriteJob): Written {
  const { occasion, language } = job;
  const read = part('source', () => readRaw(job.raw));
  const { rows } = read;
  const columns = columnsOf(rows, job.columns);
  const style = { zone: occasion.zone, language };
  const templates = new Templates({ ...style, columns });
  const scope = { ...scopeOf(occasion), ...read, count: rows.length, columns };
  const send =
    job.sendIf === undefined || part('sendIf', () => templates.holds(job.sendIf ?? '', scope));
  const title = part('title', () => templates.render(job.title ?? job.occasion.name, scope)).trim();
  const own = job.text !== undefined;
  const text = part('text', () =>
    job.text === undefined
      ? [title, tableText(rows, columns, style), ...cutNote(read, language)].join('\n\n')
      : templates.render(job.text, { ...scope, title }),
  ).trim();
  const footer =
    job.footer === undefined
      ? undefined
      : part('footer', () => templates.render(job.footer ?? '', { ...scope, title }).trim());
  return {
    ...{ send, title, text, footer, own, columns, truncated: read.truncated, count: rows.length },
    rows: rows.map((row) => Object.fromEntries(columns.map(({ key }) => [key, cellOf(row[key])]))),
  };
}

/** A table must not look whole when it is not. */
function cutNote({ rows, truncated }: Data, language: Language): string[] {
  if (!truncated) return [];
  return [
    language === 'zh' ? `（仅前 ${rows.length} 行）` : `(the first ${rows.length} rows only)`,
  ];
}

function readRaw(raw: Raw): Data {
  if ('rows' in raw) return { ...rowsOf(raw.rows), truncated: raw.truncated };
  return raw.format === 'csv' ? readTable(raw.bytes) : readJson(raw.bytes, raw.pick);
}

function part<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new WorkFault(name, error);
  }
}
