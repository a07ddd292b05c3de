import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { notFound } from './errors.ts';
import { operation } from './operation.ts';
import { numberPaging, page } from './paging.ts';

const time = z.int().describe('Epoch milliseconds.');
const tokenText = z.string().describe('For `Authorization: Bearer …`. Shown here and never again.');

const token = z.object({
  id: z.int(),
  kind: z.enum(['session', 'api']),
  name: z.string(),
  createdAt: time,
  expiresAt: time.nullable().describe('Null: until it is revoked.'),
});

const openSession = operation({
  id: 'openSession',
  method: 'post',
  path: '/session',
  tag: 'operators',
  summary: 'Log in: a token for 12 hours',
  description: 'Wrong attempts are slowed down by source address, more each time.',
  open: true,
  body: z.strictObject({
    username: z.string().min(1).max(200),
    password: z.string().min(1).max(1000),
  }),
  answer: z.object({ token: tokenText, expiresAt: time }),
  status: 201,
  handle: ({ operators }, { body, address }) =>
    operators.session(body.username, body.password, address),
});

const whoAmI = operation({
  id: 'whoAmI',
  method: 'get',
  path: '/session',
  tag: 'operators',
  summary: 'Whose token this is',
  answer: z.object({ name: z.string(), via: z.enum(['session', 'api', 'cli']) }),
  handle: async (_core, { operator }) => ({
    name: operator?.name ?? '',
    via: operator?.via ?? 'api',
  }),
});

const closeSession = operation({
  id: 'closeSession',
  method: 'delete',
  path: '/session',
  tag: 'operators',
  summary: 'Log out: the token of this request ends',
  handle: async ({ operators }, { operator }) => {
    if (operator?.tokenId !== undefined) await operators.revokeToken(operator.tokenId);
  },
});

const listTokens = operation({
  id: 'listTokens',
  method: 'get',
  path: '/tokens',
  tag: 'operators',
  summary: 'Live tokens and sessions, without themselves',
  query: z.strictObject(numberPaging),
  answer: page(token),
  handle: async ({ operators }, { query }) => {
    const { limit, cursor = 0 } = query;
    const list = await operators.listTokens({ after: cursor, limit: limit + 1 });
    const items = list.slice(0, limit).map((one) => ({ ...one, expiresAt: one.expiresAt ?? null }));
    const last = items.at(-1);
    return { items, next: list.length > limit && last !== undefined ? String(last.id) : null };
  },
});

const createToken = operation({
  id: 'createToken',
  method: 'post',
  path: '/tokens',
  tag: 'operators',
  summary: 'Make a token for a program',
  body: z.strictObject({
    name: z.string().min(1).max(100),
    expiresInDays: z.number().positive().max(3650).optional().describe('Absent: it never ends.'),
  }),
  answer: token.extend({ token: tokenText }),
  status: 201,
  handle: async ({ operators, clock }, { body }) => {
    const { name, expiresInDays } = body;
    const expiresAt =
      expiresInDays === undefined ? undefined : clock.now() + Math.ceil(expiresInDays * 86_400_000);
    const { token: text, view } = await operators.createToken(name, expiresAt);
    return { ...view, expiresAt: expiresAt ?? null, token: text };
  },
});

const revokeToken = operation({
  id: 'revokeToken',
  method: 'delete',
  path: '/tokens/{id}',
  tag: 'operators',
  summary: 'End a token or session',
  params: z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
  handle: async ({ operators }, { params }) => {
    if (!(await operators.revokeToken(params.id))) {
      throw notFound(`令牌 ${params.id}`, `token ${params.id}`);
    }
  },
});

const changePassword = operation({
  id: 'changePassword',
  method: 'post',
  path: '/password',
  tag: 'operators',
  summary: 'Change the password; every session ends',
  description: 'Without a password one is made and answered. Refused while the config sets one.',
  body: z.strictObject({ password: z.string().min(10).max(1000).optional() }),
  answer: z.object({ password: z.string().optional().describe('The one that was made.') }),
  handle: async ({ operators }, { body, operator }) => {
    if (operator?.via === 'api') {
      throw new AppError('forbidden', {
        zh: '程序令牌不能修改密码',
        en: 'the token of a program cannot change the password',
      });
    }
    const made = await operators.setPassword(body.password);
    return body.password === undefined ? { password: made } : {};
  },
});

export const sessionOperations = [
  openSession,
  whoAmI,
  closeSession,
  listTokens,
  createToken,
  revokeToken,
  changePassword,
];
