import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { roles } from '../../bot/operators.ts';
import type { AdminCore } from './core.ts';
import { operation } from './operation.ts';
import { numberPaging, page } from './paging.ts';
import { toUserView, userView, userViewOf } from './user-views.ts';

const params = z.object({
  id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});
const role = z.enum(roles).describe('viewer: looks; operator: runs things; admin: everything.');
const password = z.string().min(10).max(1000).optional().describe('Absent: one is made.');
const madePassword = z
  .string()
  .optional()
  .describe('The one that was made. Shown here and never again.');

const listUsers = operation({
  id: 'listOperators',
  method: 'get',
  path: '/users',
  tag: 'operators',
  role: 'admin',
  summary: 'The people who may log in',
  query: z.strictObject(numberPaging),
  answer: page(userView),
  handle: async ({ operators }, { query }) => {
    const { limit, cursor = 0 } = query;
    const rows = await operators.users.list({ after: cursor, limit: limit + 1 });
    const items = rows.slice(0, limit).map((row) => toUserView(operators, row));
    const last = items.at(-1);
    return { items, next: rows.length > limit && last !== undefined ? String(last.id) : null };
  },
});

const addUser = operation({
  id: 'addOperator',
  method: 'post',
  path: '/users',
  tag: 'operators',
  role: 'admin',
  summary: 'Add a person',
  body: z.strictObject({
    username: z
      .string()
      .regex(/^[\p{L}\p{N}_.@-]{1,64}$/u, 'letters, digits and _ . @ - only, 1 to 64')
      .describe('Upper and lower case are the same.'),
    role: role.default('viewer'),
    password,
  }),
  answer: z.object({ user: userView, password: madePassword }),
  status: 201,
  audits: (_core, { body: { username, role: given } }) => [`username=${username}`, `role=${given}`],
  handle: async ({ operators }, { body }) => {
    const added = await operators.people.add(body.username, body.role, body.password);
    const user = await userViewOf(operators, added.id);
    return body.password === undefined ? { user, password: added.password } : { user };
  },
});

const getUser = operation({
  id: 'getOperator',
  method: 'get',
  path: '/users/{id}',
  tag: 'operators',
  role: 'admin',
  summary: 'One person',
  params,
  answer: userView,
  handle: ({ operators }, { params: { id } }) => userViewOf(operators, id),
});

const changeUser = operation({
  id: 'changeOperator',
  method: 'patch',
  path: '/users/{id}',
  tag: 'operators',
  role: 'admin',
  summary: 'Another role, at once; disabled ends the sessions',
  description: 'Not of the first operator, who is that of the config, and not of oneself.',
  params,
  body: z.strictObject({ role: role.optional(), disabled: z.boolean().optional() }),
  answer: userView,
  audits: async (core, { params: { id }, body }) => [
    ...(await namedIn(core, id)),
    ...Object.entries(body).map(([name, value]) => `${name}=${value}`),
  ],
  handle: async ({ operators }, { params: { id }, body, operator }) => {
    await operators.people.change(id, body, operator?.userId);
    return userViewOf(operators, id);
  },
});

const removeUser = operation({
  id: 'removeOperator',
  method: 'delete',
  path: '/users/{id}',
  tag: 'operators',
  role: 'admin',
  summary: 'Remove a person; sessions end, tokens made for programs stay',
  params,
  audits: (core, { params: { id } }) => namedIn(core, id),
  handle: ({ operators }, { params: { id }, operator }) =>
    operators.people.remove(id, operator?.userId),
});

const resetPassword = operation({
  id: 'resetOperatorPassword',
  method: 'post',
  path: '/users/{id}/password',
  tag: 'operators',
  role: 'admin',
  summary: 'Give somebody another password; his sessions end',
  params,
  body: z.strictObject({ password }),
  answer: z.object({ password: madePassword }),
  audits: (core, { params: { id } }) => namedIn(core, id),
  handle: async ({ operators }, { params: { id }, body, operator }) => {
    if (id === operator?.userId) throw ownProfile();
    const made = await operators.people.setPassword(id, body.password);
    return body.password === undefined ? { password: made } : {};
  },
});

const removeTotp = operation({
  id: 'removeOperatorTotp',
  method: 'delete',
  path: '/users/{id}/totp',
  tag: 'operators',
  role: 'admin',
  summary: 'Ask somebody for no code any more, who lost his authenticator',
  params,
  audits: (core, { params: { id } }) => namedIn(core, id),
  handle: async ({ operators }, { params: { id }, operator }) => {
    if (id === operator?.userId) throw ownProfile();
    await operators.people.require(id);
    await operators.second.turnOff(id);
  },
});

const endSessions = operation({
  id: 'endOperatorSessions',
  method: 'delete',
  path: '/users/{id}/sessions',
  tag: 'operators',
  role: 'admin',
  summary: 'Log somebody out everywhere',
  params,
  audits: (core, { params: { id } }) => namedIn(core, id),
  handle: async ({ operators }, { params: { id } }) => {
    await operators.people.require(id);
    await operators.endSessions(id);
  },
});

const unlockUser = operation({
  id: 'unlockOperator',
  method: 'post',
  path: '/users/{id}/unlock',
  tag: 'operators',
  role: 'admin',
  summary: 'Forget the wrong log-ins of a name',
  params,
  answer: userView,
  audits: (core, { params: { id } }) => namedIn(core, id),
  handle: async ({ operators }, { params: { id } }) => {
    operators.logIn.unlock(id);
    return userViewOf(operators, id);
  },
});

/** A number says nothing any more once somebody is removed. */
async function namedIn({ operators }: AdminCore, id: number): Promise<string[]> {
  const row = await operators.people.require(id).catch(() => undefined);
  return row === undefined ? [] : [`username=${row.username}`];
}

/** There the present password is asked for: a browser that was left open does not know it. */
export function ownProfile(): AppError {
  return new AppError('conflict', {
    zh: '自己的密码和动态码请在个人资料中修改',
    en: 'change your own password and codes in your profile',
  });
}

export const userOperations = [
  ...[listUsers, addUser, getUser, changeUser, removeUser],
  ...[resetPassword, removeTotp, endSessions, unlockUser],
];
