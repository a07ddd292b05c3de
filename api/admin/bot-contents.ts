import { z } from 'zod';
import type { RoomView } from '../../bot/automation/bots/bot-port.ts';
import { DriverError } from '../../bot/automation/driver.ts';
import { AppError } from '../../bot/errors.ts';
import { sentence } from '../sentence.ts';
import { member, roomView } from './bot-views.ts';
import { botParams, knownBot } from './bots.ts';
import { notFound } from './errors.ts';
import { operation } from './operation.ts';
import { page, pageOf, paging } from './paging.ts';

const listRooms = operation({
  id: 'listRooms',
  method: 'get',
  path: '/bots/{botcode}/rooms',
  tag: 'bots',
  summary: 'Rooms the bot is in, by id',
  params: botParams,
  query: z.strictObject({
    ...paging,
    topic: z.string().max(256).optional().describe('Only rooms whose topic holds this text.'),
  }),
  answer: page(roomView),
  handle: async (core, { params: { botcode }, query }) => {
    const { topic, ...where } = query;
    const rooms = knownBot(core, botcode).rooms.list();
    const fitting = topic === undefined ? rooms : rooms.filter((one) => holds(one, topic));
    const { items, next } = pageOf(fitting, (room) => room.id, where);
    return { items: items.map(toRoomView), next };
  },
});

const getRoom = operation({
  id: 'getRoom',
  method: 'get',
  path: '/bots/{botcode}/rooms/{roomId}',
  tag: 'bots',
  summary: 'One room with its members',
  params: botParams.extend({ roomId: z.string().min(1).max(256) }),
  answer: roomView.extend({ members: z.array(member) }),
  handle: async (core, { params: { botcode, roomId } }) => {
    const room = knownBot(core, botcode).rooms.byId(roomId);
    if (room === undefined) throw notFound(`群 ${roomId}`, `room ${roomId}`);
    return { ...toRoomView(room), members: room.members };
  },
});

const listContacts = operation({
  id: 'listContacts',
  method: 'get',
  path: '/bots/{botcode}/contacts',
  tag: 'bots',
  summary: 'Contacts of the account, by id; at most five minutes old',
  params: botParams,
  query: z.strictObject(paging),
  answer: page(member.extend({ alias: z.string().optional() })),
  handle: async (core, { params: { botcode }, query }) => {
    const bot = knownBot(core, botcode);
    try {
      return pageOf(await bot.contacts(), (contact) => contact.id, query);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      throw new AppError('unavailable', {
        zh: '机器人未连接，暂无联系人列表',
        en: 'the bot is not connected and its contacts are not known',
      });
    }
  },
});

const getQueue = operation({
  id: 'getQueue',
  method: 'get',
  path: '/bots/{botcode}/queue',
  tag: 'bots',
  summary: 'How much waits, why, and until when; with msgid: when that one leaves',
  params: botParams,
  query: z.strictObject({
    msgid: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  }),
  answer: z.object({
    length: z.int().describe('Sends that have not left.'),
    onTheWay: z.int(),
    unknown: z.int().describe('Handed over, outcome not known.'),
    heldForOtherAccount: z
      .int()
      .describe('Accepted for another account: they wait for a decision.'),
    waiting: z
      .array(z.object({ reason: sentence, count: z.int() }))
      .describe('Queued sends by why their room or contact waits.'),
    reason: sentence.nullable().describe('Why the whole queue waits; null: it moves.'),
    etaMs: z.number().nullable().describe('Until the last one (or msgid) leaves; null: unknown.'),
    position: z.int().optional().describe('Of msgid: 1 leaves next; 0 waits no more.'),
  }),
  handle: async (core, { params: { botcode }, query: { msgid } }) => {
    knownBot(core, botcode);
    const { language } = core.config;
    const { length, onTheWay, unknown, held, etaMs, waiting } = core.sends.queue(botcode);
    const view = {
      length,
      onTheWay,
      unknown,
      heldForOtherAccount: await core.sends.heldForOtherAccount(botcode),
      waiting: waiting.map(({ reason, count }) => ({ reason: reason[language], count })),
      reason: held?.[language] ?? null,
    };
    if (msgid === undefined) return { ...view, etaMs: etaMs ?? null };
    const [send] = await core.sends.status({ msgid });
    if (send?.botcode !== botcode) throw notFound(`消息 ${msgid}`, `message ${msgid}`);
    const place = await core.sends.position(msgid);
    return { ...view, etaMs: place.etaMs ?? null, position: place.position };
  },
});

const decideHeld = operation({
  id: 'decideHeldSends',
  method: 'post',
  path: '/bots/{botcode}/held',
  tag: 'bots',
  summary: 'Decide about sends that were accepted for another account',
  params: botParams,
  body: z.strictObject({
    action: z
      .enum(['adopt', 'cancel'])
      .describe('adopt: they leave from the account the bot has now; cancel: they are cancelled.'),
  }),
  answer: z.object({ count: z.int() }),
  handle: async (core, { params: { botcode }, body: { action } }) => {
    knownBot(core, botcode);
    const { sends } = core;
    return {
      count: await (action === 'adopt' ? sends.adoptHeld(botcode) : sends.cancelHeld(botcode)),
    };
  },
});

export const botContentOperations = [listRooms, getRoom, listContacts, getQueue, decideHeld];

function holds(room: RoomView, topic: string): boolean {
  return room.topic.includes(topic) || room.formerTopics.some((one) => one.includes(topic));
}

function toRoomView({ members, ...room }: RoomView): z.output<typeof roomView> {
  return { ...room, memberCount: members.length };
}
