import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Below these many gzipped bytes of script, words included; all are those of both languages. */
export const goals = { start: 45_000, screen: 55_000, all: 80_000 };

export interface ConsoleSizes {
  /** Until the log-in. */
  start: number;
  /** Of that the words of the language. */
  words: number;
  /** Until a screen of a part, part by part. */
  screens: { part: string; size: number }[];
  /** Until the screen that needs most. */
  largest: number;
  /** With every screen opened, in one language: all that a browser ever loads. */
  language: number;
  /** All that is there: the words of both languages. */
  both: number;
  /** How many files that are. */
  files: number;
  styles: number;
}

/** As the build tells it (`parts.json`): which file, and what it needs at once and later. */
type Manifest = Record<
  string,
  { file: string; name?: string; imports?: string[]; dynamicImports?: string[]; isEntry?: boolean }
>;

/** How much script there is in a build, each file packed as a browser is sent it. */
export function consoleSizes(folder: string): ConsoleSizes {
  const packed = new Map(
    readdirSync(join(folder, 'assets'))
      .filter((name) => /\.(js|css)$/.test(name))
      .map((name) => {
        const bytes = readFileSync(join(folder, 'assets', name));
        return [`assets/${name}`, gzipSync(bytes, { level: 9 }).length];
      }),
  );
  const sum = (files: Iterable<string>): number =>
    [...files].reduce((all, file) => all + (packed.get(file) ?? 0), 0);
  const scripts = [...packed.keys()].filter((file) => file.endsWith('.js'));

  const manifest = JSON.parse(readFileSync(join(folder, 'parts.json'), 'utf8')) as Manifest;
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry === true) ?? '';
  const later = manifest[entry]?.dynamicImports ?? [];
  // Whatever is said of one language is said of that whose words weigh more.
  const [words = '', ...lighter] = later
    .filter((key) => key.startsWith('words.'))
    .map((key) => manifest[key]?.file ?? '')
    .sort((one, other) => sum([other]) - sum([one]));
  const first = needed(manifest, entry).add(words);
  const screens = later
    .filter((key) => !key.startsWith('words.'))
    .map((key) => ({
      part: manifest[key]?.name ?? key,
      size: sum(new Set([...first, ...needed(manifest, key)])),
    }))
    .sort((one, other) => other.size - one.size);
  return {
    start: sum(first),
    words: sum([words]),
    screens,
    largest: Math.max(...screens.map(({ size }) => size)),
    language: sum(scripts.filter((file) => !lighter.includes(file))),
    both: sum(scripts),
    files: scripts.length,
    styles: sum(packed.keys()) - sum(scripts),
  };
}

/** A part and all that it imports at once. */
function needed(manifest: Manifest, key: string, found = new Set<string>()): Set<string> {
  const part = manifest[key];
  if (part === undefined || found.has(part.file)) return found;
  found.add(part.file);
  for (const one of part.imports ?? []) needed(manifest, one, found);
  return found;
}

export function kB(bytes: number): string {
  return `${(bytes / 1000).toFixed(1).padStart(6)} kB`;
}
