import { z } from 'zod';
import { liveTopics } from '../../bot/live.ts';

/** What a client may say on the socket. */
export const clientFrame = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('subscribe'),
    topics: z.array(z.enum(liveTopics)).max(liveTopics.length * 2),
    epoch: z.string().max(64).optional().describe('Of the hello the numbers are from.'),
    seq: z.int().min(0).optional().describe('Of the last change that was seen.'),
  }),
  z.strictObject({
    type: z.literal('follow'),
    chid: z.string().min(1).max(64),
    after: z.int().min(0).describe('Id of the last event that was seen; 0: from the beginning.'),
  }),
  z.strictObject({ type: z.literal('unfollow'), chid: z.string().min(1).max(64) }),
  z.strictObject({ type: z.literal('ping') }),
  z.strictObject({ type: z.literal('pong') }),
]);
export type ClientFrame = z.output<typeof clientFrame>;
