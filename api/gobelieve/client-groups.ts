import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import type { LiveGroup } from '../../bot/im/group.ts';
import type { Im } from '../../bot/im/im.ts';
import { refusal } from './envelope.ts';
import { groupParams, memberList } from './group-fields.ts';
import { route } from './route.ts';
import { flag, id, name, text, uid } from './schema.ts';

// What users do about their groups. @NOTE the document wants the application's authorisation for
// some of these and the user's for others, its server took only the user's: both are taken
// everywhere. A user acts as itself and may do what the original let it do.

const groupView = z.object({
  id: z.int(),
  appid: z.int(),
  master: z.int(),
  super: z.literal([0, 1]),
  name: z.string(),
  notice: z.string(),
  members: z
    .array(
      z.object({
        uid: z.int(),
        name: z.string(),
        avatar: z.string(),
        nickname: z.string().describe('In the group; the name when there is no other.'),
        nickname_in_group: z.string().optional(),
      }),
    )
    .optional(),
  do_not_disturb: z.boolean().optional(),
});

const listQuery = z.object({
  fields: z.string().optional().describe('Comma separated: members, quiet.'),
  uid: uid.optional().describe('Whose groups, when the application asks.'),
});

const createClientGroup = route({
  id: 'createClientGroup',
  method: 'post',
  path: '/client/groups',
  caller: 'either',
  customers: 'never',
  summary: 'Make a group; a user makes its own',
  body: z.object({
    master: uid,
    name,
    super: flag.optional(),
    members: memberList(10_000),
    group_id: id.optional(),
  }),
  answer: z.object({ group_id: z.int() }),
  handle: async ({ groups }, { appid, user, body }) => {
    const { master, name, members, group_id: gid } = body;
    const group = { appid, master, name, super: body.super, members, gid, as: user };
    return { group_id: (await asMember(groups.create(group))).gid };
  },
});

const listClientGroups = route({
  id: 'listClientGroups',
  method: 'get',
  path: '/client/groups',
  caller: 'either',
  summary: 'The groups that a user is in',
  query: listQuery,
  answer: z.array(groupView),
  handle: async (im, { appid, user, query }) => {
    if (user === undefined && query.uid === undefined) throw refusal(400, 'invalid uid');
    const of = user ?? { appid, uid: query.uid ?? 0 };
    const asked = fieldsOf(query.fields);
    const quiet = asked.has('quiet') ? await im.users.quietGroups(of) : undefined;
    const views = [];
    for (const group of await im.groups.ofUser(of)) {
      views.push(await viewOf(im, group, { members: asked.has('members'), quiet }));
    }
    return views;
  },
});

const readClientGroup = route({
  id: 'readClientGroup',
  method: 'get',
  path: '/client/groups/{gid}',
  caller: 'either',
  customers: 'members',
  summary: 'A group with its members',
  params: groupParams,
  query: listQuery,
  answer: groupView,
  handle: async (im, { appid, user, params, query }) => {
    const group = await asMember(im.groups.of(appid, params.gid));
    const of = user ?? (query.uid === undefined ? undefined : { appid, uid: query.uid });
    const wanted = of !== undefined && fieldsOf(query.fields).has('quiet');
    return viewOf(im, group, {
      members: true,
      quiet: wanted ? await im.users.quietGroups(of) : undefined,
    });
  },
});

const changeClientGroup = route({
  id: 'changeClientGroup',
  method: 'patch',
  path: '/client/groups/{gid}',
  caller: 'either',
  customers: 'never',
  summary: 'Rename a group, or change its notice: the first of them counts',
  // Nothing would be won by asking for membership: anybody may join.
  description: 'Any user of the application may.',
  params: groupParams,
  body: z.object({ name: name.optional(), notice: text(4000).optional() }),
  handle: async ({ groups }, { appid, params: { gid }, body }) => {
    if (body.name !== undefined) await asMember(groups.rename(appid, gid, body.name));
    else if (body.notice !== undefined) await asMember(groups.setNotice(appid, gid, body.notice));
    else throw refusal(400, 'patch nothing');
  },
});

const disbandClientGroup = route({
  id: 'disbandClientGroup',
  method: 'delete',
  path: '/client/groups/{gid}',
  caller: 'either',
  customers: 'never',
  summary: 'Disband a group; of the users its master may',
  params: groupParams,
  handle: ({ groups }, { appid, user, params }) =>
    asMember(groups.disband(appid, params.gid, user)),
});

export const clientGroupRoutes = [
  createClientGroup,
  listClientGroups,
  readClientGroup,
  changeClientGroup,
  disbandClientGroup,
];

/**
 * What a user may not do with a group is bad input, as what is not there: the original said so.
 * @throws HttpProblem 400 `group non exists`, `no authority` …
 */
export async function asMember<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code !== 'not_found' && error.code !== 'forbidden') throw error;
    throw refusal(400, error.text.en);
  }
}

function fieldsOf(fields = ''): Set<string> {
  return new Set(fields.split(',').map((field) => field.trim()));
}

async function viewOf(
  im: Im,
  group: LiveGroup,
  extra: { members: boolean; quiet: ReadonlySet<number> | undefined },
): Promise<z.output<typeof groupView>> {
  const { gid, appid, master, name, notice } = group;
  return {
    id: gid,
    appid,
    master,
    super: group.super ? 1 : 0,
    name,
    notice,
    ...(extra.members && { members: await membersOf(im, group) }),
    ...(extra.quiet !== undefined && { do_not_disturb: extra.quiet.has(gid) }),
  };
}

/**
 * @NOTE in the document `nickname` is the name in the group; its server gave the user's name there
 * and the other one, when there was any, as `nickname_in_group`. Readers of either find theirs.
 */
async function membersOf(im: Im, { appid, members }: LiveGroup) {
  const names = await im.users.namesOf(appid, [...members.keys()]);
  return [...members.values()].map((member) => {
    const name = names.get(member.uid) ?? member.name;
    const { uid, avatar, nickname } = member;
    if (nickname === '') return { uid, name, avatar, nickname: name };
    return { uid, name, avatar, nickname, nickname_in_group: nickname };
  });
}
