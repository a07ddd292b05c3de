import type { ReportColumn } from '../../config/report-schema.ts';
import type { Language } from '../errors.ts';
import { momentOf } from './moments.ts';

export type Cell = string | number | boolean | null;
export type DataRow = Readonly<Record<string, unknown>>;

export interface CellStyle {
  zone: string;
  language: Language;
}

/** A value of a row as a picture or a table can show it. */
export function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value);
}

/** A cell as text, by the kind of its column; one that does not fit its kind is shown as it is. */
export function cellText(cell: Cell, column: ReportColumn, style: CellStyle): string {
  if (cell === null || cell === '') return '-';
  if (typeof cell === 'boolean') {
    if (style.language === 'en') return cell ? 'yes' : 'no';
    return cell ? '是' : '否';
  }
  const number = typeof cell === 'number' ? cell : Number(cell);
  switch (column.kind) {
    case 'number':
    case 'bar':
      return Number.isFinite(number) ? numberText(number, column.decimals) : String(cell);
    case 'percent':
      return Number.isFinite(number) ? percentText(number, column.decimals) : String(cell);
    case 'delta': {
      if (!Number.isFinite(number)) return String(cell);
      const size = Math.abs(number);
      const text =
        column.percent === true
          ? percentText(size, column.decimals)
          : numberText(size, column.decimals);
      return `${number > 0 ? '▲ +' : number < 0 ? '▼ -' : ''}${text}`;
    }
    case 'date':
      return timeText(cell, style.zone, column.show ?? 'date') ?? String(cell);
    default:
      return typeof cell === 'number' ? String(cell) : cell.replace(/\s+/g, ' ').trim();
  }
}

/** `12,345.6`; without `decimals` two digits behind the point at most. */
export function numberText(value: number, decimals?: number): string {
  return new Intl.NumberFormat('en-US', {
    minimumFractionDigits: decimals ?? 0,
    maximumFractionDigits: decimals ?? 2,
  }).format(value);
}

/** 0.123 → `12.3%`. */
export function percentText(value: number, decimals = 1): string {
  return `${numberText(value * 100, decimals)}%`;
}

/** Epoch ms or a text of a time in the zone; undefined: it is no time. */
export function timeText(
  value: unknown,
  zone: string,
  show: 'date' | 'time' | 'datetime',
): string | undefined {
  const at = momentOf(value, zone);
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return undefined;
  // The Swedish spelling of a date is the ISO one.
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    ...(show !== 'time' && { dateStyle: 'short' }),
    ...(show !== 'date' && { timeStyle: 'short' }),
  }).format(at);
}
