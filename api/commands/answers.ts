import { z } from 'zod';
import { botStates } from '../../bot/automation/bots/bot-state.ts';
import { sendStates } from '../../bot/automation/sends/send-types.ts';

const time = z.int().describe('Epoch milliseconds.');
const msgid = z.int().min(1).describe('Number of the message; increasing.');
/** @NOTE seed 004, resBody of roomSendText: sendStatus is a string, msgid a Number. */
const sendStatus = z
  .enum(['0', '1', '2', '3', '4', '-1'])
  .describe(
    '0 queued; 1 sent; 2 no such room; 3 the one to @ is not in the room (or: card invalid); ' +
      '4 the one to @ does not exist; -1 failed, expired or cancelled.',
  );
const reason = z.string().optional().describe('Why it waits or ended.');

/** What resBody holds besides rtCode and rtMsg when rtCode is 0. */
export const answers = {
  done: z.object({}),
  sent: z.object({ msgid, sendStatus }),
  botStatus: z.object({
    botStatus: z.enum(['logout', 'login', 'err']),
    state: z.enum(botStates).describe('The inner state.'),
    stateAge: z.int().describe('Milliseconds since it began.'),
    userAction: z
      .enum(['none', 'wait', 'scan', 'confirm', 'decide', 'contact-provider'])
      .describe('What the operator has to do.'),
    account: z.object({ id: z.string(), name: z.string() }).nullable(),
    reason,
  }),
  roomList: z.object({
    ready: z.boolean().describe('Whether the list is complete and fresh.'),
    rooms: z.array(
      z.object({ roomId: z.string(), roomTopic: z.string(), memberCount: z.int().min(0) }),
    ),
  }),
  msgStatus: z.object({
    msgid,
    sendStatus,
    final: z.boolean(),
    state: z.enum(sendStates).describe('The inner state.'),
    reason,
    txcode: z.string(),
    roomId: z.string().optional(),
    acceptedAt: time,
    settledAt: time.optional(),
    expiresAt: time,
  }),
  botQueue: z.object({
    length: z.int().min(0).describe('Messages of this bot that wait.'),
    msgid: msgid.optional(),
    sendStatus: sendStatus.optional(),
    position: z.int().min(0).optional().describe('1 leaves next; 0 waits no more.'),
    estimatedTime: z
      .int()
      .nullable()
      .optional()
      .describe(
        'When it will leave (without msgid: one that comes now), epoch ms; null: nobody can tell, or ' +
          'it waits no more.',
      ),
    reason,
  }),
};
