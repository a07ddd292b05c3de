import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { citedIn, isTested } from './support/cited.ts';

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

it('every attack of the page on security is shown by a test that is there', () => {
  const security = readFileSync(join(root, 'docs/security.md'), 'utf8');
  const rows = security.split('\n').filter((line) => /^\| (?!attack|---)/.test(line));
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter((row) => citedIn(row).length === 0)).toEqual([]);
  // A citation that is spelled in another way would not be looked at.
  expect(rows.map((row) => citedIn(row).length)).toEqual(
    rows.map((row) => row.split(' › ').length - 1),
  );
  const missing = citedIn(security).filter(({ file, name }) => !isTested(join(root, file), name));
  expect(missing).toEqual([]);
});
