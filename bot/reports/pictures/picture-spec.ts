import type { Language } from '../../errors.ts';

/** What a cell holds. null and undefined are shown as a dash. */
export type Cell = string | number | boolean | null | undefined;

/**
 * How a column shows its cells; a cell that does not fit its kind is shown as it is.
 * - number: 12345.6 → 12,345.6
 * - percent: 0.123 → 12.3%
 * - delta: a change, with its sign, an arrow and a colour
 * - date: epoch milliseconds or ISO text, in the picture's time zone
 * - bar: a number and a bar as long as it is large
 */
export const columnKinds = ['text', 'number', 'percent', 'delta', 'date', 'bar'] as const;
export type ColumnKind = (typeof columnKinds)[number];

export interface Column {
  label: string;
  /** Name of the cell where rows are objects; absent: its place. */
  key?: string | undefined;
  /** Absent: text. */
  kind?: ColumnKind | undefined;
  /** Absent: numbers right, everything else left. */
  align?: 'left' | 'center' | 'right' | undefined;
  /** Digits behind the point, 0 to 6; absent: as many as there are, at most 2 (percent: 1). */
  decimals?: number | undefined;
  /** delta: shown as a percentage. */
  percent?: boolean | undefined;
  /** date: how much of it. Absent: date. */
  show?: 'date' | 'time' | 'datetime' | undefined;
}

export type Row = readonly Cell[] | Readonly<Record<string, Cell>>;

/**
 * What a picture shows, from top to bottom: title, chart, table, HTML, footer. All parts may be
 * left out but one of chart, table and HTML. Only data: it is checked, bounded, and never run.
 */
export interface PictureSpec {
  title?: string | undefined;
  subtitle?: string | undefined;
  /** An option of ECharts, as JSON. */
  chart?: Readonly<Record<string, unknown>> | undefined;
  /** Height of the chart in pixels of the picture. Absent: 640. */
  chartHeight?: number | undefined;
  columns?: readonly Column[] | undefined;
  rows?: readonly Row[] | undefined;
  /** The last row is a sum: it is set apart. */
  total?: Row | undefined;
  /** A fragment out of a template of the operator's; what a template puts into it is escaped there. */
  html?: string | undefined;
  footer?: string | undefined;
  /** Absent: light. */
  theme?: 'light' | 'dark' | undefined;
  /** Absent: every other row has a tint. */
  zebra?: boolean | undefined;
  /** Of the picture, in pixels, 1080 to 1440. Absent: as the table needs. */
  width?: number | undefined;
  /** Of "page 1 of 2" and the like. Absent: zh. */
  language?: Language | undefined;
  /** IANA name, for dates. Absent: Asia/Shanghai. */
  timezone?: string | undefined;
  /** Colour of what rises. Absent: red in zh, green in en. */
  rise?: 'red' | 'green' | undefined;
}

export interface Picture {
  png: Buffer;
  width: number;
  height: number;
}

/** Beyond these a picture is refused, with the name of the field. */
export const pictureLimits = {
  columns: 20,
  rows: 400,
  /** Characters of one cell, label, title or footer. */
  cellChars: 2000,
  /** Characters of all cells. */
  tableChars: 200_000,
  htmlChars: 200_000,
  /** Characters, and values, of a chart's option. */
  chartChars: 500_000,
  chartValues: 50_000,
  /** Pictures of one spec. */
  pages: 20,
} as const;
