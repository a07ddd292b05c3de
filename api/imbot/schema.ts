import { z } from 'zod';
import { roles } from '../../bot/imbot/users.ts';
import { wordsOf } from '../../config/issue-words.ts';
import { refusal } from './read-body.ts';

/** Largest `msg`, as JSON. */
export const msgBytes = 65_536;

/** A person: an openId, or whatever the application calls him. */
const personId = z
  .string({ error: 'must be a string' })
  .min(1, { error: 'must not be empty' })
  .max(128, { error: 'must not be longer than 128 characters' })
  .refine(isPlain, { error: 'must be text without control characters' });

/** A time as clients give it: digits. It is never converted. */
const digits = z.string().regex(/^\d{1,16}$/, { error: 'must be a number or its digits' });
const timestamp = z
  .union([z.number().min(0).max(1e16), digits], { error: 'must be a number or its digits' })
  .describe('Milliseconds (or seconds) since 1970; compared and returned as it was given.');

const text = z.string({ error: 'must be a string' });

/** @NOTE the document's kinds are text and image: `reply` is the text, or the address of the image. */
export const msg = z
  .looseObject(
    {
      type: text
        .min(1, { error: 'must not be empty' })
        .max(64, { error: 'must not be longer than 64 characters' })
        .optional()
        .describe('text, image, or another word.'),
      reply: z.unknown().optional().describe('The text; of an image its address.'),
      timestamp,
    },
    { error: 'must be an object' },
  )
  .superRefine((value, context) => {
    const { type, reply } = value;
    if ((type !== 'text' && type !== 'image') || typeof reply === 'string') return;
    context.addIssue({ code: 'custom', path: ['reply'], message: 'must be a string' });
  });

const templateUrl = text
  .max(2048, { error: 'must not be longer than 2048 characters' })
  .nullish()
  .describe('Whom to tell when the message is not fetched in time.');

export const sayBody = z.object({
  fromUserId: personId,
  toUserId: personId,
  templateUrl,
  msg,
});

export const userBody = z.object({
  id: personId,
  role: z.enum(roles, { error: `must be ${roles.join(' or ')}` }).exactOptional(),
  wechat: z
    .looseObject(
      {
        nickName: text.exactOptional(),
        gender: z
          .union([z.string(), z.number()], { error: 'must be a string or a number' })
          .exactOptional(),
        avatarUrl: text.exactOptional(),
      },
      { error: 'must be an object' },
    )
    .exactOptional(),
});

export const userView = z.object({
  id: z.string(),
  role: z.enum(roles).describe('B: business, who answers; C: customer.'),
  wechat: z.looseObject({
    nickName: z.string().optional(),
    gender: z.union([z.string(), z.number()]).optional(),
    avatarUrl: z.string().optional(),
  }),
});

const formId = text
  .min(1, { error: 'must not be empty' })
  .max(512, { error: 'must not be longer than 512 characters' })
  .refine(isPlain, { error: 'must be text without control characters' });

export const formBody = z.object({ openId: personId, formId });

export const templateBody = z.object({
  formId: z.union([formId, z.literal('')], { error: 'must be a string' }).nullish(),
  fromUserId: personId,
  toUserId: personId,
  msg,
});

/** Milliseconds or seconds: whatever the messages' own times are. */
const bound = z
  .string({ error: 'must be a number' })
  .regex(/^\d{1,16}(?:\.\d{1,9})?$/, { error: 'must be a number' })
  .transform(Number);

function atMost(most: number) {
  const error = `must be 1 to ${most}`;
  return z
    .string({ error })
    .regex(/^\d{1,6}$/, { error })
    .transform(Number)
    .pipe(z.int().min(1, { error }).max(most, { error }));
}

export const historyQuery = z.object({
  fromUserId: personId,
  toUserId: personId,
  startTimeStamp: bound.describe('Inclusive.'),
  endTimeStamp: bound.describe('Exclusive.'),
  limit: atMost(10_000).default(1000),
  after: z
    .string()
    .regex(/^\d{1,16}(?:\.\d{1,9})?_\d{1,16}$/, { error: 'must be the `next` of the page before' })
    .optional()
    .describe('`next` of the page before.'),
});

export const pairQuery = z.object({ fromUserId: personId, toUserId: personId });
export const ownQuery = z.object({ userId: personId });
export const idQuery = z.object({ id: personId });
export const openIdQuery = z.object({ openId: personId });
export const codeQuery = z.object({
  code: text
    .min(1, { error: 'must not be empty' })
    .max(512, { error: 'must not be longer than 512 characters' })
    .describe('Of wx.login.'),
});
export const usersQuery = z.object({
  limit: atMost(10_000).default(10_000),
  after: text
    .max(128, { error: 'must not be longer than 128 characters' })
    .optional()
    .describe('Those whose id comes behind it.'),
});

/**
 * Checks a body or a query; the first fault is named with its path, e.g. `msg.timestamp`.
 * @throws HttpProblem 400
 */
export function check<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue === undefined) throw new Error('a failed check without an issue');
  const field = issue.path.map(String).join('.');
  const missing = valueAt(input, issue.path) === undefined;
  const reason = missing && field !== '' ? 'missing' : issue.message;
  if (field === '') {
    throw refusal(400, { zh: '请求体须为 JSON 对象', en: 'the body must be a JSON object' });
  }
  const { zh, en } = wordsOf(reason);
  throw refusal(400, { zh: `${field}：${zh}`, en: `${field}: ${en}` });
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

function isPlain(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  return value.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(value);
}
