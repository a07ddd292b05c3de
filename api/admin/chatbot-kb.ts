import { z } from 'zod';
import {
  type EntryDraft,
  longestAnswer,
  longestPhrase,
  longestTitle,
  mostPhrases,
} from '../../bot/chatbot/entry.ts';
import type { Entry, Phrase } from '../../bot/chatbot/knowledge.ts';
import { AppError } from '../../bot/errors.ts';
import { respelledCard } from '../../config/card-schema.ts';
import { ruleReplies } from '../../config/chatbot-schema.ts';
import { notFound } from './errors.ts';
import { time } from './im-views.ts';
import { operation } from './operation.ts';
import { numberPaging, page } from './paging.ts';

const base = z
  .string()
  .regex(/^[\p{L}\p{N}._-]{1,64}$/u)
  .describe('Name of a knowledge base.');
const number = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const entryParams = z.strictObject({ id: number });

const [textReply, imageReply, cardReply] = ruleReplies.options;
const reply = z
  .discriminatedUnion('type', [
    textReply,
    imageReply,
    z.strictObject({
      type: z.literal('card'),
      card: z.preprocess(respelledCard, cardReply.omit({ type: true })),
    }),
  ])
  .describe('An answer that is more than text.');

const fields = {
  kb: base,
  title: z.string().min(1).max(longestTitle).exactOptional().describe('The question; needed.'),
  question: z.string().min(1).max(longestTitle).exactOptional().describe('The same as `title`.'),
  answer: z.string().max(longestAnswer),
  reply: reply.exactOptional(),
  enabled: z.boolean().exactOptional().describe('false: it is kept, and never found.'),
  tags: z.array(z.string().min(1).max(64)).max(50).exactOptional(),
  phrases: z
    .array(z.string().min(1).max(longestPhrase))
    .max(mostPhrases)
    .exactOptional()
    .describe('Further ways to ask.'),
};

const entryView = z.object({
  id: z.int(),
  kb: z.string(),
  kind: z.enum(['qa', 'doc']).describe('doc: a part of a document.'),
  title: z.string(),
  answer: z.string(),
  reply: z.record(z.string(), z.unknown()).nullable(),
  enabled: z.boolean(),
  tags: z.array(z.string()),
  source: z.string().describe('admin, or the file that it came from.'),
  hits: z.int().describe('How often it was the answer.'),
  createdAt: time,
  updatedAt: time,
});
const detail = entryView.extend({
  phrases: z.array(
    z.object({
      text: z.string(),
      added: z.boolean().describe('By an operator, to what was imported.'),
    }),
  ),
});

const list = operation({
  id: 'listKbEntries',
  method: 'get',
  path: '/chatbot/kb/entries',
  tag: 'chatbot',
  summary: 'Entries of the knowledge bases, by number',
  query: z.strictObject({
    ...numberPaging,
    kb: base.optional(),
    source: z.string().max(300).optional(),
    text: z.string().max(200).optional().describe('In the question or the answer.'),
  }),
  answer: page(detail),
  handle: async ({ chatbot }, { query }) => {
    const { limit, cursor = 0, ...filter } = query;
    const entries = await chatbot.knowhow.knowledge.list(filter, cursor, limit + 1);
    const items = entries.slice(0, limit);
    const last = items.at(-1);
    const more = entries.length > limit && last !== undefined;
    return { items: items.map(detailOf), next: more ? String(last.id) : null };
  },
});

const get = operation({
  id: 'getKbEntry',
  method: 'get',
  path: '/chatbot/kb/entries/{id}',
  tag: 'chatbot',
  summary: 'One entry with the ways to ask for it',
  params: entryParams,
  answer: detail,
  handle: async ({ chatbot }, { params: { id } }) => {
    const entry = await chatbot.knowhow.knowledge.get(id);
    if (entry === undefined) throw notFound(`条目 ${id}`, `entry ${id}`);
    return detailOf(entry);
  },
});

const add = operation({
  id: 'addKbEntry',
  method: 'post',
  path: '/chatbot/kb/entries',
  tag: 'chatbot',
  summary: 'Add an entry; it is found at once',
  body: z.strictObject(fields),
  answer: entryView,
  status: 201,
  handle: async ({ chatbot }, { body: { question, title = question, ...draft } }) => {
    if (title === undefined) {
      const text = { zh: 'title（或 question）：缺失', en: 'title (or question) is missing' };
      throw new AppError('field_missing', text, { field: 'title' });
    }
    return viewOf(await chatbot.knowhow.knowledge.add({ ...draft, title }));
  },
});

const change = operation({
  id: 'changeKbEntry',
  method: 'patch',
  path: '/chatbot/kb/entries/{id}',
  tag: 'chatbot',
  summary: 'Change an entry; what is left out stays, and so does its number',
  description:
    'An entry that a file brought is taken from the file again when the file says something else.',
  params: entryParams,
  body: z
    .strictObject({ ...fields, reply: reply.nullable().exactOptional().describe('null: text.') })
    .partial(),
  answer: entryView,
  handle: async (
    { chatbot },
    { params: { id }, body: { question, title = question, ...rest } },
  ) => {
    const draft = Object.fromEntries(
      Object.entries({ ...rest, ...(title !== undefined && { title }) }).map(([name, value]) => [
        name,
        value ?? undefined,
      ]),
    ) as Partial<EntryDraft>;
    return viewOf(await chatbot.knowhow.knowledge.update(id, draft));
  },
});

const remove = operation({
  id: 'removeKbEntry',
  method: 'delete',
  path: '/chatbot/kb/entries/{id}',
  tag: 'chatbot',
  summary: 'Remove an entry; its number is never given again',
  params: entryParams,
  handle: async ({ chatbot }, { params: { id } }) => {
    await chatbot.knowhow.knowledge.remove(id);
  },
});

const phrase = operation({
  id: 'addKbPhrase',
  method: 'post',
  path: '/chatbot/kb/entries/{id}/phrases',
  tag: 'chatbot',
  summary: 'Add a way to ask for an entry',
  params: entryParams,
  body: z.strictObject({ text: z.string().min(1).max(longestPhrase) }),
  answer: z.object({ added: z.boolean().describe('false: it was there already.') }),
  handle: async ({ chatbot }, { params: { id }, body: { text } }) => ({
    added: await chatbot.knowhow.knowledge.addPhrase(id, text),
  }),
});

export const chatbotEntryOperations = [list, get, add, change, remove, phrase];

export function viewOf(entry: Entry): z.output<typeof entryView> {
  const { id, kb, kind, title, answer, reply: more, enabled, tags, source, hits } = entry;
  return {
    ...{ id, kb, kind, title, answer, reply: more === undefined ? null : { ...more } },
    ...{ enabled, tags, source, hits, createdAt: entry.createdAt, updatedAt: entry.updatedAt },
  };
}

function detailOf(entry: Entry & { phrases: Phrase[] }): z.output<typeof detail> {
  const phrases = entry.phrases.map(({ text, added }) => ({ text, added }));
  return { ...viewOf(entry), phrases };
}
