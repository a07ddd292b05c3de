import { z } from 'zod';
import type { ConversationView, Word } from '../../bot/im/service-office.ts';
import { badCursor } from './errors.ts';
import { label, time } from './im-views.ts';
import { operation } from './operation.ts';
import { numberPaging, page, paging } from './paging.ts';
import { txcode } from './txcode.ts';

const params = z.object({ id: z.coerce.number().int().min(1) });
const via = z
  .enum(['wechat', 'imbot', 'gobelieve', 'chat'])
  .describe(
    'How the customer comes: WeChat, the mini-program IM, a client of GoBelieve, the chatbot.',
  );
const agent = label(255).min(1);
const storeId = z.int().min(1);

const view = z.object({
  id: z.int(),
  via,
  account: z.string().describe('The WeChat appid, or the number of the application; else empty.'),
  contact: z.string().describe('What agents call the customer.'),
  name: z.string(),
  avatar: z.string(),
  storeId: z.int().nullable().describe('The desk; null: none.'),
  agent: z.string().nullable().describe('Who answers; null: whoever is on duty next.'),
  agentName: z.string().nullable().describe('What the agent is called at the desk.'),
  waiting: z.boolean().describe('Nobody was told yet of what the customer said last.'),
  customer: z
    .object({ appid: z.int(), uid: z.int() })
    .describe('The customer as a user of the message core; appid -1: known by a text.'),
  createdAt: time,
  lastAt: time,
});

const word = z.object({
  seq: z.int().describe("Its place in the customer's inbox."),
  id: z.int().describe('Its number in the log of all messages.'),
  at: time,
  by: z.enum(['customer', 'agent']),
  agent: z.string().nullable().describe('In whose name it was answered.'),
  agentName: z.string().nullable(),
  content: z
    .looseObject({ type: z.string() })
    .describe(
      'text {text}, image voice video file {url, …}, location, link, miniProgram, event, unknown.',
    ),
});

const list = operation({
  id: 'listConversations',
  method: 'get',
  path: '/im/conversations',
  tag: 'messaging',
  summary: 'Conversations with customers, the one talked in last first',
  query: z.strictObject({
    ...paging,
    agent: agent.optional(),
    storeId: z.coerce.number().int().min(1).optional(),
    via: via.optional(),
    waiting: z.enum(['true', 'false']).optional(),
    text: label(100).min(1).optional().describe("Part of the contact, or of the customer's name."),
  }),
  answer: page(view),
  handle: async ({ im }, { query }) => {
    const { limit, cursor, waiting, ...filter } = query;
    const wanted = { ...filter, waiting: waiting === undefined ? undefined : waiting === 'true' };
    const items = await im.office.list(wanted, readCursor(cursor), limit);
    const last = items.length === limit ? items.at(-1) : undefined;
    return {
      items: items.map(toView),
      next: last === undefined ? null : `${last.lastAt}:${last.id}`,
    };
  },
});

const get = operation({
  id: 'getConversation',
  method: 'get',
  path: '/im/conversations/{id}',
  tag: 'messaging',
  summary: 'One conversation',
  params,
  answer: view,
  handle: async ({ im }, { params: { id } }) => toView(await im.office.get(id)),
});

const history = operation({
  id: 'listConversationMessages',
  method: 'get',
  path: '/im/conversations/{id}/messages',
  tag: 'messaging',
  summary: 'What was said in a conversation, newest first',
  description: 'A page may hold fewer than asked for, and yet not be the last.',
  params,
  query: z.strictObject(numberPaging),
  answer: page(word),
  handle: async ({ im }, { params: { id }, query }) => {
    const { words, next } = await im.office.history(id, query.cursor, query.limit);
    return { items: words.map(toWord), next: next === undefined ? null : String(next) };
  },
});

const say = operation({
  id: 'answerConversation',
  method: 'post',
  path: '/im/conversations/{id}/messages',
  tag: 'messaging',
  summary: 'Answer a customer with a text',
  description:
    'In the name of the agent who answers the conversation, who sees it as well; in your own where nobody does. ' +
    'The same txcode says nothing twice: the same words in the same conversation get the same answer, anything else is refused.',
  params,
  body: z.strictObject({
    text: label(5000).min(1),
    txcode: txcode.optional().describe('Of this answer; known as long as what was said is kept.'),
    seen: z
      .int()
      .min(0)
      .optional()
      .describe(
        '`seq` of the newest word that you had read, 0: none. What the customer said since waits on; absent: nothing does.',
      ),
  }),
  answer: z.object({ id: z.int().describe('Number of the message.'), agent: z.string() }),
  handle: async ({ im }, { params: { id }, body, operator }) => {
    const { text, ...request } = body;
    const name = operator?.name ?? 'operator';
    const message = await im.office.say(id, name, { type: 'text', text }, request);
    return { id: message.id, agent: message.parties?.agent ?? '' };
  },
});

const update = operation({
  id: 'updateConversation',
  method: 'patch',
  path: '/im/conversations/{id}',
  tag: 'messaging',
  summary: 'Give a conversation to another agent, release it, name the customer',
  description:
    'At a desk where somebody sells only those can be named; elsewhere anybody, connected or not. ' +
    'What waits is told at once to the one named.',
  params,
  body: z.strictObject({
    agent: agent.nullable().exactOptional().describe('null: whoever is on duty next.'),
    storeId: storeId.exactOptional().describe('Moves it to this desk.'),
    name: label(100).exactOptional(),
    avatar: label(2048).exactOptional(),
  }),
  answer: view,
  handle: async ({ im }, { params: { id }, body }) => {
    const { agent: to, storeId: desk, ...named } = body;
    if (Object.keys(named).length > 0) await im.office.rename(id, named);
    if (to === undefined && desk === undefined) return toView(await im.office.get(id));
    return toView(await im.office.assign(id, { agent: to, storeId: desk }));
  },
});

export const conversationOperations = [list, get, history, say, update];

function toView(one: ConversationView): z.output<typeof view> {
  const { storeId: desk, agent: who, agentName, ...rest } = one;
  return { ...rest, storeId: desk ?? null, agent: who ?? null, agentName: agentName ?? null };
}

function toWord({ agent: who, agentName, ...rest }: Word): z.output<typeof word> {
  const by = who === undefined ? 'customer' : 'agent';
  return { ...rest, by, agent: who ?? null, agentName: agentName ?? null };
}

function readCursor(cursor: string | undefined): { lastAt: number; id: number } | undefined {
  if (cursor === undefined) return undefined;
  const [, lastAt, id] = /^(\d{1,16}):(\d{1,15})$/.exec(cursor) ?? [];
  if (lastAt === undefined || id === undefined) throw badCursor();
  return { lastAt: Number(lastAt), id: Number(id) };
}
