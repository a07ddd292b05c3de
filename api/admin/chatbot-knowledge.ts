import { z } from 'zod';
import type { Found } from '../../bot/chatbot/knowledge.ts';
import {
  decodeText,
  formatOfType,
  formatWithin,
  knowledgeFormats,
} from '../../bot/chatbot/knowledge-files.ts';
import { AppError } from '../../bot/errors.ts';
import { operation } from './operation.ts';

const base = z.string().regex(/^[\p{L}\p{N}._-]{1,64}$/u);
const score = z.number().min(0).max(1);

/** Largest file of an import. */
const importLimit = 32 * 1_048_576;

const bases = operation({
  id: 'listKnowledgeBases',
  method: 'get',
  path: '/chatbot/kb',
  tag: 'chatbot',
  summary: 'The knowledge bases, and how many entries each holds',
  answer: z.object({
    items: z.array(
      z.object({
        ...{ kb: z.string(), entries: z.int(), enabled: z.int() },
        resting: z
          .int()
          .describe(
            'Of the starter knowledge; they answer nobody as there are entries of your own.',
          ),
      }),
    ),
  }),
  handle: async ({ chatbot }) => ({ items: await chatbot.knowhow.knowledge.bases() }),
});

const found = z.object({
  entry: z.int(),
  kb: z.string(),
  title: z.string(),
  score,
  phrase: z.string().describe('The way to ask that is most like the question.'),
});

const test = operation({
  id: 'testKnowledge',
  method: 'post',
  path: '/chatbot/kb/test',
  tag: 'chatbot',
  summary: 'What a question finds, and why; nothing is counted',
  body: z.strictObject({
    question: z.string().min(1).max(4000),
    kb: base.exactOptional(),
    starter: z
      .boolean()
      .exactOptional()
      .describe('The starter knowledge is looked at, too, even if it answers nobody.'),
  }),
  answer: z.object({
    question: z.string(),
    corrected: z
      .string()
      .nullable()
      .describe('With characters that only sound right, and pinyin, put right.'),
    words: z.array(z.string()).describe('What was looked for, and what means the same.'),
    candidates: z.int().describe('Phrasings and answers that the index gave.'),
    found: z.array(found),
    verdict: z
      .enum(['direct', 'suggest', 'miss'])
      .describe('direct: the first one answers; suggest: `options` are offered.'),
    options: z.array(z.int()),
    answer: z
      .string()
      .nullable()
      .describe('direct: what is said, of a passage the part that answers.'),
    thresholds: z.object({ direct: score, suggest: score, gap: score }),
    ms: z.number(),
  }),
  handle: async ({ chatbot }, { body: { question, ...options } }) => {
    const trial = await chatbot.knowhow.knowledge.hitTest(question, options);
    const { verdict } = trial;
    return {
      ...{ question, corrected: trial.corrected ?? null, words: trial.words },
      ...{ candidates: trial.candidates, found: trial.found.map(foundOf) },
      verdict: verdict.kind,
      options: verdict.kind === 'suggest' ? verdict.options.map(({ entry }) => entry.id) : [],
      answer: verdict.kind === 'direct' ? verdict.answer : null,
      ...{ thresholds: trial.thresholds, ms: trial.ms },
    };
  },
});

const count = z.int().min(0);

const importFile = operation({
  id: 'importKnowledge',
  method: 'post',
  path: '/chatbot/kb/import',
  tag: 'chatbot',
  summary: 'Take the entries of a file',
  description:
    'The body is the file: CSV `q,a,indexes`, a JSON list, JSON lines, or Markdown, which is split at ' +
    'its headings. What the same source brought before is found again by its question: a second ' +
    'import of the same file changes nothing. Lines at fault are left out and told.',
  takes: { type: 'application/octet-stream', limit: importLimit },
  query: z.strictObject({
    format: z
      .enum(knowledgeFormats)
      .optional()
      .describe('Default: by the content type, else by how the file begins.'),
    kb: base,
    source: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Where it comes from. Default: import/ and the knowledge base.'),
    replace: z
      .enum(['true', 'false'])
      .default('false')
      .describe('Entries of the source that are not in the file go, unless it has faults.'),
    name: z.string().max(200).default('').describe('Title of what has none.'),
  }),
  answer: z.object({
    ...{ added: count, changed: count, unchanged: count, removed: count, faulty: count },
    faults: z
      .array(z.object({ line: z.int(), reason: z.string() }))
      .describe('The first hundred. line: in a JSON list, the place of the item.'),
    repeated: z
      .array(z.object({ source: z.string(), entries: count }))
      .describe('Entries that another source has word for word: they count once.'),
  }),
  handle: async ({ chatbot, config }, { query, bytes, contentType }) => {
    const { kb, source = `import/${kb}`, replace, name } = query;
    const text = decodeText(bytes);
    const format = query.format ?? formatOfType(contentType) ?? formatWithin(text);
    const { faults, ...report } = await chatbot.knowhow.knowledge.import({
      ...{ format, kb, source, replace: replace === 'true', name: name || kb },
      text,
    });
    return {
      ...report,
      faults: faults.map(({ line, text }) => ({ line, reason: text[config.language] })),
    };
  },
});

const removeAll = operation({
  id: 'removeKbEntries',
  method: 'delete',
  path: '/chatbot/kb/entries',
  tag: 'chatbot',
  summary: 'Remove what a source brought, or what a knowledge base holds',
  description:
    'With both: entries of the source in that base. A file that the config names brings its entries ' +
    'again when it changes.',
  query: z.strictObject({ source: z.string().min(1).max(300).optional(), kb: base.optional() }),
  answer: z.object({ removed: count }),
  handle: async ({ chatbot }, { query: { source, kb } }) => {
    if (source === undefined && kb === undefined) {
      const text = { zh: '请给出 source 或 kb', en: 'source or kb is needed' };
      throw new AppError('field_missing', text, { field: 'source' });
    }
    return { removed: await chatbot.knowhow.knowledge.removeAll({ source, kb }) };
  },
});

export const chatbotKnowledgeOperations = [bases, test, importFile, removeAll];

function foundOf({ entry, score: value, phrase }: Found): z.output<typeof found> {
  const rounded = Math.round(value * 1000) / 1000;
  return { entry: entry.id, kb: entry.kb, title: entry.title, score: rounded, phrase };
}
