import { textWidth } from './text-width.ts';

type Plain = Readonly<Record<string, unknown>>;

/** Of the labels of axes, in pixels of an option. */
export const labelSize = 13;
const lineHeight = 17;
/** What stands left of the first and right of the last category: numbers, and the edge. */
const beside = 72;
const gap = 8;
/** In as many lines as this a name is still read at a glance. */
const mostLines = 3;
/** Narrower than this, a line holds no word. */
const narrowest = 52;
const slant = 70;
/** Longest slanted label: the first one must not leave the picture. */
const longest = 100;
/** Longest one beside a bar that lies. */
const longestBeside = 170;
/** So many characters at either end are wider than any label. */
const mostEnd = 100;

/**
 * ECharts leaves out labels of categories that would touch, and lets wide ones leave the picture: of
 * three shops two could be read. Where the author says nothing of that, each category has its name:
 * beside each other, else in lines, else slanted; what is longer ends in an ellipsis. Of more
 * categories than can be read some are named.
 */
export function withReadableAxes(option: Plain, size: { width: number; height: number }): Plain {
  const axes = (name: 'xAxis' | 'yAxis', labels: (names: string[]) => Plain): Plain => {
    const given = option[name];
    const changed = (axis: unknown): unknown =>
      isPlain(axis) && axis['type'] === 'category' ? withLabels(axis, option, labels) : axis;
    if (given === undefined) return {};
    return { [name]: Array.isArray(given) ? given.map(changed) : changed(given) };
  };
  return {
    ...option,
    ...axes('xAxis', (names) => labelsBelow(names, size.width)),
    ...axes('yAxis', (names) => labelsBeside(names, size.height)),
  };
}

function withLabels(axis: Plain, option: Plain, labels: (names: string[]) => Plain): Plain {
  const own = isPlain(axis['axisLabel']) ? axis['axisLabel'] : {};
  const isTold = ['interval', 'rotate', 'formatter', 'width', 'overflow', 'show'].some(
    (key) => own[key] !== undefined,
  );
  const names = isTold ? [] : namesOf(axis, option);
  return names.length === 0 ? axis : { ...axis, axisLabel: { ...labels(names), ...own } };
}

function labelsBelow(names: readonly string[], width: number): Plain {
  const slot = (width - beside) / names.length;
  const widest = Math.max(...names.map(widthOf));
  if (widest + gap <= slot) return { interval: 0 };
  const inLines = (most: number) => (name: string) => lines(name, slot - gap, most).join('\n');
  if (slot - gap >= narrowest) {
    return { interval: 0, lineHeight, formatter: inLines(mostLines) };
  }
  const cut = (name: string): string => shortened(name, longest);
  // Slanted lines need their height of room.
  if (slot >= lineHeight) return { interval: 0, rotate: slant, formatter: cut };
  return widest > 2 * narrowest ? { rotate: slant, formatter: cut } : {};
}

function labelsBeside(names: readonly string[], height: number): Plain {
  const formatter = (name: string): string => shortened(name, longestBeside);
  return { ...((height - beside) / names.length >= lineHeight && { interval: 0 }), formatter };
}

function widthOf(text: string): number {
  return textWidth(text) * labelSize;
}

/** Names often differ at their ends: what is too long loses of its middle. */
export function shortened(text: string, width: number): string {
  if (text.length <= 4 * mostEnd && widthOf(text) <= width) return text;
  const head = endsOf(text.trim());
  const tail = head.splice(Math.ceil(head.length / 2));
  let over = widthOf(`${head.join('')}…${tail.join('')}`) - width;
  while (head.length + tail.length > 2 && over > 0) {
    over -= widthOf((head.length > tail.length ? head.pop() : tail.shift()) ?? '');
  }
  return `${head.join('')}…${tail.join('')}`;
}

/** Characters of a text; of a long one those that may be seen, since ECharts asks again and again. */
function endsOf(text: string): string[] {
  if (text.length <= 4 * mostEnd) return [...text];
  // A character is up to two units, and one that is cut in two lies beyond those that are taken.
  const first = [...text.slice(0, 2 * mostEnd)].slice(0, mostEnd);
  return [...first, ...[...text.slice(-2 * mostEnd)].slice(-mostEnd)];
}

/** A text in lines of so many pixels; what does not fit ends in an ellipsis. */
function lines(text: string, width: number, most: number): string[] {
  const told: string[] = [];
  let line = '';
  let wide = 0;
  for (const [word] of text.trim().matchAll(/[!-\u2dff]+|\s+|[^!-\u2dff\s]/gu)) {
    for (const part of widthOf(word) > width ? word : [word]) {
      if (told.length > most) break;
      if (line !== '' && wide + widthOf(part.trimEnd()) > width) {
        told.push(line.trim());
        line = '';
        wide = 0;
      }
      const added = line === '' ? part.trimStart() : part;
      line += added;
      wide += widthOf(added);
    }
    if (told.length > most) break;
  }
  if (line.trim() !== '') told.push(line.trim());
  if (told.length <= most) return told;
  const shown = told.slice(0, most);
  const last = [...(shown.pop() ?? '')];
  let over = widthOf(`${last.join('')}…`) - width;
  while (last.length > 1 && over > 0) over -= widthOf(last.pop() ?? '');
  return [...shown, `${last.join('').trim()}…`];
}

/** What an axis names: data of its own, else the first column of the dataset. */
function namesOf(axis: Plain, option: Plain): string[] {
  const { data } = axis;
  if (Array.isArray(data)) {
    return data.map((one) => String(isPlain(one) ? (one['value'] ?? '') : (one ?? '')));
  }
  const dataset = Array.isArray(option['dataset']) ? option['dataset'][0] : option['dataset'];
  const rows: unknown = isPlain(dataset) ? dataset['source'] : undefined;
  if (!Array.isArray(rows)) return [];
  const [series] = [option['series']].flat();
  const encode = isPlain(series) && isPlain(series['encode']) ? series['encode'] : {};
  const key = encode['x'] ?? encode['y'];
  return rows.map((row: unknown) => {
    if (Array.isArray(row)) return String(row[typeof key === 'number' ? key : 0] ?? '');
    if (!isPlain(row)) return '';
    return String(row[typeof key === 'string' ? key : (Object.keys(row)[0] ?? '')] ?? '');
  });
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
