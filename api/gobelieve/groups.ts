import { z } from 'zod';
import { groupParams, inGroup, memberList } from './group-fields.ts';
import { route } from './route.ts';
import { flag, id, name, uid } from './schema.ts';

const createGroup = route({
  id: 'createGroup',
  method: 'post',
  path: '/groups',
  caller: 'server',
  summary: 'Make a group of exactly these members',
  body: z.object({
    master: uid.describe('Is a member only when named among them.'),
    name,
    super: flag.optional().describe('What is said is kept once for all; for large groups.'),
    members: memberList(10_000),
    group_id: id.optional().describe("The application's own choice. Absent: the next free one."),
  }),
  answer: z.object({ group_id: z.int() }),
  handle: async ({ groups }, { appid, body }) => {
    const { master, name, members, group_id: gid } = body;
    const made = await groups.create({ appid, master, name, super: body.super, members, gid });
    return { group_id: made.gid };
  },
});

const renameGroup = route({
  id: 'renameGroup',
  method: 'patch',
  path: '/groups/{gid}',
  caller: 'server',
  summary: 'Rename a group',
  params: groupParams,
  body: z.object({ name }),
  handle: ({ groups }, { appid, params, body }) =>
    inGroup(groups.rename(appid, params.gid, body.name)),
});

const disbandGroup = route({
  id: 'disbandGroup',
  method: 'delete',
  path: '/groups/{gid}',
  caller: 'server',
  summary: 'Disband a group',
  params: groupParams,
  handle: ({ groups }, { appid, params }) => inGroup(groups.disband(appid, params.gid)),
});

const upgradeGroup = route({
  id: 'upgradeGroup',
  method: 'post',
  path: '/groups/{gid}/upgrade',
  caller: 'server',
  summary: 'Make a group a super group, for good',
  params: groupParams,
  handle: ({ groups }, { appid, params }) => inGroup(groups.upgrade(appid, params.gid)),
});

export const groupRoutes = [createGroup, renameGroup, disbandGroup, upgradeGroup];
