import { z } from 'zod';
import type { Rule } from '../../bot/chatbot/rules.ts';
import { unmaskedAddress } from '../../bot/unmasked.ts';
import {
  longestPattern,
  type RuleReply,
  ruleKinds,
  ruleReplySchema,
  ruleScopeSchema,
} from '../../config/chatbot-schema.ts';
import { maskedAddress } from '../../config/masked-text.ts';
import { notFound } from './errors.ts';
import { time } from './im-views.ts';
import { operation } from './operation.ts';
import { numberPaging, page, pageByNumber } from './paging.ts';

const params = z.strictObject({
  id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});
const fields = {
  name: z.string().min(1).max(100),
  kind: z.enum(ruleKinds).describe('exact: apart from punctuation at the ends.'),
  pattern: z.string().min(1).max(longestPattern),
  scope: ruleScopeSchema,
  priority: z.int().min(-1_000_000).max(1_000_000).describe('The highest answers.'),
  reply: ruleReplySchema,
  enabled: z.boolean(),
};
const view = z.object({
  id: z.int(),
  source: z.enum(['config', 'admin']).describe('config: changed in the file.'),
  ...fields,
  hits: z.int().describe('How often it was the answer.'),
  createdAt: time,
  updatedAt: time,
});

const list = operation({
  id: 'listRules',
  method: 'get',
  path: '/chatbot/rules',
  tag: 'chatbot',
  summary: 'Answers by keyword, by number',
  query: z.strictObject(numberPaging),
  answer: page(view),
  handle: async ({ chatbot }, { query }) => {
    const { items, next } = pageByNumber(chatbot.knowhow.rules.list(), (one) => one.id, query);
    return { items: items.map(viewOf), next };
  },
});

const get = operation({
  id: 'getRule',
  method: 'get',
  path: '/chatbot/rules/{id}',
  tag: 'chatbot',
  summary: 'One rule',
  params,
  answer: view,
  handle: async ({ chatbot }, { params: { id } }) => {
    const rule = chatbot.knowhow.rules.get(id);
    if (rule === undefined) throw notFound(`规则 ${id}`, `rule ${id}`);
    return viewOf(rule);
  },
});

const add = operation({
  id: 'addRule',
  method: 'post',
  path: '/chatbot/rules',
  tag: 'chatbot',
  summary: 'Add a rule; it answers at once',
  description:
    'A regular expression is refused, with the reason, if it cannot be matched in one pass over the ' +
    'text: back references and looking around.',
  body: z.strictObject({
    ...fields,
    kind: fields.kind.default('contains'),
    scope: fields.scope.prefault({}),
    priority: fields.priority.default(0),
    enabled: fields.enabled.default(true),
  }),
  answer: view,
  status: 201,
  handle: async ({ chatbot }, { body }) => {
    const reply = unmasked(body.reply, undefined);
    return viewOf(await chatbot.knowhow.rules.add({ ...body, reply }));
  },
});

const change = operation({
  id: 'changeRule',
  method: 'patch',
  path: '/chatbot/rules/{id}',
  tag: 'chatbot',
  summary: 'Change a rule; one of the config file is changed there',
  params,
  body: z.strictObject({
    name: fields.name.exactOptional(),
    kind: fields.kind.exactOptional(),
    pattern: fields.pattern.exactOptional(),
    scope: fields.scope.exactOptional(),
    priority: fields.priority.exactOptional(),
    reply: fields.reply.exactOptional(),
    enabled: fields.enabled.exactOptional(),
  }),
  answer: view,
  handle: async ({ chatbot }, { params: { id }, body }) => {
    const { rules } = chatbot.knowhow;
    const { reply } = body;
    const changes = reply && { reply: unmasked(reply, rules.get(id)?.reply) };
    return viewOf(await rules.update(id, { ...body, ...changes }));
  },
});

const remove = operation({
  id: 'removeRule',
  method: 'delete',
  path: '/chatbot/rules/{id}',
  tag: 'chatbot',
  summary: 'Remove a rule; one of the config file is removed there',
  params,
  handle: async ({ chatbot }, { params: { id } }) => {
    await chatbot.knowhow.rules.remove(id);
  },
});

const test = operation({
  id: 'testRules',
  method: 'post',
  path: '/chatbot/rules/test',
  tag: 'chatbot',
  summary: 'Which rule would answer, and which others match; nothing is counted',
  body: z.strictObject({
    text: z.string().min(1).max(4000),
    channel: z.string().min(1).max(64).default('mpweixin'),
    botcode: z.string().max(64).exactOptional(),
    roomId: z.string().max(256).exactOptional(),
    mentioned: z.boolean().exactOptional(),
  }),
  answer: z.object({ hit: view.nullable(), matching: z.array(view) }),
  handle: async ({ chatbot }, { body }) => {
    const { hit, matching } = chatbot.knowhow.rules.test(body);
    return { hit: hit === undefined ? null : viewOf(hit), matching: matching.map(viewOf) };
  },
});

export const chatbotRuleOperations = [list, add, test, get, change, remove];

/** Of an address that is asked, what opens a door is masked. */
function viewOf(rule: Rule): z.output<typeof view> {
  const { reply } = rule;
  if (reply.type !== 'webhook') return { ...rule };
  return { ...rule, reply: { ...reply, url: maskedAddress(reply.url) } };
}

function unmasked(reply: RuleReply, kept: RuleReply | undefined): RuleReply {
  if (reply.type !== 'webhook') return reply;
  const before = kept?.type === 'webhook' ? kept.url : undefined;
  return { ...reply, url: unmaskedAddress(reply.url, before, 'reply.url') };
}
