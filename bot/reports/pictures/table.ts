import type { Node } from '@takumi-rs/core';
import { type CellText, createCellWriter } from './cell-text.ts';
import type { Sheet } from './check-spec.ts';
import { type ColumnWidths, shareWidth, wishOf } from './column-widths.ts';
import type { Fonts } from './fonts.ts';
import { inline, type Style } from './inline.ts';
import type { Cell, Column } from './picture-spec.ts';
import { textWidth } from './text-width.ts';
import type { Theme } from './theme.ts';

/** One line of the table. */
export interface TableRow {
  node: Node;
  /** Where it is known without laying it out: nothing in it is wrapped. */
  height: number | undefined;
}

export interface Table {
  inner: number;
  head: Node;
  rows: TableRow[];
  total: TableRow | undefined;
}

/** A cell shows no more lines than these: a row always fits a page. */
const mostLines = 24;

/** The table as nodes. Texts are data in them, so that there is nothing to escape. */
export function buildTable(
  sheet: Sheet,
  theme: Theme,
  fonts: Fonts,
  room: { least: number; most: number },
): Table {
  const { columns } = sheet;
  const writers = columns.map((column) => createCellWriter(column, sheet));
  const write = (row: readonly Cell[]): CellText[] =>
    writers.map((writer, index) => writer(row[index]));
  const written = sheet.rows.map(write);
  // A sum says nothing where there is nothing to add up.
  const total = sheet.total && write(sheet.total.map((cell) => cell ?? ''));
  const numbers = columns.map(() => 0);
  const wishes = columns.map(({ kind = 'text', label }, index) => {
    const texts = written.map((row) => row[index]?.text ?? '');
    const sum = total?.[index]?.text ?? '';
    numbers[index] = Math.max(0, ...texts.map(textWidth), boldWidth(sum));
    const wish = wishOf(kind === 'text' || kind === 'bar' ? kind : 'fixed', label, texts);
    // Numbers are not broken, however bold they are.
    if (kind === 'text') return { ...wish, natural: Math.max(wish.natural, boldWidth(sum)) };
    const room = Math.min(boldWidth(sum), 24);
    return { natural: Math.max(wish.natural, room), least: Math.max(wish.least, room) };
  });
  const largest = columns.map((_, index) =>
    Math.max(0, ...written.map((row) => Math.abs(row[index]?.value ?? 0))),
  );
  const shared = shareWidth(wishes, room);
  const look: Look = { columns, theme, fonts, sheet, largest, numbers, ...shared };
  return {
    inner: look.inner,
    head: headOf(look),
    rows: written.map((row, index) => rowOf(look, row, { tint: sheet.zebra && index % 2 === 1 })),
    total: total && rowOf(look, total, { total: true }),
  };
}

interface Look extends ColumnWidths {
  columns: readonly Column[];
  theme: Theme;
  fonts: Fonts;
  sheet: Sheet;
  /** Of the bars of a column. */
  largest: readonly number[];
  /** Widest number of a column, in ems. */
  numbers: readonly number[];
}

function headOf(look: Look): Node {
  const { columns, theme } = look;
  const style: Style = { fontWeight: 700, color: theme.muted };
  return line(
    look,
    { backgroundColor: theme.head, borderBottom: `2px solid ${theme.line}` },
    columns.map((column, index) => cellOf(look, index, column.label, style)),
  );
}

function rowOf(
  look: Look,
  cells: readonly CellText[],
  { tint = false, total = false }: { tint?: boolean; total?: boolean },
): TableRow {
  const { theme, font, pad, widths, columns } = look;
  const style: Style = total ? { fontWeight: 700 } : {};
  const nodes = cells.map((cell, index) =>
    columns[index]?.kind === 'bar' && cell.value !== undefined && !total
      ? barOf(look, index, cell)
      : cellOf(look, index, cell.text, { ...style, ...trendStyle(look, cell) }),
  );
  const background = total ? theme.head : tint ? theme.zebra : theme.ground;
  const node = line(
    look,
    { backgroundColor: background, borderBottom: `1px solid ${theme.line}` },
    nodes,
  );
  // With some to spare: the width of a text is only about known. A bar leaves room by itself.
  const single = cells.every(
    ({ text }, index) =>
      !text.includes('\n') &&
      textWidth(text) * font * (total ? 1.15 : 1.06) <= (widths[index] ?? 0) - 2 * pad,
  );
  return { node, height: single ? lineHeight(font) + 2 * padAbove(font) + 1 : undefined };
}

function line({ inner, font, theme }: Look, style: Style, children: Node[]): Node {
  return {
    type: 'container',
    children,
    style: {
      display: 'flex',
      flexDirection: 'row',
      alignItems: 'center',
      width: inner,
      fontSize: font,
      lineHeight: `${lineHeight(font)}px`,
      color: theme.text,
      ...style,
    },
  };
}

function cellOf(look: Look, index: number, text: string, style: Style): Node {
  const { font, pad, widths, columns, fonts } = look;
  const column = columns[index];
  const kind = column?.kind ?? 'text';
  const align = column?.align ?? (kind === 'text' || kind === 'date' ? 'left' : 'right');
  return inline(
    text,
    {
      width: widths[index] ?? 0,
      flexShrink: 0,
      padding: `${padAbove(font)}px ${pad}px`,
      textAlign: align,
      overflowWrap: 'anywhere',
      whiteSpace: 'pre-wrap',
      lineClamp: mostLines,
      textOverflow: 'ellipsis',
      ...style,
    } as Style,
    fonts,
  );
}

/** The number, and left of it a bar as long as it is large beside the largest. */
function barOf(look: Look, index: number, { text, value = 0 }: CellText): Node {
  const { font, pad, widths, theme, largest } = look;
  const width = widths[index] ?? 0;
  const across = Math.max(barRoom(look, index), 4);
  const share = Math.abs(value) / (largest[index] || 1);
  const bar: Style = {
    width: Math.max(Math.round(across * share), value === 0 ? 0 : 2),
    height: Math.round(font * 0.8),
    borderRadius: 3,
    backgroundColor: value < 0 ? theme.red : theme.bar,
  };
  return {
    type: 'container',
    style: {
      display: 'flex',
      alignItems: 'center',
      justifyContent: 'space-between',
      width,
      flexShrink: 0,
      padding: `${padAbove(font)}px ${pad}px`,
    },
    children: [
      { type: 'container', style: bar, children: [] },
      { type: 'text', text, style: { textAlign: 'right' } },
    ],
  };
}

/** What a bar's column leaves beside its numbers. */
function barRoom({ columns, widths, pad, font, numbers }: Look, index: number): number {
  if (columns[index]?.kind !== 'bar') return 0;
  return Math.max(0, (widths[index] ?? 0) - 3 * pad - (numbers[index] ?? 0) * font * 1.05);
}

function boldWidth(text: string): number {
  return textWidth(text) * 1.1;
}

function trendStyle({ theme, sheet }: Look, { trend }: CellText): Style {
  if (trend === undefined || trend === 0) return {};
  const red = trend > 0 === (sheet.rise === 'red');
  return { color: red ? theme.red : theme.green };
}

function lineHeight(font: number): number {
  return Math.round(font * 1.45);
}

function padAbove(font: number): number {
  return Math.round(font * 0.45);
}
