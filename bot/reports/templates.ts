import { Liquid } from 'liquidjs';
import type { ReportColumn } from '../../config/report-schema.ts';
import type { Language } from '../errors.ts';
import {
  type CellStyle,
  cellOf,
  cellText,
  type DataRow,
  numberText,
  percentText,
  timeText,
} from './cells.ts';
import { momentOf } from './moments.ts';
import { columnsOf } from './rows.ts';
import { alignTable, padTo } from './text-table.ts';

/** What bounds a template: it is an operator's, and may be wrong. */
const limits = { parseLimit: 200_000, renderLimit: 3000, memoryLimit: 20_000_000 };

/** Liquid's own, which would read texts in whatever zone the process runs in. */
const dateFilters = [
  'date',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
];
/** What only Liquid reads so: seconds, and words. */
const liquidsOwn = /^(?:\d+|now|today)$/;

export interface TemplateStyle {
  zone: string;
  language: Language;
  columns?: readonly ReportColumn[] | undefined;
}

/**
 * Liquid with helpers for reports. Templates reach what they are given, and nothing else: no files, no
 * prototypes; time and memory are bounded.
 */
export class Templates {
  readonly #plain: Liquid;
  readonly #address: Liquid;

  constructor(style: TemplateStyle) {
    this.#plain = engine(style);
    this.#address = engine(style, (value) =>
      encodeURIComponent(value == null ? '' : String(value)),
    );
  }

  /** @throws Error with place and reason */
  render(template: string, scope: object): string {
    return String(this.#plain.parseAndRenderSync(template, scope));
  }

  /** The same; what is put into it is encoded for an address. */
  renderAddress(template: string, scope: object): string {
    return String(this.#address.parseAndRenderSync(template, scope));
  }

  /** Reads a template and fills in nothing. @throws Error with place and reason */
  parse(template: string): void {
    this.#plain.parse(template);
  }

  holds(condition: string, scope: object): boolean {
    return this.render(Templates.conditionOf(condition), scope) === '1';
  }

  /** A condition as a template: `1` where it holds. */
  static conditionOf(condition: string): string {
    return `{% if ${condition} %}1{% endif %}`;
  }
}

function engine(style: TemplateStyle, outputEscape?: (value: unknown) => string): Liquid {
  const liquid = new Liquid({
    ...limits,
    ownPropertyOnly: true,
    strictFilters: true,
    groupedExpressions: true,
    // Instead of the file system.
    templates: {},
    timezoneOffset: style.zone,
    locale: style.language === 'zh' ? 'zh-CN' : 'en-US',
    dateFormat: '%Y-%m-%d %H:%M',
    ...(outputEscape !== undefined && { outputEscape }),
  });
  const { zone } = style;
  const digits = (value: unknown): number | undefined =>
    value === undefined ? undefined : Math.min(6, Math.max(0, Math.trunc(Number(value)) || 0));
  const numeric = (value: unknown, spell: (number: number) => string): string => {
    const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
    return value == null || !Number.isFinite(number) ? String(value ?? '') : spell(number);
  };
  const filters: Record<string, (value: unknown, ...rest: unknown[]) => unknown> = {
    number: (value, decimals) => numeric(value, (one) => numberText(one, digits(decimals))),
    percent: (value, decimals) => numeric(value, (one) => percentText(one, digits(decimals))),
    day: (value) => timeText(value, zone, 'date') ?? '',
    clock: (value) => timeText(value, zone, 'time') ?? '',
    moment: (value) => timeText(value, zone, 'datetime') ?? '',
    weekday: (value) => weekdayOf(value, style),
    pad: (value, width, side) =>
      padTo(String(value ?? ''), Math.min(200, Number(width) || 0), side === 'right'),
    table: (value, names) => tableText(asRows(value), named(names, style.columns), style),
  };
  for (const [name, filter] of Object.entries(filters)) liquid.registerFilter(name, filter);
  for (const name of dateFilters) {
    const date = liquid.filters[name];
    if (typeof date !== 'function') continue;
    liquid.registerFilter(name, function (value, ...rest) {
      if (typeof value !== 'string' || liquidsOwn.test(value))
        return date.call(this, value, ...rest);
      const at = momentOf(value, zone);
      return Number.isNaN(at) ? value : date.call(this, new Date(at), ...rest);
    });
  }
  return liquid;
}

/** Rows as aligned lines, the first of them the labels. */
export function tableText(
  rows: readonly DataRow[],
  named: readonly ReportColumn[] | undefined,
  style: CellStyle,
): string {
  if (rows.length === 0) return style.language === 'zh' ? '（无数据）' : '(no data)';
  const columns = columnsOf(rows, named);
  const lines = rows.map((row) => columns.map((one) => cellText(cellOf(row[one.key]), one, style)));
  const right = columns.map(({ align, kind }) =>
    align === undefined
      ? kind !== undefined && kind !== 'text' && kind !== 'date'
      : align === 'right',
  );
  return alignTable([columns.map(({ label, key }) => label ?? key), ...lines], right);
}

function asRows(value: unknown): DataRow[] {
  if (!Array.isArray(value)) return [];
  return value.map((one: unknown) =>
    typeof one === 'object' && one !== null ? (one as DataRow) : { value: one },
  );
}

/** `"name, count"`: only these, as the report's columns describe them. */
function named(
  names: unknown,
  columns: readonly ReportColumn[] | undefined,
): readonly ReportColumn[] | undefined {
  if (typeof names !== 'string') return columns;
  return names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((key) => columns?.find((one) => one.key === key) ?? { key });
}

function weekdayOf(value: unknown, { zone, language }: TemplateStyle): string {
  const at = momentOf(value, zone);
  if (!Number.isFinite(at)) return '';
  const locale = language === 'zh' ? 'zh-CN' : 'en-US';
  return new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: 'long' }).format(at);
}
