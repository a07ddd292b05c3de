import { z } from 'zod';
import type { BotRegistry } from '../../bot/automation/bots/bot-port.ts';
import { sendStatusOf } from '../../bot/automation/sends/send-status.ts';
import {
  type SendContent,
  type SendView,
  sendStates,
} from '../../bot/automation/sends/send-types.ts';
import { runOf } from '../../bot/reports/messages.ts';
import { cardSchema, sendable } from '../../config/card-schema.ts';
import { sentence } from '../sentence.ts';
import { roomTopic, roomTopicOf } from './room-topic.ts';

const time = z.int().describe('Epoch milliseconds.');
export const sendParams = z.object({
  msgid: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});

/** What can be sent. */
export const contentSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    text: sendable(20_000),
    mentions: z.array(sendable(256)).max(100).default([]).describe('Names or ids to @.'),
  }),
  z.strictObject({ kind: z.literal('miniProgram'), card: cardSchema }),
  z.strictObject({
    kind: z.literal('image'),
    file: sendable(800_000).describe(
      'http(s) address, data: address, or the url or sha256 of an uploaded file.',
    ),
  }),
]);

/** What is to be sent, as an operator wrote it. */
export function contentOf(given: z.output<typeof contentSchema>): SendContent {
  switch (given.kind) {
    case 'text':
      return given;
    case 'image':
      return {
        kind: 'image',
        source: /^[0-9a-f]{64}$/.test(given.file) ? { sha256: given.file } : { url: given.file },
      };
    case 'miniProgram':
      return given;
  }
}

export const sendView = z.object({
  msgid: z.int(),
  botcode: z.string(),
  chid: z
    .string()
    .describe(
      '~operator: an operator sent it; ~report, ~scheduled: a report, a send for later; empty: the bot answered by itself.',
    ),
  txcode: z.string(),
  run: z
    .object({ schedule: z.string(), slot: time })
    .nullable()
    .describe('Of the report that it is of; null: of none.'),
  kind: z.enum(['text', 'miniProgram', 'image']),
  target: z.record(z.string(), z.string()),
  content: z
    .record(z.string(), z.unknown())
    .describe('Of a picture: its `source`, and, where it is of a report, which `page`.'),
  state: z.enum(sendStates),
  sendStatus: z.enum(['0', '1', '2', '3', '4', '-1']).describe('As channels are told.'),
  reason: sentence.nullable().describe('Why it waits or how it ended.'),
  roomId: z.string().nullable(),
  roomTopic,
  messageId: z.string().nullable().describe('Under which WeChat keeps it.'),
  attempts: z.int(),
  acceptedAt: time,
  handedAt: time.nullable(),
  settledAt: time.nullable(),
  clearedAt: time
    .nullable()
    .describe('When an operator dealt with a dead letter: sent it again, or discarded it.'),
  expiresAt: time,
});

export function toSendView(
  bots: Pick<BotRegistry, 'get'>,
  send: SendView,
): z.output<typeof sendView> {
  const { outcome: _told, ...view } = send;
  return {
    ...view,
    run: runOf(send) ?? null,
    target: { ...send.target },
    content: { ...send.content },
    sendStatus: sendStatusOf(send),
    reason: send.reason ?? null,
    roomId: send.roomId ?? null,
    roomTopic: roomTopicOf(bots, send),
    messageId: send.messageId ?? null,
    handedAt: send.handedAt ?? null,
    settledAt: send.settledAt ?? null,
    clearedAt: send.clearedAt ?? null,
  };
}
