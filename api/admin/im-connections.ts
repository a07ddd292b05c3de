import { z } from 'zod';
import type { Session } from '../../bot/im/session.ts';
import type { AdminCore } from './core.ts';
import { notFound } from './errors.ts';
import {
  appid,
  connectionParams,
  connectionView,
  idPaging,
  toConnectionView,
  userParams,
} from './im-views.ts';
import { operation } from './operation.ts';
import { page, pageByNumber } from './paging.ts';

const kicked = 'kicked by an operator';

const listConnections = operation({
  id: 'listImConnections',
  method: 'get',
  path: '/im/connections',
  tag: 'messaging',
  summary: 'Who is connected and logged in, oldest connection first',
  query: z.strictObject({
    ...idPaging,
    appid: appid.optional(),
    uid: z.coerce.number().int().optional(),
  }),
  answer: page(connectionView),
  handle: async (core, { query }) => {
    const { items, next } = pageByNumber(sessionsOf(core, query), (one) => one.id, query);
    return { items: items.map(toConnectionView), next };
  },
});

const kick = operation({
  id: 'kickImConnection',
  method: 'delete',
  path: '/im/connections/{id}',
  tag: 'messaging',
  summary: 'End a connection; its client may come back',
  params: connectionParams,
  handle: async (core, { params: { id } }) => {
    const session = sessionsOf(core, {}).find((one) => one.id === id);
    if (session === undefined) throw notFound(`连接 ${id}`, `connection ${id}`);
    session.close(kicked);
  },
});

const kickUser = operation({
  id: 'kickImUser',
  method: 'delete',
  path: '/im/apps/{appid}/users/{uid}/connections',
  tag: 'messaging',
  summary: 'End every connection of a user; its clients may come back',
  description: 'To keep them out, revoke the token.',
  params: userParams,
  answer: z.object({ count: z.int().describe('So many were ended.') }),
  handle: async (core, { params }) => {
    const sessions = sessionsOf(core, params);
    for (const session of sessions) session.close(kicked);
    return { count: sessions.length };
  },
});

export const imConnectionOperations = [listConnections, kick, kickUser];

function sessionsOf(
  { im }: AdminCore,
  of: { appid?: number | undefined; uid?: number | undefined },
): readonly Session[] {
  if (of.appid !== undefined && of.uid !== undefined) return im.hub.of(of.appid, of.uid);
  return [...im.hub.all()].filter(
    (one) => (of.appid ?? one.appid) === one.appid && (of.uid ?? one.uid) === one.uid,
  );
}
