import { z } from 'zod';
import type { McpSettings } from '../../config/mcp-schema.ts';
import { notAllowed, type Tool, type ToolContext, tool } from './tool.ts';

const txcode = z
  .string()
  .min(1)
  .max(64)
  .optional()
  .describe('Your own number of it: with the same one a repeated call sends nothing twice.');
const place = {
  botcode: z.string().min(1).max(64).describe('The bot that says it.'),
  roomId: z.string().min(1).max(256).optional().describe('Id of the room: list_rooms.'),
  roomTopic: z.string().min(1).max(256).optional().describe('Or its topic, if only one bears it.'),
  txcode,
};
interface Place {
  botcode: string;
  roomId?: string | undefined;
  roomTopic?: string | undefined;
  txcode?: string | undefined;
}

const writes = { role: 'operator', deed: true, writes: true } as const;
const mayName = ({ allow }: McpSettings): boolean =>
  allow.bots.some(({ rooms }) => rooms.length > 0);

/** Tools that change something: only what `mcp.allow` names, and only for operators. */
export const writingTools: readonly Tool[] = [
  tool({
    name: 'send_text',
    title: 'Send a text into a room',
    description:
      'Queues a text for a WeChat room. It cannot be taken back once WeChat has it: let the person you work for see it first.',
    ...writes,
    allowed: mayName,
    input: z.strictObject({
      ...place,
      text: z.string().min(1).max(20_000),
      mentions: z.array(z.string().min(1).max(256)).max(20).default([]).describe('Whom to @.'),
    }),
    strangers: ['content', 'target', 'reason'],
    target: ({ botcode, roomId, roomTopic }) => `${botcode}/${roomId ?? roomTopic ?? ''}`,
    run: ({ text, mentions, ...where }, context) =>
      send(where, { kind: 'text', text, mentions }, context),
  }),
  tool({
    name: 'send_image',
    title: 'Send a picture into a room',
    description: 'Queues a picture for a WeChat room. It cannot be taken back once WeChat has it.',
    ...writes,
    allowed: mayName,
    input: z.strictObject({
      ...place,
      file: z.string().min(1).max(800_000).describe('http(s) address, or data: address.'),
    }),
    strangers: ['content', 'target', 'reason'],
    target: ({ botcode, roomId, roomTopic }) => `${botcode}/${roomId ?? roomTopic ?? ''}`,
    run: ({ file, ...where }, context) => send(where, { kind: 'image', file }, context),
  }),
  tool({
    name: 'redrive',
    title: 'Send dead letters again',
    description: 'Gives dead letters to their receiver again, with the same ids and bytes.',
    ...writes,
    allowed: ({ allow }) => allow.channels.length > 0,
    input: z.strictObject({
      chid: z.string().min(1).max(64),
      eventIds: z.array(z.int().min(1)).min(1).max(100),
    }),
    target: ({ chid }) => chid,
    run: async ({ chid, eventIds }, { ask, settings }) => {
      if (!settings.allow.channels.includes(chid))
        throw notAllowed(`渠道 ${chid}`, `channel ${chid}`);
      return ask('redrive', { params: { chid }, body: { eventIds } });
    },
  }),
  tool({
    name: 'answer_conversation',
    title: 'Answer a customer',
    description:
      'Says something to a customer in a conversation, in the name of whoever answers it.',
    ...writes,
    allowed: ({ allow }) => allow.conversations,
    input: z.strictObject({ id: z.int().min(1), text: z.string().min(1).max(5000), txcode }),
    target: ({ id }) => String(id),
    run: ({ id, ...body }, { ask }) => ask('answerConversation', { params: { id }, body }),
  }),
];

/** Only what is named, as it is named: a room that took an allowed topic has another id. */
function send(where: Place, content: object, { ask, settings }: ToolContext): Promise<unknown> {
  const { botcode, roomId, roomTopic } = where;
  const named = roomId ?? roomTopic;
  const rooms = settings.allow.bots.filter(({ bot }) => bot === botcode).map((one) => one.rooms);
  const may = rooms.some((one) => one === '*' || (named !== undefined && one.includes(named)));
  if (!may) throw notAllowed(`${botcode} 的群 ${named ?? ''}`, `room ${named ?? ''} of ${botcode}`);
  const given = Object.entries(where).filter(([, value]) => value !== undefined);
  return ask('createSend', { body: { ...Object.fromEntries(given), content } });
}
