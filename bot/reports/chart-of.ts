import type { ReportChart, ReportColumn } from '../../config/report-schema.ts';
import type { Language } from '../errors.ts';
import { type Cell, cellText } from './cells.ts';

type Row = Readonly<Record<string, Cell>>;
type Drawn = Exclude<ReportChart, { option: unknown }>;

export interface ChartStyle {
  zone: string;
  language: Language;
}

/** Beyond these colours come again: the largest stay, and the others are one. */
const mostSeries = 12;
const others = { zh: '其他', en: 'Others' };
/** Sums of decimals carry noise beyond these. */
const digits = 12;
const mostMonths = 6 * 30 * 86_400_000;

/** An option of ECharts for the rows of a report; undefined: there is nothing to draw. */
export function chartOf(
  chart: ReportChart,
  rows: readonly Row[],
  columns: readonly ReportColumn[],
  style: ChartStyle,
): Record<string, unknown> | undefined {
  if ('option' in chart) {
    // Rows of its own, or of a dataset of its own, stay.
    return 'dataset' in chart.option
      ? chart.option
      : { dataset: { source: rows }, ...chart.option };
  }
  if (rows.length === 0) return undefined;
  const { type, x, y, by, stacked, title } = chart;
  const columnOf = (key: string): ReportColumn => columns.find((one) => one.key === key) ?? { key };
  const label = (key: string): string => columnOf(key).label ?? key;
  const names = distinct(rows, columnOf(x), style);
  const groups = by === undefined ? undefined : groupsOf(rows, columnOf(by), chart, style);
  const head = title === undefined ? {} : { title: { text: title } };
  // A share is no amount: two of them have a mean, and no sum.
  const read = (key: string, group?: ReadonlySet<Row>): (number | null)[] =>
    valuesOf(group ?? rows, key, names, columnOf(key).kind === 'percent' ? 'mean' : 'sum');
  if (type === 'pie') {
    const [key = ''] = y;
    const sizes = read(key);
    const data = names.texts.map((name, at) => ({ name, value: sizes[at] ?? 0 }));
    return { ...head, series: [{ type, name: label(key), radius: ['35%', '65%'], data }] };
  }
  const series = (groups ?? [{ name: undefined, rows: undefined }]).flatMap((group) =>
    y.map((key) => ({
      name: [group.name, ...(group.name === undefined || y.length > 1 ? [label(key)] : [])]
        .filter((part) => part !== undefined)
        .join(' · '),
      values: read(key, group.rows),
    })),
  );
  const percent = y.every((key) => columnOf(key).kind === 'percent');
  const shown = (value: number | null): number | null =>
    // A stack with a hole in it would fall down on the axis.
    value === null ? (stacked && type === 'line' ? 0 : null) : percent ? tidy(value * 100) : value;
  const whole = series.every(({ values }) =>
    values.every((value) => value === null || Number.isInteger(value)),
  );
  return {
    ...head,
    ...(series.length > 1 && { legend: {} }),
    xAxis: { type: 'category', data: withoutYear(names.texts) },
    yAxis: {
      type: 'value',
      ...(percent && { axisLabel: { formatter: '{value}%' } }),
      // Of messages there is no fifth.
      ...(!percent && whole && { minInterval: 1 }),
    },
    series: series.map(({ name, values }) => ({
      ...{ type, name, data: values.map(shown) },
      ...(stacked && { stack: 'all', ...(type === 'line' && { areaStyle: {} }) }),
    })),
  };
}

/** The columns of the rows that a chart needs. */
export function chartKeys({ x, y, by }: Drawn): string[] {
  return [x, ...y, ...(by === undefined ? [] : [by])];
}

interface Names {
  /** As they are shown, in the order in which they come first. */
  texts: string[];
  placeOf: (row: Row) => number;
}

/** Rows with the same value belong together; with the same day where days are shown. */
function distinct(rows: Iterable<Row>, column: ReportColumn, style: ChartStyle): Names {
  const { key, kind, show = 'date' } = column;
  const texts: string[] = [];
  const places = new Map<string, number>();
  const ofRow = new Map<Row, number>();
  for (const row of rows) {
    const cell = row[key] ?? null;
    const text = cellText(cell, column, style);
    const same = kind === 'date' && show === 'date' ? text : String(cell);
    const place = places.get(same) ?? texts.push(text) - 1;
    places.set(same, place);
    ofRow.set(row, place);
  }
  return { texts, placeOf: (row) => ofRow.get(row) ?? 0 };
}

/** Days of some months: the year is the same for all, or plain. */
function withoutYear(texts: readonly string[]): readonly string[] {
  if (!texts.every((text) => /^\d{4}-\d{2}-\d{2}$/.test(text))) return texts;
  const days = texts.map((text) => Date.parse(text)).filter(Number.isFinite);
  const near = Math.max(...days) - Math.min(...days) < mostMonths;
  return near ? texts.map((text) => text.slice(5)) : texts;
}

function groupsOf(
  rows: readonly Row[],
  column: ReportColumn,
  { y }: Drawn,
  style: ChartStyle,
): { name: string; rows: ReadonlySet<Row> }[] {
  const { texts, placeOf } = distinct(rows, column, style);
  const groups = texts.map((name) => ({ name, rows: new Set<Row>(), size: 0 }));
  for (const row of rows) {
    const group = groups[placeOf(row)];
    if (group === undefined) continue;
    group.rows.add(row);
    for (const key of y) group.size += Math.abs(numberOf(row[key]) ?? 0);
  }
  const most = Math.max(2, Math.floor(mostSeries / y.length));
  if (groups.length <= most) return groups;
  const kept = new Set(groups.toSorted((one, other) => other.size - one.size).slice(0, most - 1));
  const rest = groups.filter((group) => !kept.has(group)).flatMap((group) => [...group.rows]);
  return [
    ...groups.filter((group) => kept.has(group)),
    { name: `${others[style.language]} (${groups.length - kept.size})`, rows: new Set(rest) },
  ];
}

function valuesOf(
  rows: Iterable<Row>,
  key: string,
  { texts, placeOf }: Names,
  as: 'sum' | 'mean',
): (number | null)[] {
  const sums = texts.map(() => ({ sum: 0, count: 0 }));
  for (const row of rows) {
    const value = numberOf(row[key]);
    const one = sums[placeOf(row)];
    if (value === undefined || one === undefined) continue;
    one.sum += value;
    one.count += 1;
  }
  return sums.map(({ sum, count }) =>
    count === 0 ? null : count === 1 ? sum : tidy(as === 'mean' ? sum / count : sum),
  );
}

function numberOf(value: Cell | undefined): number | undefined {
  const number = value === null || value === undefined || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function tidy(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(digits));
}
