import { z } from 'zod';
import { botStates } from '../../bot/automation/bots/bot-state.ts';
import { sentence } from '../sentence.ts';
import { botParams, knownBot } from './bots.ts';
import { operation } from './operation.ts';

const botHistory = operation({
  id: 'botHistory',
  method: 'get',
  path: '/bots/{botcode}/history',
  tag: 'bots',
  summary: 'States the bot was in since the daemon started, newest first; at most 200',
  params: botParams,
  answer: z.object({
    items: z.array(
      z.object({
        at: z.int().describe('Epoch milliseconds.'),
        state: z.enum(botStates),
        reason: sentence.nullable(),
        account: z.string().nullable(),
      }),
    ),
  }),
  handle: async (core, { params: { botcode } }) => {
    knownBot(core, botcode);
    return {
      items: core.botHistory.of(botcode).map(({ reason, account, ...moment }) => ({
        ...moment,
        reason: reason ?? null,
        account: account ?? null,
      })),
    };
  },
});

export const botHistoryOperations = [botHistory];
