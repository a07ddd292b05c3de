import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/invariants.md'), 'utf8');

/** Promises in the order of the page, each with the tests it cites. */
const promises = page
  .split(/^(?=\*\*INV-)/m)
  .slice(1)
  .map((part) => ({
    number: Number(/^\*\*INV-(\d+)\./.exec(part)?.[1]),
    cited: [...part.matchAll(/^- `([^`]+)` › `([^`]+)`$/gm)].map(([, file = '', name = '']) => ({
      file,
      name,
    })),
  }));

it('promises are numbered in a row, and each cites a test', () => {
  expect(promises.length).toBeGreaterThan(20);
  expect(promises.map((one) => one.number)).toEqual(promises.map((_, index) => index + 1));
  expect(promises.filter((one) => one.cited.length === 0)).toEqual([]);
  // A citation that is spelled in another way would not be looked at.
  const all = promises.flatMap((one) => one.cited);
  expect(all).toHaveLength(page.match(/^- /gm)?.length ?? 0);
});

it('every test that the page cites is there, and is not skipped', () => {
  const missing = promises
    .flatMap((one) => one.cited)
    .filter(({ file, name }) => !isTested(join(root, file), name));
  expect(missing).toEqual([]);
});

/** Whether a file holds a test of this name that is run. */
function isTested(path: string, name: string): boolean {
  if (!path.endsWith('.test.ts') || !existsSync(path)) return false;
  const source = readFileSync(path, 'utf8');
  return [`'${name}'`, `"${name}"`, `\`${name}\``].some((quoted) => {
    const at = source.indexOf(quoted);
    const calls = [...source.slice(0, Math.max(0, at)).matchAll(/\b(it|test|describe)[\w.]*\(/g)];
    const call = calls.at(-1);
    return at !== -1 && call?.[1] !== undefined && !/describe|skip|todo/.test(call[0]);
  });
}
