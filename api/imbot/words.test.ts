import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { wordsOf } from '../../config/issue-words.ts';
import { HttpProblem } from '../middleware/problem.ts';
import { check, historyQuery, sayBody, userBody, usersQuery } from './schema.ts';

it('all that the schemas say is said in both languages', () => {
  const source = readFileSync(join(import.meta.dirname, 'schema.ts'), 'utf8');
  const said = [...source.matchAll(/(?:error|message): '([^']+)'/g)].map(([, words = '']) => words);
  expect(said.length).toBeGreaterThan(15);
  for (const words of [...said, 'missing', 'must be B or C', 'must be 1 to 10000']) {
    expect(wordsOf(words).en).toBe(words);
    expect(wordsOf(words).zh, words).toMatch(/^[^A-Za-z]*(?:next|B 或 C)?$/);
  }
});

it.each([
  [sayBody, { toUserId: 'b', msg: {} }, 'fromUserId：缺失', 'fromUserId: missing'],
  [sayBody, { fromUserId: 1 }, 'fromUserId：须为字符串', 'fromUserId: must be a string'],
  [sayBody, [], '请求体须为 JSON 对象', 'the body must be a JSON object'],
  [userBody, { id: 'a', role: 'x' }, 'role：须为 B 或 C', 'role: must be B or C'],
  [usersQuery, { limit: '0' }, 'limit：须为 1 到 10000', 'limit: must be 1 to 10000'],
  [usersQuery, { after: 'x'.repeat(129) }, 'after：不能超过 128 个字符', undefined],
  [historyQuery, {}, 'fromUserId：缺失', 'fromUserId: missing'],
])('%#: a fault is named in the language of the config', (schema, input, zh, en) => {
  let refused: unknown;
  try {
    check(schema, input);
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(HttpProblem);
  const { text } = refused as HttpProblem;
  expect(text.zh).toBe(zh);
  if (en !== undefined) expect(text.en).toBe(en);
});
