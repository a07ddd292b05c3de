import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { wordsOf } from './issue-words.ts';

const root = join(import.meta.dirname, '..');

it('all that the schemas say is said in both languages', () => {
  const said = new Set<string>();
  for (const folder of ['api', 'config']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/(?<!\.test)\.ts$/.test(name) || /^console/.test(name)) continue;
      const source = readFileSync(join(root, folder, name), 'utf8');
      for (const [, words = ''] of source.matchAll(/(?:error|message): '([a-z][^']+)'/g)) {
        said.add(words);
      }
      for (const [, words = ''] of source.matchAll(/(?:regex|refine)\([^\n]*, '([a-z][^']+)'\)/g)) {
        said.add(words);
      }
    }
  }
  expect(said.size).toBeGreaterThan(25);
  const left = [...said].filter((words) => !/\p{Script=Han}/u.test(wordsOf(words).zh));
  expect(
    left.filter(
      (words) => !/^(?:the |there |too |nothing can )|^(?:common|success|pong|wrong)$/.test(words),
    ),
  ).toEqual([]);
});
