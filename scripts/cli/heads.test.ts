import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { headIn } from './heads.ts';

/** They are called so in usages, too: they are codes. */
const codes = ['APPID', 'BOTCODE', 'CHID', 'GID', 'ID', 'MSGID', 'MSGIDS', 'SEQ', 'UID'];

it('every head of a table has its Chinese word, but for codes', () => {
  const sources = globSync('*.ts', { cwd: import.meta.dirname })
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .join('\n');
  const heads = new Set<string>();
  for (const [, head = ''] of sources.matchAll(/^\s+'?([A-Z][A-Z ]+)'?: \(/gm)) heads.add(head);
  for (const [, list = ''] of sources.matchAll(/heads\(\[([^\]]*)\]/g)) {
    for (const [, head = ''] of list.matchAll(/'([A-Z]+)'/g)) heads.add(head);
  }
  expect(heads.size).toBeGreaterThan(70);
  const left = [...heads].filter((head) => !/\p{Script=Han}/u.test(headIn('zh', head)));
  expect(left.sort()).toEqual(codes);
  expect(headIn('en', 'STATE')).toBe('STATE');
});
