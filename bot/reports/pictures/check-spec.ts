import { AppError, type Language } from '../../errors.ts';
import { chartFault } from './chart-bounds.ts';
import { checkHtml } from './html-bounds.ts';
import {
  type Cell,
  type Column,
  columnKinds,
  type PictureSpec,
  pictureLimits,
  type Row,
} from './picture-spec.ts';

/** A spec that was checked: all of it is there, rows are lists in the order of the columns. */
export interface Sheet {
  title: string;
  subtitle: string;
  chart: Readonly<Record<string, unknown>> | undefined;
  chartHeight: number;
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
  total: readonly Cell[] | undefined;
  html: string;
  footer: string;
  theme: 'light' | 'dark';
  zebra: boolean;
  width: number | undefined;
  language: Language;
  timezone: string;
  rise: 'red' | 'green';
}

/**
 * Checks and bounds what comes from templates, databases and strangers' addresses; only what is
 * shown is kept.
 * @throws AppError with the field at fault
 */
export function checkSpec(spec: PictureSpec): Sheet {
  const columns = checkColumns(spec.columns ?? []);
  const rows = spec.rows ?? [];
  if (!Array.isArray(rows)) throw wrongType('rows');
  if (rows.length > pictureLimits.rows) throw tooMany('rows', pictureLimits.rows);
  const html = text(spec.html, 'html', pictureLimits.htmlChars);
  checkHtml(html);
  if (columns.length === 0 && rows.length > 0) throw missing('columns');
  if (columns.length === 0 && spec.chart === undefined && html === '') throw missing('columns');
  if (spec.chart !== undefined) checkChart(spec.chart);
  const language = oneOf(spec.language ?? 'zh', ['zh', 'en'], 'language');
  const budget = { left: pictureLimits.tableChars as number };
  return {
    title: text(spec.title, 'title', pictureLimits.cellChars),
    subtitle: text(spec.subtitle, 'subtitle', pictureLimits.cellChars),
    chart: spec.chart,
    chartHeight: between(spec.chartHeight ?? 640, 200, 1600, 'chartHeight'),
    columns,
    rows: rows.map((row, index) => cells(row, columns, `rows[${index}]`, budget)),
    total: spec.total === undefined ? undefined : cells(spec.total, columns, 'total', budget),
    html,
    footer: text(spec.footer, 'footer', pictureLimits.cellChars),
    theme: oneOf(spec.theme ?? 'light', ['light', 'dark'], 'theme'),
    zebra: spec.zebra ?? true,
    width: spec.width === undefined ? undefined : between(spec.width, 1080, 1440, 'width'),
    language,
    timezone: checkZone(spec.timezone ?? 'Asia/Shanghai'),
    rise: oneOf(spec.rise ?? (language === 'zh' ? 'red' : 'green'), ['red', 'green'], 'rise'),
  };
}

function checkColumns(columns: readonly Column[]): Column[] {
  if (!Array.isArray(columns)) throw wrongType('columns');
  if (columns.length > pictureLimits.columns) throw tooMany('columns', pictureLimits.columns);
  return columns.map((column: Column, index) => {
    const at = `columns[${index}]`;
    if (typeof column !== 'object' || column === null) throw wrongType(at);
    const { kind, align, decimals, show } = column;
    if (decimals !== undefined) between(decimals, 0, 6, `${at}.decimals`);
    return {
      label: text(column.label, `${at}.label`, pictureLimits.cellChars),
      key: column.key,
      kind: oneOf(kind ?? 'text', columnKinds, `${at}.kind`),
      align: align && oneOf(align, ['left', 'center', 'right'] as const, `${at}.align`),
      decimals,
      percent: column.percent === true,
      show: oneOf(show ?? 'date', ['date', 'time', 'datetime'] as const, `${at}.show`),
    };
  });
}

function cells(
  row: Row,
  columns: readonly Column[],
  at: string,
  budget: { left: number },
): readonly Cell[] {
  if (typeof row !== 'object' || row === null) throw wrongType(at);
  const list = Array.isArray(row) ? (row as readonly Cell[]) : undefined;
  const named = row as Readonly<Record<string, Cell>>;
  return columns.map(({ key }, place) => {
    const name = key ?? String(place);
    const cell =
      list !== undefined ? list[place] : Object.hasOwn(named, name) ? named[name] : undefined;
    const where = list !== undefined ? `${at}[${place}]` : `${at}.${name}`;
    if (typeof cell === 'string') {
      if (cell.length > pictureLimits.cellChars) throw tooLong(where, pictureLimits.cellChars);
      budget.left -= cell.length;
      if (budget.left < 0) throw tooLong('rows', pictureLimits.tableChars);
      return cell;
    }
    if (cell === undefined || cell === null) return null;
    if (typeof cell === 'number' || typeof cell === 'boolean') return cell;
    throw new AppError(
      'field_type',
      {
        zh: `${where} 必须是文字、数字、true、false 或 null`,
        en: `${where} must be text, a number, true, false or null`,
      },
      { field: where },
    );
  });
}

function checkChart(chart: unknown): void {
  const { chartChars, chartValues } = pictureLimits;
  if (typeof chart !== 'object' || chart === null || Array.isArray(chart)) throw wrongType('chart');
  const fault = chartFault(chart, { chars: chartChars, values: chartValues });
  if (fault !== undefined) throw new AppError(fault.code, fault.text, { field: fault.field });
}

function checkZone(zone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    throw new AppError(
      'field_value',
      { zh: 'timezone 不是有效的时区名', en: 'timezone is not a time zone' },
      { field: 'timezone' },
    );
  }
}

function text(value: unknown, field: string, most: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw wrongType(field);
  if (value.length > most) throw tooLong(field, most);
  return value;
}

function between(value: number, least: number, most: number, field: string): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new AppError(
    'field_value',
    {
      zh: `${field} 必须是 ${least} 到 ${most} 的整数`,
      en: `${field} must be a whole number from ${least} to ${most}`,
    },
    { field },
  );
}

function oneOf<T extends string>(value: T, known: readonly T[], field: string): T {
  if (known.includes(value)) return value;
  throw new AppError(
    'field_value',
    { zh: `${field} 只能是 ${known.join('、')}`, en: `${field} must be ${known.join(', ')}` },
    { field },
  );
}

function missing(field: string): AppError {
  return new AppError(
    'field_missing',
    {
      zh: `缺少 ${field}:图片至少要有表格、图表或 HTML`,
      en: `${field} is missing: a picture needs a table, a chart or HTML`,
    },
    { field },
  );
}

function wrongType(field: string): AppError {
  return new AppError(
    'field_type',
    { zh: `${field} 类型不对`, en: `${field} has the wrong type` },
    { field },
  );
}

function tooMany(field: string, most: number): AppError {
  return new AppError(
    'too_large',
    { zh: `${field} 最多 ${most} 个`, en: `${field}: at most ${most}` },
    { field },
  );
}

function tooLong(field: string, most: number): AppError {
  return new AppError(
    'too_large',
    { zh: `${field} 最多 ${most} 个字符`, en: `${field}: at most ${most} characters` },
    { field },
  );
}
