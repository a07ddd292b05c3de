import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { wordsOf, wordsOfIssue } from './issue-words.ts';

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

it.each([
  [z.string().min(1), '', '不能为空', 'must not be empty'],
  [z.string().min(2), 'x', '不能少于 2 个字符', 'must have at least 2 characters'],
  [z.string().max(1), 'xx', '不能超过 1 个字符', 'must not be longer than 1 character'],
  [z.string().length(4), 'x', '须为 4 个字符', 'must have 4 characters'],
  [z.array(z.int()).min(1), [], '不能为空', 'must not be empty'],
  [z.array(z.int()).max(1), [1, 2], '不能超过 1 项', 'must have at most 1 item'],
  [z.record(z.string(), z.int()).refine(() => true), 3, '须为对象', 'must be an object'],
  [z.int(), 1.5, '须为整数', 'must be a whole number'],
  [z.number().positive(), 0, '须大于 0', 'must be above 0'],
  [z.email(), 'x', '须为邮箱地址', 'must be an e-mail address'],
  [
    z.iso.datetime(),
    'x',
    '须为时间，如 2026-03-01T09:00:00Z',
    'must be a time: 2026-03-01T09:00:00Z',
  ],
  [z.literal(['a', 'b']), 'c', '须为以下之一：a, b', 'must be one of a, b'],
  [z.literal('a'), 'c', '须为 a', 'must be a'],
])('says plainly what is wrong: %#', (schema, value, zh, en) => {
  const issue = schema.safeParse(value).error?.issues[0];
  if (issue === undefined) throw new Error('it was taken');
  expect(wordsOfIssue(issue, false)).toEqual({ zh, en });
});
