import { z } from 'zod';
import type { Chat } from '../../bot/chatbot/chat.ts';
import type { TracedTurn } from '../../bot/chatbot/chat-office.ts';
import { stepNames } from '../../bot/chatbot/responder.ts';
import { sentence } from '../sentence.ts';
import { badCursor, notFound } from './errors.ts';
import { time } from './im-views.ts';
import { operation } from './operation.ts';
import { numberPaging, page, paging } from './paging.ts';

const params = z.object({ id: z.string().min(1).max(300) });
const state = z
  .enum(['open', 'human', 'ended'])
  .describe('human: agents answer until they, or the customer, give it back to the bot.');

const view = z.object({
  id: z.string().describe('The sessionId; of rooms and trials a name of our own.'),
  channel: z.enum(['mpweixin', 'room', 'private', 'test']),
  state,
  turns: z.int().describe('Questions so far.'),
  createdAt: time,
  lastAt: time,
  endedAt: time.nullable(),
});

const candidate = z.object({ entry: z.int(), score: z.number(), title: z.string() });
const step = z
  .object({
    step: z.enum(stepNames),
    outcome: z.enum(['answered', 'pass', 'failed']),
    ms: z.number(),
    rule: z.union([z.int(), z.string()]).optional(),
    entry: z.int().optional().describe('Number of the entry that was the answer.'),
    score: z.number().optional(),
    verdict: z.string().optional().describe('direct, picked, suggest or miss.'),
    candidates: z.array(candidate).readonly().optional(),
    cited: z.array(z.int()).readonly().optional().describe('Entries that a model was given.'),
    model: z.string().optional(),
    tokens: z.object({ prompt: z.int(), completion: z.int() }).optional(),
    firstMs: z.number().optional().describe('Until the first piece of text.'),
    msgid: z.int().optional().describe('The send by which a bot says it.'),
    note: z.string().optional(),
  })
  .describe('One step of the way to the answer.');

const turnView = z.object({
  turn: z.int(),
  messageId: z.string().describe('Of the reply.'),
  questionId: z.string(),
  question: z.string().describe('Empty: an agent said something unasked.'),
  askedAt: time.describe('Epoch ms, as its asker says.'),
  receivedAt: time,
  state: z.enum(['making', 'done', 'failed', 'cancelled']),
  answer: z.string(),
  reply: z.looseObject({ type: z.string() }).nullable().describe('Of a card or an image.'),
  finish: z.string().nullable(),
  doneAt: time.nullable(),
  liked: z.boolean().nullable(),
  trace: z.array(step),
  send: z
    .object({ msgid: z.int(), state: z.string(), reason: sentence.nullable() })
    .nullable()
    .describe('How an answer left that a bot says in a room or in private.'),
});

const list = operation({
  id: 'listChats',
  method: 'get',
  path: '/chatbot/chats',
  tag: 'chatbot',
  summary: 'Talks with the chatbot, the one talked in last first',
  query: z.strictObject({ ...paging, state: state.optional() }),
  answer: page(view),
  handle: async ({ chatbot }, { query }) => {
    const { limit, cursor } = query;
    const items = await chatbot.office.list(query.state, readCursor(cursor), limit);
    const last = items.length === limit ? items.at(-1) : undefined;
    return {
      items: items.map(toView),
      next: last === undefined ? null : `${last.lastAt}:${last.id}`,
    };
  },
});

const get = operation({
  id: 'getChat',
  method: 'get',
  path: '/chatbot/chats/{id}',
  tag: 'chatbot',
  summary: 'One talk',
  params,
  answer: view,
  handle: async ({ chatbot }, { params: { id } }) => toView(await chatbot.office.get(id)),
});

const turns = operation({
  id: 'listChatTurns',
  method: 'get',
  path: '/chatbot/chats/{id}/turns',
  tag: 'chatbot',
  summary: 'Questions and answers of a talk with their traces, newest first',
  params,
  query: z.strictObject(numberPaging),
  answer: page(turnView),
  handle: async ({ chatbot }, { params: { id }, query }) => {
    await chatbot.office.get(id);
    const items = await chatbot.office.turns(id, query.cursor, query.limit);
    const last = items.length === query.limit ? items.at(-1) : undefined;
    return { items: items.map(toTurn), next: last === undefined ? null : String(last.turn) };
  },
});

const handBack = operation({
  id: 'handBackChat',
  method: 'post',
  path: '/chatbot/chats/{id}/hand-back',
  tag: 'chatbot',
  summary: 'Hand a chat in which agents answer back to the bot',
  description: 'The customer is told by a line in the chat, the agent by a notice.',
  params,
  answer: view,
  handle: async ({ chatbot }, { params: { id } }) => toView(await chatbot.office.handBack(id)),
});

const ask = operation({
  id: 'askChatbot',
  method: 'post',
  path: '/chatbot/ask',
  tag: 'chatbot',
  summary: 'Ask as anybody would, and see how the answer came about',
  description:
    'Waits for the answer. Nothing is noted as unanswered; nobody is handed over to agents.',
  body: z.strictObject({
    question: z.string().min(1).max(4000),
    chat: z
      .string()
      .regex(/^test:/, 'the chat of a trial begins with test:')
      .max(300)
      .exactOptional()
      .describe('`chat` of a trial before: goes on with it.'),
  }),
  answer: turnView.extend({
    chat: z.string(),
    enabled: z.boolean().describe('chatbot.enabled: false and nobody else is answered.'),
  }),
  handle: async ({ chatbot }, { body }) => {
    const turn = await chatbot.office.ask(body.question, body.chat);
    return { ...toTurn(turn), chat: turn.chatId, enabled: chatbot.settings.enabled };
  },
});

const roomView = z.object({
  botcode: z.string(),
  roomId: z.string(),
  topic: z.string(),
  enabled: z.boolean(),
  own: z
    .boolean()
    .describe('Said of this room; false: it is as the config says (chatbot.bots, chatbot.rooms).'),
});

const rooms = operation({
  id: 'listChatbotRooms',
  method: 'get',
  path: '/chatbot/rooms',
  tag: 'chatbot',
  summary: 'In which rooms bots answer',
  query: z.strictObject({ botcode: z.string().min(1).max(64).optional() }),
  answer: z.object({ items: z.array(roomView) }),
  handle: async ({ chatbot, bots }, { query }) => {
    const asked = bots.list().filter(({ botcode }) => botcode === (query.botcode ?? botcode));
    const items = asked.flatMap(({ botcode, rooms: known }) =>
      known.list().map(({ id: roomId, topic }) => ({
        ...{ botcode, roomId, topic, enabled: chatbot.rooms.isOn(botcode, roomId) },
        own: chatbot.switches.get(botcode, roomId) !== undefined,
      })),
    );
    return { items };
  },
});

const setRoom = operation({
  id: 'setChatbotRoom',
  method: 'put',
  path: '/chatbot/rooms',
  tag: 'chatbot',
  summary: 'Switch the chatbot on or off in a room',
  body: z.strictObject({
    botcode: z.string().min(1).max(64),
    roomId: z.string().min(1).max(256),
    enabled: z
      .boolean()
      .nullable()
      .describe('null: as the config says (chatbot.bots, chatbot.rooms).'),
  }),
  handle: async ({ chatbot, bots }, { body: { botcode, roomId, enabled } }) => {
    if (bots.get(botcode)?.rooms.byId(roomId) === undefined) {
      throw notFound(`群 ${roomId}`, `room ${roomId}`);
    }
    await chatbot.switches.set(botcode, roomId, enabled ?? undefined);
  },
});

export const chatOperations = [list, get, turns, handBack, ask, rooms, setRoom];

function toView({ endedAt, ...rest }: Chat): z.output<typeof view> {
  return { ...rest, endedAt: endedAt ?? null };
}

function toTurn(one: TracedTurn): z.output<typeof turnView> {
  return {
    ...{ turn: one.turn, messageId: one.replyId, questionId: one.questionId },
    ...{ question: one.question, askedAt: one.askedAt, receivedAt: one.receivedAt },
    ...{ state: one.state, answer: one.text, reply: one.reply ?? null },
    ...{ finish: one.finish ?? null, doneAt: one.doneAt ?? null, liked: one.liked ?? null },
    trace: one.trace,
    send: one.send === undefined ? null : { ...one.send, reason: one.send.reason ?? null },
  };
}

function readCursor(cursor: string | undefined): { lastAt: number; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [, lastAt, id] = /^(\d{1,16}):(.+)$/s.exec(cursor) ?? [];
  if (lastAt === undefined || id === undefined) throw badCursor();
  return { lastAt: Number(lastAt), id };
}
