import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { type OperatorToken, roles } from '../../bot/operators.ts';
import type { AdminCore } from './core.ts';
import { notFound } from './errors.ts';
import { operation } from './operation.ts';
import { numberPaging, page } from './paging.ts';
import { toUserView, userView, userViewOf } from './user-views.ts';
import { ownProfile } from './users.ts';

const time = z.int().describe('Epoch milliseconds.');
const tokenText = z.string().describe('For `Authorization: Bearer …`. Shown here and never again.');

const role = z.enum(roles).describe('viewer: looks; operator: runs things; admin: everything.');

const token = z.object({
  id: z.int(),
  kind: z.enum(['session', 'api']),
  name: z.string(),
  role,
  createdAt: time,
  expiresAt: time.nullable().describe('Null: until it is revoked.'),
  madeBy: z.string().nullable().describe('Who made the token of a program.'),
  address: z.string().nullable().describe('From where the session was opened.'),
  agent: z.string().nullable().describe('What the browser called itself.'),
});

const openSession = operation({
  id: 'openSession',
  method: 'post',
  path: '/session',
  tag: 'operators',
  summary: 'Log in: a token for 12 hours, or a cookie',
  description:
    'Wrong attempts are slowed down by source address and by name, more each time. 401 with the ' +
    'field `totp`: the password is right, a code is missing or wrong. With `cookie` the token goes ' +
    'into an httpOnly cookie; what changes something then needs the header `X-Wxrc-Csrf`.',
  open: true,
  body: z.strictObject({
    username: z.string().min(1).max(200),
    password: z.string().min(1).max(1000),
    totp: z
      .string()
      .min(6)
      .max(40)
      .optional()
      .describe('Six digits of the authenticator, or a recovery code.'),
    cookie: z.boolean().default(false).describe('For a browser: no token, a cookie.'),
  }),
  answer: z.object({
    user: userView,
    expiresAt: time,
    token: tokenText.optional(),
    csrf: z.string().optional().describe('For `X-Wxrc-Csrf`, with a cookie.'),
  }),
  status: 201,
  handle: async (core, { body, address, browser }) => {
    const { operators, clock } = core;
    const { username, password, totp, cookie } = body;
    if (cookie) browser.requireOwnPage();
    const before =
      browser.token === undefined ? undefined : await operators.identify(browser.token, 'cookie');
    const { agent } = browser;
    const opened = await operators
      .session(username, password, address, { totp, cookie, agent })
      .catch(async (error: unknown) => {
        await writeDown(core, username, address, error);
        throw error;
      });
    const user = await userViewOf(operators, opened.userId);
    const { id, role: own, username: name } = user;
    const { tokenId } = opened;
    await core.audit.knocked({ user: { id, name, role: own }, tokenId, address, status: 201 });
    const { token: text, expiresAt } = opened;
    if (!cookie) return { user, expiresAt, token: text };
    // The browser holds one session: the one before is out of its reach.
    if (before?.tokenId !== undefined) await operators.revokeToken(before.tokenId);
    return { user, expiresAt, csrf: browser.open(text, expiresAt - clock.now()) };
  },
});

/** Who is slowed down is not written down: the tries before are. */
async function writeDown(
  { operators, audit }: AdminCore,
  username: string,
  address: string,
  error: unknown,
): Promise<void> {
  if (!(error instanceof AppError) || error.code !== 'unauthorized') return;
  const row = await operators.logIn.userNamed(username);
  const user = row && toUserView(operators, row);
  await audit.knocked({
    user: user && { id: user.id, name: user.username, role: user.role },
    address,
    status: 401,
  });
}

const whoAmI = operation({
  id: 'whoAmI',
  method: 'get',
  path: '/session',
  tag: 'operators',
  summary: 'Whose token or session this is',
  answer: z.object({
    name: z.string(),
    via: z.enum(['session', 'api', 'cli']),
    role,
    language: z.enum(['zh', 'en']).describe("The user's, else the configured one."),
    timezone: z.string().describe('The configured one: times of operators are in it.'),
    user: userView.nullable().describe('Null: a program, or the command line.'),
    csrf: z.string().nullable().describe('For `X-Wxrc-Csrf`; null: no cookie speaks here.'),
    expiresAt: time.nullable(),
  }),
  handle: async ({ operators, config }, { operator, browser }) => {
    if (operator === undefined) throw new Error('an operation that is not open has an operator');
    const { name, via, role: own, userId } = operator;
    const user = userId === undefined ? null : await userViewOf(operators, userId);
    return {
      ...{ name, via, role: own, user },
      language: user?.language ?? config.language,
      timezone: config.timezone,
      csrf: operator.cookie ? (browser.csrf() ?? null) : null,
      expiresAt: operator.expiresAt ?? null,
    };
  },
});

const closeSession = operation({
  id: 'closeSession',
  method: 'delete',
  path: '/session',
  tag: 'operators',
  summary: 'Log out: the token or session of this request ends',
  role: 'viewer',
  handle: async ({ operators }, { operator, browser }) => {
    if (operator?.tokenId !== undefined) await operators.revokeToken(operator.tokenId);
    if (operator?.cookie === true) browser.close();
  },
});

const listTokens = operation({
  id: 'listTokens',
  method: 'get',
  path: '/tokens',
  role: 'admin',
  tag: 'operators',
  summary: 'Live tokens and sessions, without themselves',
  query: z.strictObject(numberPaging),
  answer: page(token),
  handle: async ({ operators }, { query }) => {
    const { limit, cursor = 0 } = query;
    const list = await operators.listTokens({ after: cursor, limit: limit + 1 });
    const items = list.slice(0, limit).map(viewOf);
    const last = items.at(-1);
    return { items, next: list.length > limit && last !== undefined ? String(last.id) : null };
  },
});

const createToken = operation({
  id: 'createToken',
  method: 'post',
  path: '/tokens',
  role: 'admin',
  tag: 'operators',
  summary: 'Make a token for a program',
  body: z.strictObject({
    name: z.string().min(1).max(100),
    role: z.enum(roles).default('operator'),
    expiresInDays: z.number().positive().max(3650).optional().describe('Absent: it never ends.'),
  }),
  answer: token.extend({ token: tokenText }),
  status: 201,
  audits: (_core, { body: { name, role } }) => [`name=${name}`, `role=${role}`],
  handle: async ({ operators, clock }, { body, operator }) => {
    const { name, role: own, expiresInDays } = body;
    const expiresAt =
      expiresInDays === undefined ? undefined : clock.now() + Math.ceil(expiresInDays * 86_400_000);
    const made = await operators.createToken(name, expiresAt, {
      role: own,
      madeBy: operator?.name ?? '',
    });
    return { ...viewOf(made.view), token: made.token };
  },
});

const revokeToken = operation({
  id: 'revokeToken',
  method: 'delete',
  path: '/tokens/{id}',
  role: 'admin',
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
  role: 'admin',
  tag: 'operators',
  summary: "Change the first operator's password; its sessions end",
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
    if (operator?.cookie === true) throw ownProfile();
    const made = await operators.setPassword(body.password);
    return body.password === undefined ? { password: made } : {};
  },
});

function viewOf(one: OperatorToken) {
  const { id, kind, name, role: own, createdAt } = one;
  return {
    ...{ id, kind, name, role: own, createdAt, expiresAt: one.expiresAt ?? null },
    ...{ madeBy: one.madeBy ?? null, address: one.address ?? null, agent: one.agent ?? null },
  };
}

export const sessionOperations = [
  openSession,
  whoAmI,
  closeSession,
  listTokens,
  createToken,
  revokeToken,
  changePassword,
];
