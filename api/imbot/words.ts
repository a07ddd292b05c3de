import type { Text } from '../../bot/errors.ts';

/** What is said of a field, as the schemas have it, and in Chinese. */
const fixed: Readonly<Record<string, string>> = {
  missing: '缺失',
  'must be a string': '须为字符串',
  'must not be empty': '不能为空',
  'must be text without control characters': '不能含控制字符',
  'must be a number': '须为数字',
  'must be a number or its digits': '须为数字或数字字符串',
  'must be a string or a number': '须为字符串或数字',
  'must be an object': '须为对象',
  'must be the `next` of the page before': '须为上一页的 next',
};
const patterns: readonly (readonly [RegExp, string])[] = [
  [/^must not be longer than (\d+) characters$/, '不能超过 $1 个字符'],
  [/^must be 1 to (\d+)$/, '须为 1 到 $1'],
  [/^must be (\w) or (\w)$/, '须为 $1 或 $2'],
];

/** The words of a schema in both languages. */
export function wordsOf(reason: string): Text {
  const found = patterns.find(([pattern]) => pattern.test(reason));
  const zh = fixed[reason] ?? (found === undefined ? undefined : reason.replace(...found));
  return { zh: zh ?? reason, en: reason };
}
