import { z } from 'zod';
import { asMember } from './client-groups.ts';
import { refusal } from './envelope.ts';
import { groupParams, joining, leaving, memberParams } from './group-fields.ts';
import { route } from './route.ts';
import { flag, text } from './schema.ts';

const addClientMembers = route({
  id: 'addClientMembers',
  method: 'post',
  path: '/client/groups/{gid}/members',
  caller: 'either',
  customers: 'never',
  summary: 'Bring members into a group, or join it',
  description: 'Any user of the application may. The list may come bare, and one member alone.',
  params: groupParams,
  body: joining,
  handle: async ({ groups }, { appid, user, params, body }) => {
    const { members, inviter } = body;
    if (user !== undefined && inviter !== undefined && inviter.uid !== user.uid) {
      throw refusal(400, 'inviter must be self');
    }
    await asMember(groups.addMembers(appid, params.gid, members, { inviter, as: user }));
  },
});

const removeClientMembers = route({
  id: 'removeClientMembers',
  method: 'delete',
  path: '/client/groups/{gid}/members',
  caller: 'either',
  customers: 'never',
  summary: 'Take members out of a group; of the users its master may',
  params: groupParams,
  body: leaving,
  handle: async ({ groups }, { appid, user, params, body }) => {
    // As the original spells it.
    if (body.length === 0) throw refusal(400, 'no memebers to delete');
    await asMember(groups.removeMembers(appid, params.gid, body, user));
  },
});

const leaveClientGroup = route({
  id: 'leaveClientGroup',
  method: 'delete',
  path: '/client/groups/{gid}/members/{mid}',
  caller: 'either',
  customers: 'members',
  summary: 'Leave a group',
  params: memberParams,
  handle: ({ groups }, { appid, user, params: { gid, mid } }) =>
    asMember(groups.leave(appid, gid, mid, user)),
});

const setClientMember = route({
  id: 'setClientMember',
  method: 'patch',
  path: '/client/groups/{gid}/members/{mid}',
  caller: 'either',
  customers: 'members',
  summary: "A member's own settings in a group: the first of them counts",
  params: memberParams,
  body: z.object({
    quiet: flag.optional().describe('The same as do_not_disturb.'),
    do_not_disturb: flag.optional().describe('No push about what is said there.'),
    nickname: text(255).optional(),
  }),
  handle: async ({ groups, users }, { appid, user, params: { gid, mid }, body }) => {
    if (user !== undefined && user.uid !== mid) throw refusal(400, 'setting other is forbidden');
    const quiet = body.quiet ?? body.do_not_disturb;
    await asMember(groups.of(appid, gid));
    if (quiet !== undefined) await users.setQuiet({ appid, uid: mid }, 'group', gid, quiet);
    else if (body.nickname === undefined) throw refusal(400, 'no action');
    else await asMember(groups.setNickname(appid, gid, mid, body.nickname, user));
  },
});

export const clientMemberRoutes = [
  addClientMembers,
  removeClientMembers,
  leaveClientGroup,
  setClientMember,
];
