import { z } from 'zod';
import { refusal } from './envelope.ts';
import { groupParams, inGroup, joining, leaving, memberParams } from './group-fields.ts';
import { route } from './route.ts';
import { flag, text } from './schema.ts';

const addMembers = route({
  id: 'addMembers',
  method: 'post',
  path: '/groups/{gid}/members',
  caller: 'server',
  summary: 'Add members to a group',
  description: 'The list may come bare, and one member without a list.',
  params: groupParams,
  body: joining,
  handle: async ({ groups }, { appid, params, body }) => {
    const { members, inviter } = body;
    await inGroup(groups.addMembers(appid, params.gid, members, { inviter }));
  },
});

const removeMembers = route({
  id: 'removeMembers',
  method: 'delete',
  path: '/groups/{gid}/members',
  caller: 'server',
  summary: 'Take members out of a group',
  params: groupParams,
  body: leaving,
  handle: async ({ groups }, { appid, params, body }) => {
    // As the original spells it.
    if (body.length === 0) throw refusal(400, 'no memebers to delete');
    await inGroup(groups.removeMembers(appid, params.gid, body));
  },
});

const leaveGroup = route({
  id: 'leaveGroup',
  method: 'delete',
  path: '/groups/{gid}/members/{mid}',
  caller: 'server',
  summary: 'A member leaves a group; who is none may be said to have left',
  params: memberParams,
  handle: ({ groups }, { appid, params }) => inGroup(groups.leave(appid, params.gid, params.mid)),
});

const setMember = route({
  id: 'setMember',
  method: 'patch',
  path: '/groups/{gid}/members/{mid}',
  caller: 'server',
  summary: 'Settings of a member in a group',
  description: 'Of `do_not_disturb` and `nickname` one at a time: the first of them counts.',
  params: memberParams,
  body: z.object({
    do_not_disturb: flag.optional().describe('No push about what is said there.'),
    nickname: text(255).optional(),
    mute: flag.optional().describe('May not speak there.'),
  }),
  handle: async ({ groups, users }, { appid, params: { gid, mid }, body }) => {
    const { do_not_disturb: quiet, nickname, mute } = body;
    await inGroup(groups.of(appid, gid));
    if (quiet !== undefined) await users.setQuiet({ appid, uid: mid }, 'group', gid, quiet);
    else if (nickname !== undefined) await inGroup(groups.setNickname(appid, gid, mid, nickname));
    else if (mute === undefined) throw refusal(400, 'no action');
    if (mute !== undefined) await inGroup(groups.setMemberMute(appid, gid, mid, mute));
  },
});

export const memberRoutes = [addMembers, removeMembers, leaveGroup, setMember];
