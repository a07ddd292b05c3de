import type { Node } from '@takumi-rs/core';
import { AppError } from '../../errors.ts';
import type { Sheet } from './check-spec.ts';
import type { Fonts } from './fonts.ts';
import { fontFamily } from './fonts.ts';
import { inline, type Style } from './inline.ts';
import { pictureLimits } from './picture-spec.ts';
import type { Table } from './table.ts';
import type { Theme } from './theme.ts';

/** All in pixels of CSS; a picture has twice as many. */
export const margin = 24;
const gap = 14;
const pageHeight = 1000;
/** A block of HTML cannot be divided: it may be so high by itself. */
const mostBlock = 3000;

export interface Parts {
  sheet: Sheet;
  theme: Theme;
  fonts: Fonts;
  inner: number;
  chart: { node: Node; height: number } | undefined;
  table: Table | undefined;
  /** What stands below each other at the top of the HTML. */
  blocks: readonly Node[];
  /** Heights of nodes, each laid out by itself. */
  measure: (nodes: readonly Node[]) => Promise<number[]>;
}

interface Piece {
  node: Node;
  height: number;
  row?: true;
}

/** Puts the parts on pages, none higher than it may be: rows are divided among them, never cut. */
export async function compose(parts: Parts): Promise<Node[]> {
  const { sheet, table, chart, blocks } = parts;
  const loose = table?.rows.filter(({ height }) => height === undefined) ?? [];
  const fixed = [titleOf(parts, true), titleOf(parts, false), footerOf(parts, '8', '8', true)];
  const heights = await parts.measure([
    ...fixed,
    ...(table === undefined ? [] : [table.head, (table.total ?? { node: table.head }).node]),
    ...blocks,
    ...loose.map(({ node }) => node),
  ]);
  const [first = 0, later = 0, foot = 0] = heights.splice(0, fixed.length);
  const [headHeight = 0, totalHeight = 0] = table === undefined ? [] : heights.splice(0, 2);
  const blockHeights = heights.splice(0, blocks.length);
  const head: Piece = { node: table?.head ?? { type: 'container' }, height: headHeight, row: true };
  const pieces: Piece[] = [];
  if (chart !== undefined) pieces.push(chart);
  for (const { node, height } of table?.rows ?? []) {
    pieces.push({ node, height: height ?? heights.shift() ?? 0, row: true });
  }
  if (table !== undefined && table.rows.length === 0) {
    const node = emptyOf(parts);
    pieces.push({ node, height: 60, row: true });
  }
  if (table?.total !== undefined) {
    pieces.push({ node: table.total.node, height: totalHeight, row: true });
  }
  for (const [index, node] of blocks.entries()) {
    const height = blockHeights[index] ?? 0;
    if (height > mostBlock) throw tooHigh();
    pieces.push({ node, height });
  }
  const pages = divide(pieces, head, (page) => (page === 0 ? first : later) + foot + 2 * margin);
  if (pages.length > pictureLimits.pages) throw tooManyPages(sheet);
  return pages.map((page, index) => pageOf(parts, page, index, pages.length));
}

function divide(pieces: readonly Piece[], head: Piece, taken: (page: number) => number): Piece[][] {
  const pages: Piece[][] = [[]];
  let page: Piece[] = pages[0] ?? [];
  let height = taken(0);
  for (const piece of pieces) {
    const inTable = page.at(-1)?.row === true;
    const extra = (piece.row && !inTable ? head.height : 0) + (piece.row && inTable ? 0 : gap);
    if (page.length > 0 && height + piece.height + extra > pageHeight) {
      page = [];
      pages.push(page);
      height = taken(pages.length - 1);
    }
    if (piece.row && page.at(-1)?.row !== true) {
      page.push(head);
      height += head.height + gap;
    } else if (!piece.row) height += gap;
    page.push(piece);
    height += piece.height;
  }
  return pages;
}

function pageOf(parts: Parts, page: readonly Piece[], index: number, count: number): Node {
  const { theme } = parts;
  const children: Node[] = [titleOf(parts, index === 0)];
  let rows: Node[] = [];
  const endTable = (): void => {
    if (rows.length > 0) {
      children.push(column(rows, { marginBottom: gap, borderTop: `1px solid ${theme.line}` }));
    }
    rows = [];
  };
  for (const { node, row } of page) {
    if (row) rows.push(node);
    else {
      endTable();
      children.push(column([node], { marginBottom: gap }));
    }
  }
  endTable();
  const last = index === count - 1;
  children.push(footerOf(parts, String(index + 1), String(count), last));
  return column(children, {
    width: parts.inner + 2 * margin,
    padding: margin,
    backgroundColor: theme.ground,
    color: theme.text,
    fontFamily: `"${fontFamily}"`,
    fontSize: 16,
    lineHeight: 1.45,
  });
}

function titleOf({ sheet, theme, fonts }: Parts, withSubtitle: boolean): Node {
  const children: Node[] = [];
  const style: Style = { overflowWrap: 'anywhere', textOverflow: 'ellipsis' };
  if (sheet.title !== '') {
    const own = { fontSize: 24, fontWeight: 700, lineHeight: '34px', lineClamp: 3, ...style };
    children.push(inline(sheet.title, own as Style, fonts));
  }
  if (withSubtitle && sheet.subtitle !== '') {
    const own = { fontSize: 14, lineHeight: '21px', color: theme.muted, lineClamp: 4, ...style };
    children.push(inline(sheet.subtitle, own as Style, fonts));
  }
  return column(children, children.length === 0 ? {} : { marginBottom: gap });
}

function footerOf(
  { sheet, theme, fonts, inner }: Parts,
  page: string,
  pages: string,
  last: boolean,
): Node {
  const text = last ? sheet.footer : '';
  const children: Node[] = [];
  const words = { width: inner - 96, lineClamp: 4, textOverflow: 'ellipsis' };
  if (text !== '') {
    children.push(inline(text, { ...words, overflowWrap: 'anywhere' } as Style, fonts));
  }
  if (pages !== '1') {
    const number = sheet.language === 'zh' ? `第 ${page}/${pages} 页` : `Page ${page}/${pages}`;
    children.push({ type: 'text', text: number, style: { width: 96, textAlign: 'right' } });
  }
  if (children.length === 0) return column([], {});
  return {
    type: 'container',
    children,
    style: {
      display: 'flex',
      justifyContent: text === '' ? 'flex-end' : 'space-between',
      width: inner,
      fontSize: 13,
      lineHeight: '20px',
      color: theme.muted,
    },
  };
}

function emptyOf({ sheet, theme, inner }: Parts): Node {
  const text = sheet.language === 'zh' ? '没有数据' : 'No data';
  const style: Style = { width: inner, textAlign: 'center', padding: 16, color: theme.muted };
  return { type: 'text', text, style: { ...style, borderBottom: `1px solid ${theme.line}` } };
}

function column(children: Node[], style: Style): Node {
  return {
    type: 'container',
    children,
    style: { display: 'flex', flexDirection: 'column', ...style },
  };
}

function tooHigh(): AppError {
  return new AppError(
    'too_large',
    { zh: 'html 中有一块太高', en: 'html: one of its blocks is too high' },
    { field: 'html' },
  );
}

function tooManyPages({ rows }: Sheet): AppError {
  const field = rows.length > 0 ? 'rows' : 'html';
  const { pages } = pictureLimits;
  return new AppError(
    'too_large',
    { zh: `${field} 太多:最多 ${pages} 张图片`, en: `${field}: more than ${pages} pictures` },
    { field },
  );
}
