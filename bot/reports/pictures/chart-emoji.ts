import type { Fonts } from './fonts.ts';
import { emojiIn, mayHoldEmoji } from './inline.ts';

type Plain = Readonly<Record<string, unknown>>;

/** A chart whose emoji stand aside while it is drawn. */
export interface MarkedChart {
  option: Plain;
  /** Drawings by the characters that stand for them. */
  drawings: ReadonlyMap<string, string>;
}

/** How wide texts are in ems, set in a weight. */
export type MeasureTexts = (texts: readonly string[], weight: number) => Promise<readonly number[]>;

/** Characters for private use: no text means them, and no more emoji than these exist. */
const [firstMark, lastMark] = [0xe000, 0xf8ff];
/** As wide as an em, in every font of Chinese. */
const gap = '\u3000';
/** Of a line of Chinese, its middle below that of the font, in ems. */
const lower = 0.06;
/** No chart that is looked at has more; each costs as much as some words. */
const mostDrawn = 500;
const noted = /<text ([^>]*)>([^<]*)<\/text>/g;

/**
 * Charts are drawn as SVG, whose texts know no colours: an emoji would be a box. So one character of
 * its own stands for each, which is measured, cut and wrapped as one, whatever the emoji is made of;
 * drawEmoji puts the drawings where these have come to stand.
 */
export function markEmoji(option: Plain, fonts: Pick<Fonts, 'emoji' | 'covers'>): MarkedChart {
  const json = JSON.stringify(option);
  if (!mayHoldEmoji(json)) return { option, drawings: new Map() };
  const taken = new Set(json.match(/[\ue000-\uf8ff]/g));
  const marks = new Map<string, string>();
  let next = firstMark;
  const markOf = (drawing: string): string => {
    const known = marks.get(drawing);
    if (known !== undefined) return known;
    while (taken.has(String.fromCharCode(next))) next += 1;
    if (next > lastMark) return '';
    const mark = String.fromCharCode(next);
    next += 1;
    marks.set(drawing, mark);
    return mark;
  };
  const marked = (text: string): string =>
    emojiIn(text, fonts)
      ?.map(({ words, drawings }) => words + drawings.map(markOf).join(''))
      .join('') ?? text;
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return marked(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    // Names as well: those of a dataset's columns are shown.
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [marked(name), walk(one)]),
    );
  };
  const told = walk(option) as Plain;
  return { option: told, drawings: new Map([...marks].map(([drawing, mark]) => [mark, drawing])) };
}

interface Line {
  tag: string;
  /** Words between the marks, as they are read. */
  words: string[];
  marks: string[];
  size: number;
  weight: number;
}

/** The SVG of a marked chart with its drawings. */
export async function drawEmoji(
  svg: string,
  { drawings }: MarkedChart,
  measure: MeasureTexts,
): Promise<string> {
  if (drawings.size === 0) return svg;
  const mark = new RegExp(`[${[...drawings.keys()].join('')}]`, 'g');
  const lines = [...svg.matchAll(noted)].map(([whole, tag = '', text = '']) => ({
    whole,
    line: text.search(mark) < 0 ? undefined : lineOf(tag, text, mark),
  }));
  const widths = await widthsOf(
    lines.flatMap(({ line }) => (line === undefined ? [] : [line])),
    measure,
  );
  const used = new Set<string>();
  let left = mostDrawn;
  let at = 0;
  const drawn = svg.replace(noted, (whole) => {
    const line = lines[at++]?.line;
    if (line === undefined) return whole;
    const shown = line.marks.length > left ? [] : line.marks;
    left -= shown.length;
    for (const one of shown) used.add(one);
    return `${whole.replace(mark, gap)}${placed({ ...line, marks: shown }, widths)}`;
  });
  const shapes = [...used].map((one) => shapeOf(one, drawings.get(one) ?? '')).join('');
  return drawn.replace(/>/, () => `><defs>${shapes}</defs>`).replace(mark, gap);
}

function lineOf(tag: string, text: string, mark: RegExp): Line {
  const style = /\bstyle="([^"]*)"/.exec(tag)?.[1] ?? '';
  const weight = /font-weight:\s*(\w+)|font:[^;]*\b(bold|[5-9]00)\b/.exec(style);
  const heavy = /bold|[6-9]00/.test(weight?.[1] ?? weight?.[2] ?? '');
  return {
    tag,
    words: text.split(mark).map(readable),
    marks: text.match(mark) ?? [],
    size: Number(/([\d.]+)px/.exec(style)?.[1] ?? 12),
    weight: heavy ? 700 : 400,
  };
}

async function widthsOf(
  lines: readonly Line[],
  measure: MeasureTexts,
): Promise<Map<string, number>> {
  const widths = new Map<string, number>();
  for (const weight of new Set(lines.map((line) => line.weight))) {
    const same = lines.filter((line) => line.weight === weight);
    const words = [...new Set(same.flatMap((line) => line.words))].filter((one) => one !== '');
    const measured = await measure(words, weight);
    for (const [at, one] of words.entries()) widths.set(`${weight} ${one}`, measured[at] ?? 0);
  }
  return widths;
}

/** The drawings of a line, beside its text. */
function placed({ tag, words, marks, size, weight }: Line, widths: Map<string, number>): string {
  const number = (name: string): number =>
    Number(new RegExp(`(?:^| )${name}="([-\\d.e]+)"`).exec(tag)?.[1] ?? 0);
  const wide = words.map((one) => widths.get(`${weight} ${one}`) ?? 0);
  const all = wide.reduce((sum, one) => sum + one, words.length - 1);
  const anchor = /text-anchor="(\w+)"/.exec(tag)?.[1];
  let x = anchor === 'middle' ? -all / 2 : anchor === 'end' ? -all : 0;
  const transform = /(?:^| )transform="([^"]*)"/.exec(tag)?.[1];
  const uses = marks.map((one, at) => {
    x += (wide[at] ?? 0) + (at === 0 ? 0 : 1);
    const [left, top] = [number('x') + x * size, number('y') + (lower - 0.5) * size];
    return `<use xlink:href="#${nameOf(one)}" transform="translate(${round(left)} ${round(top)}) scale(${round(size / 100)})"/>`;
  });
  return `<g${transform === undefined ? '' : ` transform="${transform}"`}>${uses.join('')}</g>`;
}

/** A drawing of a hundred by a hundred. Drawings call their parts alike: each gets names of its own. */
function shapeOf(mark: string, drawing: string): string {
  const name = nameOf(mark);
  const own = drawing
    .replace(/\bid="/g, `id="${name}-`)
    .replace(/href="#/g, `href="#${name}-`)
    .replace(/url\(#/g, `url(#${name}-`)
    .replace('<svg ', '<svg width="100" height="100" ');
  return `<g id="${name}">${own}</g>`;
}

function nameOf(mark: string): string {
  return `emoji-${mark.charCodeAt(0).toString(16)}`;
}

function readable(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '');
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
