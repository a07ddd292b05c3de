import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import type { LiveGroup, Member } from '../../bot/im/group.ts';
import { messageKinds, type Placed } from '../../bot/im/message.ts';
import { badCursor } from './errors.ts';
import { knownGroup } from './im-groups.ts';
import { knownUser } from './im-users.ts';
import { groupParams, time, userParams } from './im-views.ts';
import { operation } from './operation.ts';
import { numberPaging, page, paging } from './paging.ts';

const party = z.int().exactOptional();
const view = z.object({
  seq: z
    .int()
    .describe('Its place in the inbox; clients call it key, `GET /messages` calls it id.'),
  id: z.int().describe('Its number in the log of all messages.'),
  kind: z.enum(messageKinds),
  appid: z.int(),
  sender: z.int().describe('0: the system.'),
  receiver: z.int().describe('A uid; of group and notice the number of the group.'),
  device: z.int().describe('On which it was said; 0: a web session, or REST.'),
  parties: z
    .object({
      senderApp: party,
      receiverApp: party,
      customerApp: party,
      customer: party,
      storeId: party,
      seller: party,
      conversation: party.describe('Of the conversation with a customer.'),
      agent: z.string().exactOptional().describe('Who answered in it; absent: the customer.'),
    })
    .nullable()
    .describe('What messages of customer service name besides.'),
  at: time,
  text: z.string().nullable().describe('What was said; null: it is not UTF-8.'),
  json: z
    .unknown()
    .optional()
    .describe('The same parsed, where it is a JSON object or list; else absent.'),
  base64: z.string().nullable().describe('What was said where it is not UTF-8.'),
});
const groupView = view.extend({
  inboxOf: z
    .int()
    .nullable()
    .describe('The member in whose inbox it has this place; null: the inbox of the group.'),
});

const ofUser = operation({
  id: 'listImInbox',
  method: 'get',
  path: '/im/apps/{appid}/users/{uid}/messages',
  tag: 'messaging',
  summary: 'What a user said and was told, newest first',
  description: 'What was said in super groups lies in the inboxes of those.',
  params: userParams,
  query: z.strictObject(numberPaging),
  answer: page(view),
  handle: async (core, { params: user, query }) => {
    await knownUser(core, user);
    const { limit, cursor: before = Number.MAX_SAFE_INTEGER } = query;
    const placed = await core.im.log.readBack(user, before, limit + 1);
    const items = placed.slice(0, limit);
    const last = placed.length > limit ? items.at(-1) : undefined;
    return { items: items.map(viewOf), next: last === undefined ? null : String(last.seq) };
  },
});

const ofGroup = operation({
  id: 'listImGroupMessages',
  method: 'get',
  path: '/im/groups/{gid}/messages',
  tag: 'messaging',
  summary: 'What was said in a group and about it, newest first',
  description:
    'Of a super group from its own inbox; what was said before it was one, and of other groups ' +
    'everything, from the inbox of the member that has been in it longest, as far as that goes back.',
  params: groupParams,
  query: z.strictObject(paging),
  answer: page(groupView),
  handle: async (core, { params: { gid }, query }) => {
    const group = await knownGroup(core, gid);
    const { log } = core.im;
    const { limit } = query;
    const from = readCursor(query.cursor);
    const own: Placed[] = [];
    if (group.super && from.uid === undefined) {
      own.push(...(await log.readGroupBack(gid, from.seq, limit)));
    }
    const items = own.map((one) => ({ ...viewOf(one), inboxOf: null as number | null }));
    const lastOwn = own.at(-1);
    if (own.length === limit) return { items, next: cursorOf('own', lastOwn) };

    const uid = from.uid ?? oldestMember(group);
    if (uid === undefined) return { items, next: null };
    const seq = from.uid === undefined ? Number.MAX_SAFE_INTEGER : from.seq;
    // What lies in the group's own inbox may lie in that of a member, too.
    const before = { seq, id: lastOwn?.message.id ?? from.id };
    const left = limit - own.length;
    const older = await log.readOfGroup(gid, { appid: group.appid, uid }, before, left);
    items.push(...older.map((one) => ({ ...viewOf(one), inboxOf: uid })));
    return { items, next: older.length === left ? cursorOf(uid, older.at(-1)) : null };
  },
});

export const imHistoryOperations = [ofUser, ofGroup];

/** The one who was told most of what was said. */
function oldestMember({ members }: LiveGroup): number | undefined {
  let oldest: Member | undefined;
  for (const member of members.values()) {
    if (oldest === undefined || member.joinedAt < oldest.joinedAt) oldest = member;
  }
  return oldest?.uid;
}

/** Behind which message a page begins: whose inbox it lies in, its place there, its number. */
function cursorOf(inbox: number | 'own', last: Placed | undefined): string | null {
  return last === undefined ? null : `${inbox}:${last.seq}:${last.message.id}`;
}

function readCursor(cursor: string | undefined): {
  uid: number | undefined;
  seq: number;
  id: number;
} {
  const newest = Number.MAX_SAFE_INTEGER;
  if (cursor === undefined) return { uid: undefined, seq: newest, id: newest };
  const [, inbox, seq, id] = /^(own|-?\d{1,16}):(\d{1,15}):(\d{1,15})$/.exec(cursor) ?? [];
  if (inbox === undefined) throw badCursor();
  return { uid: inbox === 'own' ? undefined : Number(inbox), seq: Number(seq), id: Number(id) };
}

function viewOf({ seq, message }: Placed): z.output<typeof view> {
  const { id, kind, appid, sender, receiver, device, parties, at, content } = message;
  const facts = { seq, id, kind, appid, sender, receiver, device, parties: parties ?? null, at };
  return { ...facts, ...contentOf(content) };
}

function contentOf(content: Buffer) {
  if (!isUtf8(content)) return { text: null, base64: content.toString('base64') };
  const text = content.toString('utf8');
  const json = jsonOf(text);
  return { text, base64: null, ...(json !== undefined && { json }) };
}

/** @NOTE clients agree to say JSON objects; what only looks like JSON is plain text. */
function jsonOf(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    // Begins like an object or a list: it is nothing else.
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
