import { z } from 'zod';
import { qrPng } from '../../bot/automation/bots/qr.ts';
import { sendStates } from '../../bot/automation/sends/send-types.ts';
import { searchMessages } from './search.ts';
import { type Tool, tool } from './tool.ts';

const botcode = z.string().min(1).max(64).describe('Code of the bot: list_bots.');
const limit = z.int().min(1).max(200).default(50).describe('Items of one page.');
const cursor = z.string().max(200).optional().describe('`next` of the page before.');
const paged = { limit, cursor };
const chid = z.string().min(1).max(64).optional().describe('Only of this channel.');

/** What a send holds, and where it went. */
const ofSends = ['content', 'target', 'reason', 'detail', 'answer', 'lastError'];

/** Tools that change nothing. A viewer may use them, but for the one that costs something. */
export const readingTools: readonly Tool[] = [
  tool({
    name: 'list_bots',
    title: 'Bots',
    description: 'Every WeChat bot: state, what a person has to do, account, whether sends wait.',
    role: 'viewer',
    input: z.strictObject(paged),
    strangers: ['account', 'qr'],
    run: (query, { ask }) => ask('listBots', { query }),
  }),
  tool({
    name: 'bot_status',
    title: 'State of a bot',
    description: 'One bot in detail: state, ages of the proofs that it is well, settings, queue.',
    role: 'viewer',
    input: z.strictObject({ botcode }),
    strangers: ['account', 'qr'],
    run: (params, { ask }) => ask('getBot', { params }),
  }),
  tool({
    name: 'get_login_qr',
    title: 'Login QR code',
    description:
      'The QR code that a person has to scan with WeChat on the phone, as a picture. Show it only to the person who runs the bot.',
    role: 'viewer',
    input: z.strictObject({ botcode }),
    run: (params, { ask }) => ask('getQr', { params }),
    pictures: async (params, { ask }) => {
      const { text } = await ask<{ text: string }>('getQr', { params });
      const data = (await qrPng(text)).toString('base64');
      return [{ type: 'image', data, mimeType: 'image/png' }];
    },
  }),
  tool({
    name: 'list_rooms',
    title: 'Rooms of a bot',
    description: 'WeChat rooms (group chats) a bot is in, by id.',
    role: 'viewer',
    input: z.strictObject({
      botcode,
      topic: z.string().max(256).optional().describe('Only rooms whose topic holds this.'),
      ...paged,
    }),
    strangers: ['topic', 'formerTopics'],
    run: ({ botcode: code, ...query }, { ask }) =>
      ask('listRooms', { params: { botcode: code }, query }),
  }),
  tool({
    name: 'search_messages',
    title: 'Search messages',
    description:
      'Looks for a text in what was sent, newest first, and in conversations with customers. `searched` says how far it looked.',
    role: 'viewer',
    input: z.strictObject({
      text: z.string().min(1).max(100).optional().describe('Absent: the newest.'),
      in: z.enum(['sends', 'conversations', 'both']).default('both'),
      botcode: botcode.optional(),
      chid,
      state: z.enum(sendStates).optional().describe('Only sends in this state.'),
      limit: z.int().min(1).max(100).default(20),
    }),
    strangers: [...ofSends, 'name', 'contact', 'avatar'],
    run: searchMessages,
  }),
  tool({
    name: 'message_trace',
    title: 'What became of a message',
    description:
      'Every step of one send with its time, and how its channel was told: by msgid or by txcode.',
    role: 'viewer',
    input: z.strictObject({
      msgid: z.int().min(1).optional(),
      txcode: z.string().min(1).max(64).optional(),
      chid,
    }),
    strangers: ofSends,
    run: (query, { ask }) => ask('trace', { query }),
  }),
  tool({
    name: 'list_dead_letters',
    title: 'Dead letters',
    description: 'Events that no receiver took: they were given up after three days.',
    role: 'viewer',
    input: z.strictObject({ chid, ...paged }),
    strangers: ['lastError'],
    run: (query, { ask }) => ask('listDeliveries', { query: { ...query, state: 'dead' } }),
  }),
  tool({
    name: 'kb_search',
    title: 'Search the knowledge base',
    description:
      'What a question finds in the knowledge base, how near, and whether it would be answered.',
    role: 'viewer',
    input: z.strictObject({ question: z.string().min(1).max(4000) }),
    run: (body, { ask }) => ask('testKnowledge', { body }),
  }),
  tool({
    name: 'ask_chatbot',
    title: 'Ask the chatbot',
    description:
      'Asks as anybody would and shows how the answer came about. May cost tokens of the language model; nobody is told.',
    role: 'operator',
    deed: true,
    input: z.strictObject({ question: z.string().min(1).max(4000) }),
    strangers: ['answer', 'reply'],
    run: (body, { ask }) => ask('askChatbot', { body }),
  }),
  tool({
    name: 'schedule_list',
    title: 'Reports on schedule',
    description: 'Reports that are sent on schedule, with their times.',
    role: 'viewer',
    input: z.strictObject(paged),
    run: (query, { ask }) => ask('listSchedules', { query }),
  }),
  tool({
    name: 'alarms_list',
    title: 'Alarms',
    description: 'What is wrong, or was, newest first.',
    role: 'viewer',
    input: z.strictObject({ state: z.enum(['open', 'over', 'all']).default('open'), ...paged }),
    strangers: ['note'],
    run: (query, { ask }) => ask('listAlarms', { query }),
  }),
];
