import { z } from 'zod';
import type { LiveGroup } from '../../bot/im/group.ts';
import type { GroupView } from '../../bot/im/groups.ts';
import type { AdminCore } from './core.ts';
import { notFound } from './errors.ts';
import { appid, groupParams, idPaging, searchText, time } from './im-views.ts';
import { operation } from './operation.ts';
import { numberPaging, page } from './paging.ts';

const view = z.object({
  gid: z.int(),
  appid: z.int(),
  name: z.string(),
  notice: z.string(),
  master: z.int().describe('Need not be a member.'),
  super: z.boolean().describe('What is said lies once in the inbox of the group.'),
  memberCount: z.int(),
  createdAt: time,
});
const member = z.object({
  uid: z.int(),
  name: z.string().describe('As the application said, else of the user.'),
  avatar: z.string(),
  nickname: z.string().describe('What it calls itself in this group.'),
  mute: z.boolean().describe('May not speak in this group.'),
  joinedAt: time,
  online: z.boolean(),
});

const listGroups = operation({
  id: 'listImGroups',
  method: 'get',
  path: '/im/groups',
  tag: 'messaging',
  summary: 'Groups, by number',
  query: z.strictObject({ ...numberPaging, appid: appid.optional(), text: searchText }),
  answer: page(view),
  handle: async ({ im }, { query }) => {
    const { limit, cursor: after } = query;
    const { groups, next } = await im.groups.search(query.appid, query.text, { after, limit });
    return {
      items: groups.map((one) => viewOf(one, one.memberCount)),
      next: next === undefined ? null : String(next),
    };
  },
});

const getGroup = operation({
  id: 'getImGroup',
  method: 'get',
  path: '/im/groups/{gid}',
  tag: 'messaging',
  summary: 'One group',
  params: groupParams,
  answer: view,
  handle: async (core, { params }) => {
    const group = await knownGroup(core, params.gid);
    return viewOf(group, group.members.size);
  },
});

const listMembers = operation({
  id: 'listImMembers',
  method: 'get',
  path: '/im/groups/{gid}/members',
  tag: 'messaging',
  summary: 'Members of a group, by uid',
  params: groupParams,
  query: z.strictObject(idPaging),
  answer: page(member),
  handle: async (core, { params: { gid }, query }) => {
    const { limit, cursor: after } = query;
    const group = await knownGroup(core, gid);
    const { members, next } = await core.im.groups.members(gid, { after, limit });
    const unnamed = members.filter(({ name }) => name === '').map(({ uid }) => uid);
    const names = await core.im.users.namesOf(group.appid, unnamed);
    const items = members.map(({ uid, name, avatar, nickname, mute, joinedAt }) => {
      const online = core.im.hub.isOnline(group.appid, uid);
      const called = name || names.get(uid) || '';
      return { uid, name: called, avatar, nickname, mute, joinedAt, online };
    });
    return { items, next: next === undefined ? null : String(next) };
  },
});

const disbandGroup = operation({
  id: 'disbandImGroup',
  method: 'delete',
  path: '/im/groups/{gid}',
  tag: 'messaging',
  summary: 'Disband a group; its members are told',
  params: groupParams,
  handle: async (core, { params: { gid } }) => {
    const group = await knownGroup(core, gid);
    await core.im.groups.disband(group.appid, gid);
  },
});

export const imGroupOperations = [listGroups, getGroup, listMembers, disbandGroup];

/** @throws AppError not_found */
export async function knownGroup({ im }: AdminCore, gid: number): Promise<LiveGroup> {
  const group = await im.groups.get(gid);
  if (group === undefined) throw notFound(`群 ${gid}`, `group ${gid}`);
  return group;
}

function viewOf(group: Omit<GroupView, 'memberCount'>, memberCount: number): z.output<typeof view> {
  const { gid, appid: app, name, notice, master, createdAt } = group;
  return { gid, appid: app, name, notice, master, super: group.super, memberCount, createdAt };
}
