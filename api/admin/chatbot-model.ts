import { z } from 'zod';
import { failureReasons } from '../../bot/chatbot/model-failure.ts';
import { sentence } from '../sentence.ts';
import { operation } from './operation.ts';

const count = z.int().min(0);

const test = operation({
  id: 'testChatbotModel',
  method: 'post',
  path: '/chatbot/model/test',
  tag: 'chatbot',
  summary: 'Ask the language model one short question',
  description:
    'Also where it is switched off, or left alone after failures. Whatever comes of it is told with ' +
    'status 200: `ok`, how long it took, what it said, or why it did not.',
  answer: z.object({
    ok: z.boolean(),
    model: z.string().nullable(),
    text: z.string(),
    finish: z.enum(['stop', 'length', 'content_filter', 'error', 'cancelled']).nullable(),
    firstMs: z.number().nullable().describe('Until its first word.'),
    ms: z.number().describe('Until it was done.'),
    tokens: z.object({ prompt: count, completion: count }).nullable(),
    reason: z.enum(failureReasons).nullable(),
    status: z.int().nullable().describe('HTTP status that it refused with.'),
    why: sentence.nullable().describe('The reason in words.'),
    detail: z.string().nullable().describe('In the words of its server, without keys.'),
    tokensToday: count.describe('Used since midnight of the configured zone.'),
  }),
  handle: async ({ chatbot, config }) => {
    const trial = await chatbot.model.test(new AbortController().signal);
    return {
      ...{ ok: trial.ok, text: trial.text, ms: trial.ms, tokensToday: trial.tokensToday },
      ...{ model: trial.model ?? null, finish: trial.finish ?? null },
      ...{ firstMs: trial.firstMs ?? null, tokens: trial.tokens ?? null },
      ...{ reason: trial.reason ?? null, status: trial.status ?? null },
      ...{ why: trial.why?.[config.language] ?? null, detail: trial.detail ?? null },
    };
  },
});

export const chatbotModelOperations = [test];
