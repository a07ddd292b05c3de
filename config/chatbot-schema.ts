import { z } from 'zod';
import { httpUrl } from './address-schema.ts';
import { botcode } from './bot-schema.ts';
import { cardFields, respelledCard } from './card-schema.ts';
import { PatternFault, parsePattern } from './pattern.ts';

/** Name of a knowledge base. */
const kbName = z
  .string()
  .regex(/^[\p{L}\p{N}._-]{1,64}$/u, 'letters, digits and . _ - only, 1 to 64');

const score = z.number().min(0).max(1);
const thresholds = {
  direct: score.describe('From this score on the answer is given.'),
  suggest: score.describe('From this score on entries are offered; below: no answer found.'),
  gap: score.describe('An answer is given only if the next entry is so much worse.'),
};

/** When a found entry answers (docs/knowledge.md). */
export const thresholdsSchema = z
  .strictObject({
    direct: thresholds.direct.default(0.5),
    suggest: thresholds.suggest.default(0.35),
    gap: thresholds.gap.default(0.05),
  })
  .refine(({ direct, suggest }) => suggest <= direct, {
    error: 'suggest must not be above direct: nothing would ever be offered',
  });
export type Thresholds = z.infer<typeof thresholdsSchema>;

const baseThresholds = z.strictObject({
  direct: thresholds.direct.optional(),
  suggest: thresholds.suggest.optional(),
  gap: thresholds.gap.optional(),
});
export type BaseThresholds = z.infer<typeof baseThresholds>;

/** A language model behind an OpenAI-compatible address. */
export const llmSchema = z.strictObject({
  baseUrl: httpUrl.describe('Address before /chat/completions, e.g. https://api.example.com/v1.'),
  apiKey: z.string().min(1).optional(),
  model: z.string().min(1),
  systemPrompt: z.string().max(20_000).optional(),
  temperature: z.number().min(0).max(2).default(0.3),
  maxTokens: z.int().min(1).default(1024).describe('Most tokens of one answer.'),
  historyTurns: z.int().min(0).max(50).default(6).describe('Turns before that it is told.'),
  mode: z
    .enum(['off', 'fallback', 'rag', 'always'])
    .default('rag')
    .describe(
      'fallback: asked when the knowledge base has no answer; rag: and told what is nearest in it; ' +
        'always: asked for every question that no rule answers, told what is nearest.',
    ),
  firstTokenSeconds: z.number().min(1).max(600).default(15),
  totalSeconds: z.number().min(1).max(3600).default(60),
  concurrency: z.int().min(1).max(256).default(8).describe('Answers made at once.'),
  tokensPerDay: z.int().min(0).default(0).describe('0: no bound.'),
  embeddings: z
    .strictObject({
      baseUrl: httpUrl.optional().describe('Default: that of the model.'),
      apiKey: z.string().min(1).optional(),
      model: z.string().min(1),
    })
    .optional()
    .describe('Ranks by meaning, too. Absent: by words alone.'),
});
export type LlmSettings = z.infer<typeof llmSchema>;

export const chatbotSchema = z.strictObject({
  enabled: z.boolean().default(true),
  bots: z
    .union([z.literal('*'), z.array(botcode)])
    .optional()
    .describe(
      'Bots that answer what they are asked in WeChat, in rooms and in private: their botcodes, or ' +
        '"*" for all. Absent: simulated bots only. Rules answer on every bot.',
    ),
  knowledge: z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({ file: z.string().min(1), kb: kbName.optional() }),
      ]),
    )
    .default([])
    .describe(
      'Files taken into the knowledge base at start when they have changed: .csv (q,a,indexes), ' +
        '.json, .jsonl, .md. Relative to this file. kb: default the name of the file.',
    ),
  starter: z
    .union([z.boolean(), z.literal('auto')])
    .default('auto')
    .describe(
      'The knowledge bases that come with the product. auto: they answer while there is no entry ' +
        'of your own; true: always; false: they are left out.',
    ),
  thresholds: thresholdsSchema.prefault({}),
  bases: z.record(kbName, baseThresholds).default({}).describe('Thresholds of one knowledge base.'),
  llm: llmSchema.optional(),
  fallback: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .describe('Said when nothing answers. Default: a sentence of the language.'),
  greetings: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Answers 你好, hello, 谢谢, thanks, 再见, bye.'),
      welcome: z.string().min(1).max(2000).optional().describe('Said to 你好 and hello.'),
    })
    .prefault({}),
  handover: z
    .strictObject({
      storeId: z.int().min(1).optional().describe('Desk whose agents take over.'),
      keywords: z
        .array(z.string().min(1).max(100))
        .max(100)
        .default([
          ...['转人工', '人工客服', '人工服务', '找人工', '真人客服'],
          ...['talk to a human', 'talk to an agent', 'speak to a human', 'speak to an agent'],
          ...['human agent', 'live agent', 'real person', 'talk to a person'],
        ]),
      absentText: z
        .string()
        .min(1)
        .max(2000)
        .optional()
        .describe('Said when no agent is there. Default: a sentence of the language.'),
      idleMinutes: z.number().min(1).default(30).describe('Then the bot answers again.'),
    })
    .prefault({}),
  rooms: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe('These bots answer in rooms, too, unless switched off in one.'),
      perMinute: z.int().min(1).default(6).describe('Most answers into a room a minute.'),
      mention: z.boolean().default(true).describe('Answers begin with @ and who asked.'),
    })
    .prefault({}),
  private: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe('These bots answer who writes to them in private, too.'),
    })
    .prefault({}),
  idleHours: z.number().min(0.01).default(24).describe('A talk without a word so long has ended.'),
});
export type ChatbotSettings = z.infer<typeof chatbotSchema>;

const text = (most: number) => z.string().min(1).max(most);

/** What an answer may be, by its type. */
export const ruleReplies = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: text(20_000) }),
  z.strictObject({ type: z.literal('image'), url: httpUrl.describe('Where the picture is.') }),
  z.strictObject({ type: z.literal('card'), ...cardFields, thumbUrl: httpUrl }),
  z.strictObject({
    type: z.literal('handover'),
    storeId: z.int().min(1).optional(),
    text: text(2000).optional().describe('Said before an agent answers.'),
  }),
  z.strictObject({
    type: z.literal('webhook'),
    url: httpUrl.describe('Asked for the answer: POST {text, …}, answers {text}.'),
  }),
]);

/** What a rule answers with. */
export const ruleReplySchema = z.preprocess(
  (reply) => (isCard(reply) ? respelledCard(reply) : reply),
  ruleReplies,
);
export type RuleReply = z.infer<typeof ruleReplySchema>;

export const ruleScopeSchema = z.strictObject({
  channels: z
    .array(z.string().min(1).max(64))
    .max(100)
    .optional()
    .describe('mpweixin, room, …; absent: all.'),
  botcodes: z.array(z.string().min(1).max(64)).max(1000).optional(),
  rooms: z.array(z.string().min(1).max(256)).max(1000).optional().describe('Ids of rooms.'),
  mentioned: z.boolean().optional().describe('In rooms only where the bot was @ed.'),
});
export type RuleScope = z.infer<typeof ruleScopeSchema>;

export const ruleKinds = ['exact', 'contains', 'prefix', 'regex'] as const;
export type RuleKind = (typeof ruleKinds)[number];

/** Most characters of a pattern. */
export const longestPattern = 500;

const ruleFields = z.strictObject({
  name: text(100),
  kind: z.enum(ruleKinds).default('contains'),
  pattern: text(longestPattern),
  scope: ruleScopeSchema.prefault({}),
  priority: z.int().min(-1_000_000).max(1_000_000).default(0).describe('The highest answers.'),
  reply: ruleReplySchema,
  enabled: z.boolean().default(true),
});

/** All of them are asked for each message. */
export const mostRules = 2000;

/** A rule; one whose regular expression cannot be read, or could take long, is none. */
export const ruleSchema = ruleFields.superRefine(({ kind, pattern }, context) => {
  if (kind !== 'regex') return;
  try {
    parsePattern(pattern);
  } catch (error) {
    if (!(error instanceof PatternFault)) throw error;
    context.addIssue({ code: 'custom', path: ['pattern'], message: error.message });
  }
});
export type RuleSettings = z.infer<typeof ruleSchema>;

function isCard(reply: unknown): boolean {
  return typeof reply === 'object' && reply !== null && Reflect.get(reply, 'type') === 'card';
}
