import type { z } from 'zod';
import { wordsOfIssue } from './issue-words.ts';
import type { Text } from './text.ts';

type Issue = z.core.$ZodIssue;

/** What the schema found, field by field, in both languages. */
export function faultsOf(issue: Issue, input: unknown): Text[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => fault([...path, key], wordsOfIssue(issue, false)));
  }
  const nearest = issue.code === 'invalid_union' ? nearestOf(issue) : undefined;
  if (nearest !== undefined) {
    return nearest.flatMap((one) => faultsOf({ ...one, path: [...path, ...one.path] }, input));
  }
  return [fault(path, wordsOfIssue(issue, valueAt(input, path) === undefined))];
}

/** Of several forms the one that was meant: whose faults lie within, not at its beginning. */
function nearestOf({ errors }: z.core.$ZodIssueInvalidUnion): Issue[] | undefined {
  return errors.find((issues) => issues.length > 0 && issues.every(({ path }) => path.length > 0));
}

function fault(path: readonly PropertyKey[], { zh, en }: Text): Text {
  if (path.length === 0) return { zh: `（顶层）: ${zh}`, en: `(top): ${en}` };
  const where = formatPath(path);
  return { zh: `${where}: ${zh}`, en: `${where}: ${en}` };
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}

/** What is wrong with JSON, by the parser's name for it. */
export function syntaxWords(code: string): Text {
  return syntax[code] ?? { zh: `不是合法的 JSON（${code}）`, en: `not valid JSON (${code})` };
}

const syntax: Readonly<Record<string, Text>> = {
  InvalidSymbol: { zh: '无法识别的符号', en: 'a word that is none of JSON' },
  InvalidNumberFormat: { zh: '数字格式不正确', en: 'this is no number' },
  PropertyNameExpected: { zh: '此处应为属性名', en: 'the name of a property is missing' },
  ValueExpected: { zh: '缺少值', en: 'a value is missing' },
  ColonExpected: { zh: '缺少冒号', en: 'a colon is missing' },
  CommaExpected: { zh: '缺少逗号', en: 'a comma is missing' },
  CloseBraceExpected: { zh: '缺少 }', en: '} is missing' },
  CloseBracketExpected: { zh: '缺少 ]', en: '] is missing' },
  EndOfFileExpected: { zh: '结尾之后还有内容', en: 'there is more behind its end' },
  InvalidCommentToken: { zh: '注释不正确', en: 'a comment that is none' },
  UnexpectedEndOfComment: { zh: '注释没有结束', en: 'a comment is not closed' },
  UnexpectedEndOfString: { zh: '字符串没有结束（缺少引号）', en: 'a string is not closed' },
  UnexpectedEndOfNumber: { zh: '数字不完整', en: 'a number is not complete' },
  InvalidUnicode: { zh: 'Unicode 转义不正确', en: 'an escape of Unicode is wrong' },
  InvalidEscapeCharacter: { zh: '转义不正确', en: 'an escape is wrong' },
  InvalidCharacter: { zh: '字符串中有非法字符', en: 'a character that no string may hold' },
};
