import { z } from 'zod';
import type { ErrorCode, Text } from '../../bot/errors.ts';

/**
 * reqBody of every command. Fields that are optional may also be null, which some clients send for
 * everything they leave out; unknown fields are ignored.
 */

/** What no schema word says: the core's code and the text for it. */
export interface Fault {
  error: ErrorCode;
  text: Text;
}

/** NUL and half characters can be neither stored nor sent. */
const whole = (value: string): boolean => !value.includes('\0') && value.isWellFormed();

const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine(whole, { params: fault('field_value', '含非法字符', 'holds illegal characters') });
const filled = (max: number) => text(max).min(1);

const msgid = z.int().min(1).describe('Number of the message, as it was answered.');

const room = {
  roomTopic: text(256).nullish().describe('Name of the room. Two rooms of this name: 32.'),
  roomId: text(256).nullish().describe('Id of the room; wins over roomTopic.'),
};

export const roomSendText = z
  .object({
    text: filled(20_000).describe('What to say. Long texts are split.'),
    ...room,
    atList: z
      .array(filled(256))
      .max(100)
      .nullish()
      .describe('Names or ids of members to @: a visible "@name " in front, or a real mention.'),
    atUser: filled(256).nullish().describe('One more to @.'),
  })
  .superRefine(needsOne('roomTopic', 'roomId'))
  .meta(oneOf('roomTopic', 'roomId'));

/**
 * The commonest body, read without the schema, which says the same: a text and a topic. Undefined:
 * ask the schema.
 */
export function plainRoomText(body: unknown): z.output<typeof roomSendText> | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { text, roomTopic, roomId, atList, atUser } = body as Record<string, unknown>;
  if (roomId !== undefined || atList !== undefined || atUser !== undefined) return undefined;
  if (!isFilled(text, 20_000) || !isFilled(roomTopic, 256)) return undefined;
  return { text, roomTopic };
}

function isFilled(value: unknown, max: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= max && whole(value);
}

export const contactSendText = z
  .object({
    text: filled(20_000).describe('What to say. Long texts are split.'),
    contactId: text(256).nullish().describe('Id of the person; wins over contactName.'),
    contactName: text(256).nullish().describe('Name of the person. Two of this name: 32.'),
  })
  .superRefine(needsOne('contactId', 'contactName'))
  .meta(oneOf('contactId', 'contactName'));

export const roomSendImg = z
  .object({
    file: filled(8_000_000).describe(
      'http(s) address, data: address, or the url of an uploaded file.',
    ),
    ...room,
  })
  .superRefine(needsOne('roomTopic', 'roomId'))
  .meta(oneOf('roomTopic', 'roomId'));

/** @NOTE seed 004, 小程序卡片对象示例; thumbUrl and thumbKey are the spelling of version 0.3. */
const card = {
  appid: filled(128).nullish().describe('Id of the mini-program.'),
  username: filled(128).nullish().describe('Original id of the mini-program (gh_…).'),
  description: text(1024).nullish().describe('Name or description of the mini-program.'),
  pagepath: filled(2048).nullish().describe('Page it opens.'),
  title: filled(512).nullish().describe('Title of the card.'),
  thumbnailUrl: filled(2048).nullish().describe('Picture of the card.'),
  thumbUrl: filled(2048).nullish().describe('Picture of the card (version 0.3).'),
  thumbKey: filled(512).nullish().describe('Key of thumbUrl (version 0.3).'),
};

export const roomSendApp = z
  .object({
    app: z
      .preprocess(parseText, z.object(card))
      .nullish()
      .describe('The card: an object, or its JSON text. Or its fields beside roomTopic.'),
    ...card,
    ...room,
  })
  .superRefine((body, context) => {
    const given = body.app ?? body;
    const path = body.app == null ? [] : ['app'];
    for (const name of ['appid', 'username', 'pagepath', 'title'] as const) {
      if (given[name] == null) addFault(context, [...path, name], missing());
    }
    if (given.thumbnailUrl == null && given.thumbUrl == null) {
      addFault(context, [...path, 'thumbnailUrl'], missing());
    }
  })
  .superRefine(needsOne('roomTopic', 'roomId'))
  .meta(oneOf('roomTopic', 'roomId'));

/** Commands without arguments ignore what reqBody holds. */
export const nothing = z.object({});

export const oneMessage = z
  .object({
    msgid: msgid.nullish(),
    txcode: filled(64).nullish().describe('txcode of the command that sent it.'),
  })
  .superRefine(needsOne('msgid', 'txcode'))
  .meta(oneOf('msgid', 'txcode'));

export const botQueue = z.object({
  msgid: msgid.nullish().describe('Asks for the position of this message too.'),
});

/** One of two fields has to say something: none there is 30, there but empty is 32. */
function needsOne<A extends string, B extends string>(first: A, second: B) {
  return (body: { [K in A | B]?: unknown }, context: z.core.$RefinementCtx): void => {
    const one: unknown = body[first];
    const other: unknown = body[second];
    if ((one != null && one !== '') || (other != null && other !== '')) return;
    const empty = one === '' || other === '';
    addFault(context, [first], {
      error: empty ? 'field_value' : 'field_missing',
      text: { zh: `${first} 或 ${second} 必填`, en: `${first} or ${second} is needed` },
    });
  };
}

/** What `needsOne` asks for, in the words of JSON Schema. */
function oneOf(first: string, second: string) {
  return { anyOf: [{ required: [first] }, { required: [second] }] };
}

function parseText(value: unknown, context: z.core.$RefinementCtx): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    context.addIssue({
      code: 'custom',
      params: fault('field_value', '不是合法的 JSON', 'is not valid JSON'),
    });
    return z.NEVER;
  }
}

function addFault(context: z.core.$RefinementCtx, path: string[], params: Fault): void {
  context.addIssue({ code: 'custom', path, params: { ...params } });
}

function missing(): Fault {
  return fault('field_missing', '必填', 'is missing');
}

function fault(error: ErrorCode, zh: string, en: string): Fault & Record<string, unknown> {
  return { error, text: { zh, en } };
}
