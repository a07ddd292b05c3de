import { z } from 'zod';
import type { User } from '../../bot/im/message.ts';
import type { UserView } from '../../bot/im/users.ts';
import type { AdminCore } from './core.ts';
import { badCursor, notFound } from './errors.ts';
import { knownApp } from './im-apps.ts';
import {
  appid,
  connectionView,
  label,
  searchText,
  time,
  toConnectionView,
  userParams,
} from './im-views.ts';
import { operation } from './operation.ts';
import { page, paging } from './paging.ts';

const view = z.object({
  appid: z.int(),
  uid: z.int(),
  name: z.string(),
  avatar: z.string(),
  forbidden: z
    .boolean()
    .describe('May not speak in chat rooms; a customer gets no token any more.'),
  mute: z.boolean().describe('The phone is silent while a desktop is online.'),
  online: z.boolean(),
  createdAt: time,
});
/** Of what a user has many of, so many are shown. */
const most = 200;
const some = z.array(z.int()).describe(`At most ${most} of them.`);
const detail = view.extend({
  quietPeers: some.describe('Users whose messages make no noise.'),
  quietGroups: some.describe('Groups whose messages make no noise.'),
  inbox: z.object({
    last: z.int().describe('seq of the newest place; of an empty inbox the one it begins behind.'),
    read: z.int().describe('seq up to which it has been read.'),
  }),
  connections: z.array(connectionView).describe(`At most ${most} of them.`),
});

const listUsers = operation({
  id: 'listImUsers',
  method: 'get',
  path: '/im/users',
  tag: 'messaging',
  summary: 'Users, by application and uid',
  query: z.strictObject({ ...paging, appid: appid.optional(), text: searchText }),
  answer: page(view),
  handle: async (core, { query }) => {
    const after = readCursor(query.cursor);
    const found = await core.im.users.search(query.appid, query.text, {
      limit: query.limit,
      ...(after !== undefined && { after }),
    });
    const { next } = found;
    return {
      items: found.users.map((user) => viewOf(core, user)),
      next: next === undefined ? null : `${next.appid}:${next.uid}`,
    };
  },
});

const getUser = operation({
  id: 'getImUser',
  method: 'get',
  path: '/im/apps/{appid}/users/{uid}',
  tag: 'messaging',
  summary: 'One user: settings, inbox, connections',
  params: userParams,
  answer: detail,
  handle: async (core, { params: user }) => {
    const known = await knownUser(core, user);
    const { users, log, cursors, hub } = core.im;
    return {
      ...viewOf(core, known),
      quietPeers: [...(await users.quiet(user, 'peer'))].slice(0, most),
      quietGroups: [...(await users.quiet(user, 'group'))].slice(0, most),
      inbox: { last: await log.last(user), read: await cursors.getWithin(user, 0) },
      connections: hub.of(user.appid, user.uid).slice(0, most).map(toConnectionView),
    };
  },
});

const changeUser = operation({
  id: 'changeImUser',
  method: 'patch',
  path: '/im/apps/{appid}/users/{uid}',
  tag: 'messaging',
  summary: 'Change the name or a setting; it acts at once',
  params: userParams,
  body: z.strictObject({
    name: label(255).exactOptional(),
    forbidden: z.boolean().exactOptional(),
    mute: z.boolean().exactOptional(),
  }),
  answer: view,
  handle: async (core, { params: user, body }) => {
    await knownUser(core, user);
    const { users } = core.im;
    if (body.name !== undefined) await users.setName(user, body.name);
    if (body.forbidden !== undefined) await users.setForbidden(user, body.forbidden);
    if (body.mute !== undefined) await users.setMute(user, body.mute);
    return viewOf(core, await knownUser(core, user));
  },
});

const grantToken = operation({
  id: 'grantImToken',
  method: 'post',
  path: '/im/apps/{appid}/users/{uid}/token',
  role: 'admin',
  tag: 'messaging',
  summary: 'The token of a user, for a trial; there is the user if there was none',
  description: 'The same as the server of its application gets: the same one until it is revoked.',
  params: userParams,
  body: z.strictObject({ name: label(255).exactOptional() }),
  answer: z.object({ token: z.string() }),
  handle: async (core, { params, body }) => {
    knownApp(core, params.appid);
    return { token: await core.im.users.grant({ ...params, ...body }) };
  },
});

const revokeToken = operation({
  id: 'revokeImToken',
  method: 'delete',
  path: '/im/apps/{appid}/users/{uid}/token',
  role: 'admin',
  tag: 'messaging',
  summary: 'End the token of a user and its connections',
  params: userParams,
  handle: async ({ im }, { params }) => {
    if (!(await im.users.revoke(params))) throw unknown(params);
  },
});

export const imUserOperations = [listUsers, getUser, changeUser, grantToken, revokeToken];

/** @throws AppError not_found */
export async function knownUser({ im }: AdminCore, user: User): Promise<UserView> {
  const known = await im.users.get(user);
  if (known === undefined) throw unknown(user);
  return known;
}

function unknown({ appid: app, uid }: User) {
  return notFound(`用户 ${uid}（应用 ${app}）`, `user ${uid} of application ${app}`);
}

function viewOf({ im }: AdminCore, user: UserView): z.output<typeof view> {
  const { appid: app, uid, name, avatar, forbidden, mute, createdAt } = user;
  const online = im.hub.isOnline(app, uid);
  return { appid: app, uid, name, avatar, forbidden, mute, online, createdAt };
}

/** `<appid>:<uid>` of the last of the page before. */
function readCursor(cursor: string | undefined): User | undefined {
  if (cursor === undefined) return undefined;
  const [, app, uid] = /^(-?\d{1,16}):(-?\d{1,16})$/.exec(cursor) ?? [];
  if (app === undefined || uid === undefined) throw badCursor();
  return { appid: Number(app), uid: Number(uid) };
}
