import { z } from 'zod';
import { longestQuestion } from '../../bot/chatbot/chat.ts';

const text = z.string({ error: 'must be text' });

/** Made by the client, one for each visit. */
export const sessionId = text
  .min(1, { error: 'must not be empty' })
  .max(128, { error: 'must not be longer than 128 characters' })
  .refine(isPlain, { error: 'must be text without control characters' })
  // Talks in rooms, and trials, are nobody's session.
  .regex(/^(?!(?:room|private|test):)/, { error: 'is taken' });

export const messageId = text
  .min(1, { error: 'must not be empty' })
  .max(300, { error: 'must not be longer than 300 characters' })
  .refine(isPlain, { error: 'must be text without control characters' });

export const content = text
  .min(1, { error: 'must not be empty' })
  .max(longestQuestion, { error: `must not be longer than ${longestQuestion} characters` });

export const timestamp = text
  .regex(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d$/, { error: 'must be yyyy/MM/dd HH:mm:ss' })
  .describe('yyyy/MM/dd HH:mm:ss in the zone of the daemon.');

export const sendBody = z.object({ sessionId, content, timestamp });
export const sessionBody = z.object({ sessionId });

export const namedSendBody = z.object({
  sessionId,
  messageId: messageId.describe('Made by the client; any text, best `<sessionId>--<uuid>`.'),
  content,
  timestamp: timestamp.optional(),
});

const replyId = messageId.describe('Of the reply, as sending answered it.');
export const replyBody = z.object({ sessionId, messageId: replyId });
export const appraiseBody = replyBody.extend({
  like: z.boolean({ error: 'must be true or false' }),
});

export const streamBody = z.object({
  sessionId,
  messageId: messageId
    .optional()
    .describe('With `content`: name of the question. Without: of the reply to go on with.'),
  content: content.optional().describe('Absent: an answer that was begun is gone on with.'),
  timestamp: timestamp.optional(),
  seq: z
    .int({ error: 'must be a number' })
    .min(-1)
    .optional()
    .describe('The last piece that came; a header Last-Event-ID says the same.'),
});

/** Numbers in a query are digits. */
const digits = (what: string) =>
  text
    .regex(/^\d{1,9}$/, { error: 'must be a whole number' })
    .transform(Number)
    .describe(what);

const waiting = {
  offset: digits(
    'So many characters of the answer are known already: the rest is given.',
  ).optional(),
  wait: digits('Seconds to wait for the answer, at most 25.').optional(),
};

/** Empty is as if it were not there. */
export const receiveQuery = z.object({
  sessionId,
  timestamp: z.union([z.literal(''), timestamp]).optional(),
  ...waiting,
});
export const namedReceiveQuery = z.object({ sessionId, messageId: replyId, ...waiting });

const envelope = <S extends z.ZodType>(data: S) =>
  z.object({ code: z.int(), message: z.string(), data });

export const emptyAnswer = envelope(z.object({}));
export const sentAnswer = envelope(
  z.object({
    sessionId: z.string(),
    messageId: z.string().describe('Of the reply to come.'),
    timestamp: z.string(),
  }),
);
export const receiveAnswer = envelope(
  z.object({
    sessionId: z.string(),
    content: z.string().describe('Empty while code is 100, unless `offset` asks for pieces.'),
    timestamp: z.string(),
  }),
);
export const namedReceiveAnswer = envelope(
  z.object({
    sessionId: z.string(),
    messageId: z.string(),
    content: z.string(),
    timestamp: z.string(),
    finish: z
      .string()
      .optional()
      .describe('stop, length, content_filter, error, cancelled; absent while it is made.'),
    reply: z.looseObject({ type: z.string() }).optional().describe('Of a card or an image.'),
  }),
);
export const refusalAnswer = envelope(z.object({}));

function isPlain(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  return value.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(value);
}
