import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import type { ImbotUser } from '../../bot/imbot/users.ts';
import { done } from './envelope.ts';
import { route } from './route.ts';
import { idQuery, userBody, usersQuery, userView } from './schema.ts';

const putUser = route({
  id: 'putImbotUser',
  method: 'post',
  path: '/user',
  summary: 'Add a user, or change what is told of one',
  description:
    'What is left out stays as it is, also inside `wechat`. A new user without a role is a C. ' +
    'People can write and be written to without this. The role is not for users to choose: with a ' +
    'token of one person it stays what it is (403).',
  body: userBody,
  refusals: [413],
  handle: async ({ users, access }, { body, granted }) => {
    access.assertIs(granted, body.id);
    await users.put(body, granted.userId === undefined ? 'any' : 'same role');
    return { value: done };
  },
});

// @NOTE the original wrapped it in `user`, and answered null to an unknown id.
const getUser = route({
  id: 'getImbotUser',
  method: 'get',
  path: '/user',
  summary: 'One user',
  query: idQuery,
  answer: userView,
  refusals: [404],
  handle: async ({ users }, { query }) => {
    const user = await users.get(query.id);
    if (user === undefined) throw noUser(query.id);
    return { value: viewOf(user) };
  },
});

const listUsers = route({
  id: 'listImbotUsers',
  method: 'get',
  path: '/users',
  summary: 'All users, by id',
  query: usersQuery,
  answer: z.object({ users: z.array(userView) }),
  handle: async ({ users }, { query }) => {
    const { after, limit } = query;
    const found = await users.list({ limit, ...(after !== undefined && { after }) });
    return { value: { users: found.map(viewOf) } };
  },
});

export const userRoutes = [putUser, getUser, listUsers];

function noUser(id: string): AppError {
  const text = { zh: `id：没有用户 ${id}`, en: `id: there is no user ${id}` };
  return new AppError('not_found', text, { field: 'id' });
}

function viewOf({ id, role, wechat }: ImbotUser): ImbotUser {
  return { id, role, wechat };
}
