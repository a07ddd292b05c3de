import { z } from 'zod';
import { type Heard, newestOf } from '../../bot/im/history.ts';
import type { Message, MessageKind } from '../../bot/im/message.ts';
import { unreadOf } from '../../bot/im/unread.ts';
import { refusal } from './envelope.ts';
import { route, selfOf } from './route.ts';
import { id, uid } from './schema.ts';

/** So many entries of the inboxes are looked through. */
const newest = 1024;

/** What is history, and the number of its frame on the wire. */
const commands: Partial<Record<MessageKind, number>> = {
  peer: 4,
  group: 8,
  toDesk: 24,
  fromDesk: 25,
  customer: 64,
};

const entry = z.object({
  id: z
    .int()
    .describe('Sync key of the message: in the inbox of the caller, or of the super group.'),
  super: z.literal(1).optional().describe('It was said in a super group.'),
  command: z.int(),
  sender: z.int(),
  receiver: z.int(),
  content: z.string(),
  timestamp: z.int().describe('Seconds.'),
  sender_appid: z.int().optional(),
  receiver_appid: z.int().optional(),
  customer_appid: z.int().optional(),
  customer_id: z.int().optional(),
  store_id: z.int().optional(),
  seller_id: z.int().optional(),
});

const readHistory = route({
  id: 'readHistory',
  method: 'get',
  path: '/messages',
  caller: 'client',
  summary:
    'What was said to and by the caller, oldest first: of the newest 1024 entries of the own inbox and of super groups',
  description: 'Without what the system said and notices of groups.',
  query: z.object({ store: id.optional().describe('Only what was said at this desk.') }),
  answer: z.array(entry),
  handle: async (im, asked) => {
    const { store } = asked.query;
    const entries = (await newestOf(im, selfOf(asked), newest)).flatMap(entryOf);
    return store === undefined ? entries : entries.filter((one) => one.store_id === store);
  },
});

const countOffline = route({
  id: 'countOffline',
  method: 'get',
  path: '/messages/offline',
  caller: 'either',
  summary: 'How much waits for a user, and whether any of it deserves a notice',
  description:
    'In the own inbox and in super groups. The application names a user or a customer. Quiet conversations are not new, nor is anything ' +
    'for a user who is mute while a desktop of the user is online.',
  query: z.object({
    uid: uid.optional(),
    customer_id: z.string().optional(),
    platform_id: z.unknown().optional().describe('Not needed.'),
    device_id: z.unknown().optional(),
  }),
  answer: z.object({ count: z.int(), new: z.literal([0, 1]) }),
  handle: async (im, { appid, user, query }) => {
    const named = query.uid;
    if (user !== undefined && named !== undefined && named !== user.uid) {
      throw refusal(403, 'uid must be self');
    }
    const customer = query.customer_id ?? '';
    if (user !== undefined && customer !== '') {
      const own = (await im.desks.clientOf(appid, customer)) === user.uid;
      if (!own) throw refusal(403, 'customer_id must be self');
    }
    if (user === undefined && named === undefined && customer === '') {
      throw refusal(400, 'invalid uid');
    }
    const whom = user?.uid ?? named ?? (await im.desks.clientOf(appid, customer));
    // A customer who never came: nothing waits for him.
    if (whom === undefined) return { count: 0, new: 0 };
    const { count, isNew } = await unreadOf(im, { appid, uid: whom });
    return { count, new: isNew ? 1 : 0 };
  },
});

export const historyRoutes = [readHistory, countOffline];

function entryOf({ seq, message, gid }: Heard): z.output<typeof entry>[] {
  const command = commands[message.kind];
  if (command === undefined) return [];
  const { sender, receiver, content, at } = message;
  const inGroup = gid === undefined ? {} : { super: 1 as const };
  const head = { id: seq, ...inGroup, command, sender, receiver };
  const rest = { content: content.toString('utf8'), timestamp: Math.floor(at / 1000) };
  return [{ ...head, ...partiesOf(message), ...rest }];
}

function partiesOf({ appid, kind, sender, receiver, parties = {} }: Message) {
  if (kind === 'customer') {
    const { senderApp = appid, receiverApp = appid } = parties;
    return { sender_appid: senderApp, receiver_appid: receiverApp };
  }
  if (kind !== 'toDesk' && kind !== 'fromDesk') return {};
  const [customer, seller] = kind === 'toDesk' ? [sender, receiver] : [receiver, sender];
  return {
    customer_appid: parties.customerApp ?? appid,
    customer_id: parties.customer ?? customer,
    store_id: parties.storeId ?? 0,
    seller_id: parties.seller ?? seller,
  };
}
