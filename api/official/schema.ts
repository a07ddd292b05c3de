import { z } from 'zod';
import { kinds } from './kinds.ts';

/** Most receivers of one push. */
export const mostReceivers = 10_000;
/** Longest name of a user, in characters. */
export const longestName = 128;

/** Ids are texts; a number is taken for its digits. */
const idText = z.union([z.string(), z.number()]).transform(String);
const shortText = z
  .union([z.string(), z.number(), z.null()])
  .transform((value) => (value === null ? '' : String(value)))
  .refine((text) => text.length <= 1024, { error: 'longer than 1024 characters' });

/** Whom a frame can go to or come from. */
export const userName = idText.refine(isName, {
  error: `must be text of 1 to ${longestName} characters`,
});

export function isName(text: string): boolean {
  return (
    text.length > 0 && text.length <= longestName && text.isWellFormed() && !text.includes('\0')
  );
}

const data = z.object({
  id: idText
    .refine((text) => text.length <= 128, { error: 'longer than 128 characters' })
    .optional()
    .describe('Ours. Your name for it: within a day, the same name is done once.'),
  msg_type: shortText
    .optional()
    .describe(`${kinds.join(', ')}; any other with a \`msg.content\` is delivered as text.`),
  contact_id: userName.optional().describe('Who gets it.'),
  contact_ids: z.unknown().optional(),
  from_id: z
    .union([userName, z.literal('')])
    .optional()
    .describe('Ours. Who says it: contact_id of the frame that is delivered.'),
  name: shortText.optional().describe('Handed through.'),
  avatar: shortText.optional().describe('Handed through.'),
  company_id: shortText.optional().describe('Handed through.'),
  msg: z
    .looseObject({})
    .describe('`content` of a text, `media_path` of an image, a voice, a video.'),
});

const result = z
  .looseObject({
    code: z.union([z.number(), z.string()]).optional().describe('Counts without a msg_type.'),
  })
  .optional();

/** What is read of a push. Ten thousand receivers are looked at by hand: it is done in a tenth of the time. */
export const pushSchema = z.object({ data, result });

/** Section 2.1 of the document, as it is told; what it does not have is marked as ours. */
export const describedPush = z.object({
  data: data.extend({
    contact_ids: z
      .array(userName)
      .min(1)
      .max(mostReceivers)
      .optional()
      .describe('Ours. Who get it, instead of contact_id: all or none, one message.'),
  }),
  result,
});
export type PushBody = z.output<typeof pushSchema>;

export const pushAnswer = z.object({
  data: z.object({
    id: z.string().describe('Of the frame that is delivered.'),
    count: z.int().optional().describe('With contact_ids: how many get it.'),
  }),
  result: z.object({ code: z.literal(100), message: z.string() }),
});

export const pushRefusal = z.object({
  data: z.object({ id: z.string().optional() }),
  result: z.object({ code: z.literal(-1), message: z.string().describe('Names the field.') }),
});
