import { labelSize, shortened } from './axis-labels.ts';
import { textWidth } from './text-width.ts';

type Plain = Readonly<Record<string, unknown>>;

/** A symbol, and what stands between it, its name and the next one, as ECharts has them. */
const beside = 25 + 5 + 10;
const lineHeight = 22;
/** Below the last line and above the first. */
const around = 22;
/** Where there are so many that one line cannot hold them, names are cut. */
const longest = 120;

/** Words of a legend as they are shown, and the room it takes below a chart. */
export function legendRoom(
  option: Plain,
  width: number,
): { height: number; formatter?: (name: string) => string } {
  const names = [option['series']].flat().map((one) => nameOf(one));
  const inLine = linesOf(names, width, (name) => name) === 1;
  if (inLine) return { height: around + lineHeight };
  const formatter = (name: string): string => shortened(name, longest);
  return { height: around + lineHeight * linesOf(names, width, formatter), formatter };
}

function linesOf(names: readonly string[], width: number, told: (name: string) => string): number {
  let lines = 1;
  let left = width;
  for (const name of names) {
    const wide = Math.min(beside + textWidth(told(name)) * labelSize, width);
    if (wide > left) {
      lines += 1;
      left = width;
    }
    left -= wide;
  }
  return lines;
}

function nameOf(series: unknown): string {
  const name =
    typeof series === 'object' && series !== null ? (series as Plain)['name'] : undefined;
  return name === undefined || name === null ? '' : String(name);
}
