import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Pictures } from '../../bot/reports/pictures/pictures.ts';
import { createLogger } from '../../config/logger.ts';
import { type SampleName, samples } from './samples.ts';

// Draws the pictures of docs/pictures.md: node scripts/pictures/draw.ts
// With --references those that tests compare with, after a change that is meant to be seen: look at
// them before they are committed.

const { values } = parseArgs({ options: { references: { type: 'boolean', default: false } } });
const root = join(import.meta.dirname, '../..');
const shown: SampleName[] = ['table', 'wrapped', 'chart', 'pie'];
/** The long table's pages between the first and the last look alike. */
const left = new Set(['long-2', 'long-3']);

const folder = join(root, values.references ? 'tests/pictures' : 'docs/pictures');
const names = values.references ? (Object.keys(samples) as SampleName[]) : shown;
mkdirSync(folder, { recursive: true });
const pictures = new Pictures({ logger: createLogger('warn') });
for (const name of names) {
  const drawn = await pictures.render(samples[name]);
  for (const [index, { png, width, height }] of drawn.entries()) {
    const file = drawn.length === 1 ? name : `${name}-${index + 1}`;
    if (left.has(file)) continue;
    writeFileSync(join(folder, `${file}.png`), png);
    process.stdout.write(`${file} ${width}×${height} ${Math.round(png.length / 1024)} kB\n`);
  }
}
await pictures.stop();
