import { z } from 'zod';
import { longestAnswer, longestTitle } from '../../bot/chatbot/entry.ts';
import { AppError } from '../../bot/errors.ts';
import { badCursor } from './errors.ts';
import { time } from './im-views.ts';
import { operation } from './operation.ts';
import { page, paging } from './paging.ts';

const params = z.strictObject({
  id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});
const view = z.object({
  id: z.int(),
  question: z.string(),
  count: z.int().describe('How often it was asked.'),
  chat: z.string().describe('The talk in which it was asked last.'),
  firstAt: time,
  lastAt: time,
  byModel: z
    .boolean()
    .describe('The last time a language model answered; the knowledge base could not.'),
});

const list = operation({
  id: 'listUnanswered',
  method: 'get',
  path: '/chatbot/unanswered',
  tag: 'chatbot',
  summary: 'Questions that found no answer, the most asked first',
  query: z.strictObject(paging),
  answer: page(view),
  handle: async ({ chatbot }, { query: { limit, cursor } }) => {
    const after = /^(\d{1,15})-(\d{1,15})$/.exec(cursor ?? '');
    if (cursor !== undefined && after === null) throw badCursor();
    const place = after === null ? undefined : { count: Number(after[1]), id: Number(after[2]) };
    const found = await chatbot.knowhow.knowledge.unanswered.list(place, limit + 1);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const more = found.length > limit && last !== undefined;
    return { items, next: more ? `${last.count}-${last.id}` : null };
  },
});

const answer = operation({
  id: 'answerUnanswered',
  method: 'post',
  path: '/chatbot/unanswered/{id}/answer',
  tag: 'chatbot',
  summary: 'Give a question an answer: one that is there, or a new one',
  description:
    'With `entry` the question becomes a way to ask for that entry; with `kb` and `answer` it ' +
    'becomes an entry of its own.',
  params,
  body: z.strictObject({
    entry: z.int().min(1).exactOptional(),
    kb: z
      .string()
      .regex(/^[\p{L}\p{N}._-]{1,64}$/u)
      .exactOptional(),
    answer: z.string().min(1).max(longestAnswer).exactOptional(),
    title: z.string().min(1).max(longestTitle).exactOptional().describe('Default: the question.'),
  }),
  answer: z.object({ entry: z.int() }),
  handle: async ({ chatbot }, { params: { id }, body }) => {
    const { knowledge } = chatbot.knowhow;
    const { entry, kb, answer: text, title } = body;
    if (entry !== undefined) return { entry: await knowledge.answer(id, { entry }) };
    if (kb === undefined || text === undefined) {
      throw new AppError(
        'field_missing',
        { zh: '请给出 entry，或者 kb 与 answer', en: 'entry is needed, or kb and answer' },
        { field: 'entry' },
      );
    }
    const draft = { kb, answer: text, ...(title !== undefined && { title }) };
    return { entry: await knowledge.answer(id, { draft }) };
  },
});

const drop = operation({
  id: 'dropUnanswered',
  method: 'delete',
  path: '/chatbot/unanswered/{id}',
  tag: 'chatbot',
  summary: 'Leave a question without an answer: it is not shown again',
  params,
  handle: async ({ chatbot }, { params: { id } }) => {
    await chatbot.knowhow.knowledge.unanswered.drop(id);
  },
});

export const unansweredOperations = [list, answer, drop];
