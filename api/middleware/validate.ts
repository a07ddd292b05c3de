import type { z } from 'zod';
import { AppError, type ErrorCode } from '../../bot/errors.ts';
import { wordsOfIssue } from '../../config/issue-words.ts';

/**
 * Checks outside data against a schema; the first fault is named with its path, e.g. `members[0]`.
 * @throws AppError field_missing, field_type or field_value
 */
export function validate<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw new Error('a failed validation without an issue');
  const path =
    issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const field = formatPath(path);
  const where = field === '' ? '' : `${field}: `;
  const code = codeOf(issue, input);
  const words = wordsOfIssue(issue, code === 'field_missing');
  const text = { zh: `${where}${words.zh}`, en: `${where}${words.en}` };
  throw new AppError(code, text, field === '' ? {} : { field });
}

function codeOf(issue: z.core.$ZodIssue, input: unknown): ErrorCode {
  if (issue.code === 'unrecognized_keys') return 'field_value';
  let value = input;
  for (const key of issue.path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  if (value === undefined) return 'field_missing';
  return issue.code === 'invalid_type' ? 'field_type' : 'field_value';
}

function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}
