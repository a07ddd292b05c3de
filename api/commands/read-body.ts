import type { z } from 'zod';
import { wordsOfIssue } from '../../config/issue-words.ts';
import { Refusal, rtCodeOf } from './rt-code.ts';
import type { Fault } from './schema.ts';

/** Checks reqBody against a command's schema; the first fault is told, with its path. */
export function readBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> | Refusal {
  if (body !== undefined && (typeof body !== 'object' || Array.isArray(body))) {
    return new Refusal('31', {
      zh: 'reqBody 不是 JSON 对象',
      en: 'reqBody is not a JSON object',
    });
  }
  const parsed = schema.safeParse(body ?? {}, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw new Error('a failed check without an issue');
  return refusal(issue);
}

function refusal(issue: z.core.$ZodIssue): Refusal {
  const where = pathOf(issue.path);
  const own = issue.code === 'custom' ? (issue.params as Fault | undefined) : undefined;
  if (own !== undefined) {
    return new Refusal(rtCodeOf[own.error], {
      zh: `${where} ${own.text.zh}`,
      en: `${where} ${own.text.en}`,
    });
  }
  if (issue.code === 'invalid_type') {
    // A null among the elements of a list is an element, not a field that was left out.
    const inList = typeof issue.path.at(-1) === 'number';
    if (issue.input === undefined || (issue.input === null && !inList)) {
      return new Refusal('30', { zh: where, en: where });
    }
  }
  const { zh, en } = wordsOfIssue(issue, false);
  const code = issue.code === 'invalid_type' ? '31' : '32';
  return new Refusal(code, { zh: `${where} ${zh}`, en: `${where} ${en}` });
}

/** `reqBody.atList[2]` */
function pathOf(path: readonly PropertyKey[]): string {
  let text = 'reqBody';
  for (const part of path) text += typeof part === 'number' ? `[${part}]` : `.${String(part)}`;
  return text;
}
