import { z } from 'zod';
import {
  faultKinds,
  faultTargets,
} from '../../bot/automation/drivers/simulator/simulator-types.ts';

const name = z.string().min(1).max(64);
const text = z.string().min(1).max(20_000);
const names = z.array(name).max(500);
const silent = z
  .boolean()
  .default(false)
  .describe('The bot is not told, as when an event gets lost.');

export const scanSchema = z.strictObject({
  account: name.optional().describe('Name of the WeChat account that scans; default: its own.'),
});

export const kickSchema = z.strictObject({ reason: z.string().min(1).max(200).optional() });

export const createRoomSchema = z.strictObject({
  topic: z.string().max(200).describe('Rooms may share a topic; it may be empty.'),
  members: names.default([]).describe('Names or ids; a name given twice is two people.'),
  silent,
});

export const changeRoomSchema = z.strictObject({
  topic: z.string().max(200).optional(),
  add: names.optional().describe('Names or ids; the account itself comes back.'),
  remove: names.optional().describe('Names or ids; the account itself: it is thrown out.'),
  silent,
});

export const saySchema = z.strictObject({
  from: name.describe('Name or id of a member.'),
  text,
  at: z.boolean().default(false).describe('Mentions the bot.'),
});

export const createContactSchema = z.strictObject({ name });

export const sayPrivatelySchema = z.strictObject({ text });

export const messagesQuery = z.strictObject({
  after: z.string().optional().describe('Id of a message: only those after it.'),
  limit: z.coerce.number().int().min(1).optional().describe('The newest so many.'),
});

export const faultSchema = z.strictObject({
  kind: z
    .preprocess(asWord, z.enum(faultKinds))
    .describe('lost-answer, lostAnswer and "lost answer" are one.'),
  on: z.enum(faultTargets).optional(),
  times: z.union([z.int().min(1), z.literal('always')]).optional(),
  ms: z.int().min(0).optional(),
  fault: z.enum(['offline', 'refused', 'rate', 'absent', 'unsupported', 'unknown']).optional(),
  chat: z.string().min(1).optional().describe('Only this room or contact, by id.'),
});

/** The one spelling of a fault's kind. */
function asWord(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const word = value
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/[\s_]+/g, '-')
    .toLowerCase();
  return word;
}
