import { z } from 'zod';
import { roles } from '../../bot/imbot/users.ts';
import type { AdminCore } from './core.ts';
import { searchText, time } from './im-views.ts';
import { operation } from './operation.ts';
import { numberPaging, page, paging } from './paging.ts';

const person = z.string().min(1).max(128);

const listUsers = operation({
  id: 'findImbotUsers',
  method: 'get',
  path: '/imbot/users',
  tag: 'messaging',
  summary: 'Users of the mini-program IM who have told of themselves, by id',
  query: z.strictObject({ ...paging, text: searchText }),
  answer: page(
    z.object({
      id: z.string(),
      role: z.enum(roles).describe('B: business, who answers; C: customer.'),
      wechat: z.looseObject({}).describe('Profile, as it was told.'),
      createdAt: time,
      updatedAt: time,
    }),
  ),
  handle: async ({ imbot }, { query }) => {
    const { limit, text, cursor } = query;
    const after = cursor === undefined ? {} : { after: cursor };
    const items = await imbot.users.list({ text, limit, ...after });
    const last = items.length === limit ? items.at(-1) : undefined;
    return { items, next: last?.id ?? null };
  },
});

/** So many queues are shown. */
const most = 200;

const listQueues = operation({
  id: 'listImbotQueues',
  method: 'get',
  path: '/imbot/queues',
  tag: 'messaging',
  summary: 'Queues in which something waits for a person',
  query: z.strictObject({ to: person }),
  answer: z.object({
    items: z
      .array(z.object({ from: z.string(), to: z.string(), count: z.int() }))
      .describe(`The newest message's own time first; at most ${most}.`),
  }),
  handle: async ({ im, imbot }, { query }) => {
    const user = await im.names.find(query.to);
    const all = user === undefined ? [] : await imbot.pairs.counts(user);
    return { items: all.slice(0, most).map(({ from, to, count }) => ({ from, to, count })) };
  },
});

const lookIntoQueue = operation({
  id: 'lookIntoImbotQueue',
  method: 'get',
  path: '/imbot/queue',
  tag: 'messaging',
  summary: 'What waits from one person for another; nothing is taken',
  query: z.strictObject({ ...numberPaging, from: person, to: person }),
  answer: page(
    z.object({
      seq: z.int().describe('Its place in the queue.'),
      at: time.describe('When it came, epoch milliseconds.'),
      msg: z.looseObject({}).describe('As it was given.'),
    }),
  ),
  handle: async (core, { query }) => {
    const pair = await pairOf(core, query.from, query.to);
    if (pair === undefined) return { items: [], next: null };
    const found = await core.imbot.pairs.look(pair, query.cursor ?? 0, query.limit);
    const items = found.map(({ seq, at, body }) => ({
      seq,
      at,
      // Written by us.
      msg: JSON.parse(body) as Record<string, unknown>,
    }));
    const last = items.length === query.limit ? items.at(-1) : undefined;
    return { items, next: last === undefined ? null : String(last.seq) };
  },
});

export const imbotOperations = [listUsers, listQueues, lookIntoQueue];

async function pairOf({ im, imbot }: AdminCore, from: string, to: string) {
  const sender = await im.names.find(from);
  const receiver = sender && (await im.names.find(to));
  return sender && receiver && (await imbot.pairs.find(sender, receiver));
}
