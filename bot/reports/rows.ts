import type { ReportColumn } from '../../config/report-schema.ts';
import { readCsv } from '../chatbot/csv.ts';
import type { DataRow } from './cells.ts';
import { pickFrom } from './pick.ts';

/** Rows that a template and a picture get at most. */
const mostRows = 5000;
const mostColumns = 20;

export interface Data {
  /** What was picked, as it is. */
  data: unknown;
  rows: DataRow[];
  /** There were more rows than that. */
  truncated: boolean;
  total?: DataRow | undefined;
  trend?: readonly DataRow[] | undefined;
}

/** Makes rows of JSON: a list of objects, of lists or of values; an object is one row. */
export function rowsOf(data: unknown): Data {
  const list = Array.isArray(data) ? data : data === null || data === undefined ? [] : [data];
  return {
    data,
    rows: list.slice(0, mostRows).map(rowOf),
    truncated: list.length > mostRows,
  };
}

/** @throws SyntaxError, PickFault */
export function readJson(bytes: Uint8Array, pick: string | undefined): Data {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const data: unknown = JSON.parse(text);
  return rowsOf(pick === undefined ? data : pickFrom(data, pick));
}

/** The first line names the columns; what looks like a number is one. */
export function readTable(bytes: Uint8Array): Data {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const rows: DataRow[] = [];
  let names: string[] | undefined;
  let truncated = false;
  for (const { fields, line, open } of readCsv(text)) {
    if (open) throw new SyntaxError(`line ${line}: a quote is not closed`);
    if (names === undefined) {
      names = fields.map((field, at) => field.trim() || `c${at + 1}`);
      continue;
    }
    if (rows.length === mostRows) {
      truncated = true;
      break;
    }
    rows.push(Object.fromEntries(names.map((name, at) => [name, cellValue(fields[at])])));
  }
  return { data: rows, rows, truncated };
}

/** The columns that are shown where none are named: those of the first rows. */
export function columnsOf(
  rows: readonly DataRow[],
  named?: readonly ReportColumn[],
): ReportColumn[] {
  if (named !== undefined && named.length > 0) return [...named];
  const keys = new Set(rows.slice(0, 100).flatMap((row) => Object.keys(row)));
  return [...keys].slice(0, mostColumns).map((key) => ({
    key,
    ...(rows.every((row) => row[key] == null || typeof row[key] === 'number') && {
      kind: 'number' as const,
    }),
  }));
}

function rowOf(one: unknown): DataRow {
  if (Array.isArray(one)) return Object.fromEntries(one.map((cell, at) => [`c${at + 1}`, cell]));
  if (typeof one === 'object' && one !== null) return one as DataRow;
  return { value: one };
}

function cellValue(field: string | undefined): string | number | null {
  if (field === undefined || field === '') return null;
  // Not 007 nor numbers that would lose digits: they are names.
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$/.test(field) ? Number(field) : field;
}
