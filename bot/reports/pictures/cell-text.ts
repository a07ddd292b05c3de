import { momentOf } from '../moments.ts';
import type { Cell, Column } from './picture-spec.ts';

/** What a cell says, and what its kind makes of it. */
export interface CellText {
  text: string;
  /** Up, down or even: of a delta. */
  trend?: 1 | 0 | -1;
  /** Its number: of a bar. */
  value?: number;
}

export interface CellSettings {
  language: 'zh' | 'en';
  timezone: string;
}

const nothing = '–';
const decimalText = /^[+-]?\d{1,30}(?:\.\d{1,30})?$/;
/** Without a zone it is a time of wherever it comes from: shown as it is. */
const zonedTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/;
const longest = 8.64e15;

/** How the cells of a column are written. Formatters are dear: one for each column. */
export function createCellWriter(
  column: Column,
  { language, timezone }: CellSettings,
): (cell: Cell) => CellText {
  const { kind = 'text', show = 'date' } = column;
  if (kind === 'text') return (cell) => ({ text: plain(cell, language) });
  if (kind === 'date') return dateWriter(timezone, show, language);
  const percent = kind === 'percent' || (kind === 'delta' && column.percent === true);
  const { decimals } = column;
  const format = new Intl.NumberFormat('en-US', {
    style: percent ? 'percent' : 'decimal',
    minimumFractionDigits: decimals ?? 0,
    maximumFractionDigits: decimals ?? (percent ? 1 : 2),
    signDisplay: kind === 'delta' ? 'exceptZero' : 'auto',
  });
  return (cell) => {
    const exact = numberOf(cell);
    if (exact === undefined) return { text: plain(cell, language) };
    // Text goes in as it is: sums of databases are longer than a number is exact.
    const text = format.format(exact as number).replace('-', '−');
    const value = Number(exact);
    if (kind === 'bar') return { text, value };
    if (kind !== 'delta') return { text };
    const trend = Math.sign(value) as 1 | 0 | -1;
    return { text: trend === 0 ? text : `${trend > 0 ? '↑' : '↓'} ${text}`, trend };
  };
}

function dateWriter(
  timeZone: string,
  show: NonNullable<Column['show']>,
  language: 'zh' | 'en',
): (cell: Cell) => CellText {
  // Swedish writes dates as ISO does: read alike in both languages.
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    ...(show !== 'time' && { dateStyle: 'short' as const }),
    ...(show !== 'date' && {
      timeStyle: show === 'time' ? ('medium' as const) : ('short' as const),
    }),
  });
  return (cell) => {
    const time =
      typeof cell === 'number'
        ? cell
        : typeof cell === 'string' && zonedTime.test(cell)
          ? momentOf(cell, timeZone)
          : Number.NaN;
    if (!Number.isFinite(time) || Math.abs(time) > longest) return { text: plain(cell, language) };
    return { text: format.format(time) };
  };
}

function numberOf(cell: Cell): number | string | undefined {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : undefined;
  return typeof cell === 'string' && decimalText.test(cell) ? cell : undefined;
}

function plain(cell: Cell, language: 'zh' | 'en'): string {
  if (cell === null || cell === undefined) return nothing;
  if (typeof cell === 'boolean') {
    if (language === 'zh') return cell ? '是' : '否';
    return cell ? 'yes' : 'no';
  }
  return String(cell);
}
