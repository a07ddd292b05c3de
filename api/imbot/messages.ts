import { z } from 'zod';
import type { Granted } from '../middleware/access.ts';
import type { ImbotCore } from './core.ts';
import { route } from './route.ts';
import { historyQuery, msg, ownQuery, pairQuery } from './schema.ts';

const count = z.int().min(0);
const msgs = z.array(msg);

/**
 * @NOTE the document shows an empty list only. The rows are those of the original; a queue gives the
 * messages alone, as it did there.
 */
const historyRow = z.object({ fromUserId: z.string(), toUserId: z.string(), msg });

const pendingCount = route({
  id: 'countImbotMessages',
  method: 'get',
  path: '/pending_count',
  summary: 'How many messages from one person to another wait',
  query: pairQuery,
  answer: z.object({ count }),
  handle: async ({ names, pairs, access }, { query, granted }) => {
    const { fromUserId, toUserId } = query;
    access.assertIs(granted, fromUserId, toUserId);
    const pair = await pairOf({ names, pairs }, query);
    return { value: { count: pair === undefined ? 0 : await pairs.count(pair) } };
  },
});

// @NOTE the original wrapped the list in `count`.
const pendingCounts = route({
  id: 'listImbotCounts',
  method: 'get',
  path: '/pending_count_list',
  summary: 'Who has written to a person and was not read yet, the newest first',
  changes: true,
  query: ownQuery,
  answer: z.array(
    z.object({
      fromUserId: z.string(),
      timestamp: z.unknown().describe('Of the newest message that waits, as it was given.'),
      count,
    }),
  ),
  handle: async (core, { query, granted }) => {
    const { names, pairs, access } = core;
    const { userId } = query;
    access.assertIs(granted, userId);
    await noteAgent(core, userId, granted);
    const user = await names.find(userId);
    const all = user === undefined ? [] : await pairs.counts(user);
    const value = all.map((one) => ({
      fromUserId: one.from,
      timestamp: one.timestamp,
      count: one.count,
    }));
    return { value };
  },
});

const takeMessages = route({
  id: 'takeImbotMessages',
  method: 'get',
  path: '/pending_msgs',
  summary: 'Take the messages from one person to another that wait, oldest first',
  description:
    'Each message is given once, whoever asks at the same time. At most 10,000 messages or 8 MB ' +
    'at a time; the rest waits for the next call.',
  changes: true,
  query: pairQuery,
  answer: z.object({ msgs }),
  handle: async (core, { query, granted }) => {
    core.access.assertIs(granted, query.toUserId);
    await noteAgent(core, query.toUserId, granted);
    const pair = await pairOf(core, query);
    const bodies = pair === undefined ? [] : await core.pairs.take(pair);
    return { json: spell(bodies) };
  },
});

const history = route({
  id: 'listImbotMessages',
  method: 'get',
  path: '/msg',
  summary: 'What one person has written to another, by the messages’ own times, oldest first',
  description:
    'Where there is more than `limit` (or 8 MB), `next` says where to go on: give it as `after`.',
  query: historyQuery,
  answer: z.object({ msgs: z.array(historyRow), next: z.string().optional() }),
  handle: async ({ names, pairs, access }, { query, granted }) => {
    const { fromUserId, toUserId, startTimeStamp: from, endTimeStamp: to, limit } = query;
    access.assertIs(granted, fromUserId, toUserId);
    const pair = await pairOf({ names, pairs }, query);
    if (pair === undefined) return { json: spell([]) };
    const [own, id] = (query.after ?? '').split('_').map(Number);
    const after = own === undefined || id === undefined ? {} : { after: { own, id } };
    const { bodies, next } = await pairs.history(pair, { from, to, limit, ...after });
    const head = `{"fromUserId":${JSON.stringify(fromUserId)},"toUserId":${JSON.stringify(toUserId)},"msg":`;
    const rows = bodies.map((body) => `${head}${body}}`);
    return { json: spell(rows, next && `${next.own}_${next.id}`) };
  },
});

export const messageRoutes = [pendingCount, pendingCounts, takeMessages, history];

/** Who answers customers and asks for messages is there, though he has no connection. */
async function noteAgent(
  { users, names, conversations }: ImbotCore,
  id: string,
  { agent, userId }: Granted,
): Promise<void> {
  if (conversations === undefined || !agent) return;
  // An agent by the config needs no role.
  if (userId === undefined && !users.isBusiness(id)) return;
  // Nobody may have written to him yet.
  await names.get(id);
  conversations.agentAsked(id);
}

/** Undefined: the one has never written to the other. */
async function pairOf(
  { names, pairs }: Pick<ImbotCore, 'names' | 'pairs'>,
  { fromUserId, toUserId }: { fromUserId: string; toUserId: string },
): Promise<number | undefined> {
  const from = await names.find(fromUserId);
  const to = from && (await names.find(toUserId));
  return from && to && (await pairs.find(from, to));
}

/** The messages go as they came. */
function spell(bodies: readonly string[], next?: string): string {
  const more = next === undefined ? '' : `,"next":${JSON.stringify(next)}`;
  return `{"msgs":[${bodies.join(',')}]${more}}`;
}
