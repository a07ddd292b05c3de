import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { adminOperations } from '../api/admin/operations.ts';

it('the audit of the console has words for everything that operators do', () => {
  const file = new URL('../console/screens/access/deed-words.ts', import.meta.url);
  const [, zh = '', en = ''] = readFileSync(file, 'utf8').split(/^ {2}\{$/m);
  const named = (source: string): string[] =>
    [...source.matchAll(/^ {4}(\w+): ./gm)].map(([, name = '']) => name);
  const done = adminOperations.filter(({ method }) => method !== 'get').map(({ id }) => id);
  expect(named(zh).sort()).toEqual([...done].sort());
  expect(named(en).sort()).toEqual([...done].sort());
});
