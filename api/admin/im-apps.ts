import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import type { App } from '../../bot/im/apps.ts';
import type { AdminCore } from './core.ts';
import { notFound } from './errors.ts';
import { appParams, idPaging, label } from './im-views.ts';
import { operation } from './operation.ts';
import { page, pageByNumber } from './paging.ts';

const name = label(100).min(1);
const view = z.object({
  appid: z.int(),
  name: z.string(),
  storeId: z.int().nullable().describe('The desk its customers reach; null: it has none.'),
  firstKey: z
    .int()
    .describe(
      'Behind it inboxes begin that have no message yet. A restore raises it by a million.',
    ),
  source: z.enum(['config', 'admin']).describe('config: the secret is what the file says.'),
});
const firstKey = z
  .int()
  .min(0)
  .max(2 ** 52)
  .describe(
    'Above every key that clients of the application hold from another server. Can only be raised.',
  );
const secret = z
  .string()
  .describe('For its server: `Basic base64(appid:hex_md5(secret))`. Shown here and never again.');
const appKey = z.string().describe('What its clients carry openly, to register customers.');

const listApps = operation({
  id: 'listImApps',
  method: 'get',
  path: '/im/apps',
  tag: 'messaging',
  summary: 'Every application, by appid',
  query: z.strictObject(idPaging),
  answer: page(view),
  handle: async ({ im }, { query }) => {
    const { items, next } = pageByNumber(im.apps.list(), (one) => one.appid, query);
    return { items: items.map(viewOf), next };
  },
});

const addApp = operation({
  id: 'addImApp',
  method: 'post',
  path: '/im/apps',
  role: 'admin',
  tag: 'messaging',
  summary: 'Add an application; without a secret one is made',
  body: z.strictObject({
    appid: z.int().min(1),
    name: name.exactOptional(),
    secret: z.string().min(1).max(200).exactOptional(),
    firstKey: firstKey.exactOptional(),
  }),
  answer: z.object({ app: view, secret, appKey }),
  status: 201,
  handle: async ({ im }, { body }) => {
    const added = await im.apps.add(body);
    return { app: viewOf(added.app), secret: added.secret, appKey: added.appKey };
  },
});

const getApp = operation({
  id: 'getImApp',
  method: 'get',
  path: '/im/apps/{appid}',
  tag: 'messaging',
  summary: 'One application',
  params: appParams,
  answer: view,
  handle: async (core, { params }) => viewOf(knownApp(core, params.appid)),
});

const changeApp = operation({
  id: 'changeImApp',
  method: 'patch',
  path: '/im/apps/{appid}',
  role: 'admin',
  tag: 'messaging',
  summary: 'Change the name, the desk that its customers reach, or where new inboxes begin',
  params: appParams,
  body: z.strictObject({
    name: name.exactOptional(),
    storeId: z.int().nullable().exactOptional().describe('null: its customers reach no desk.'),
    firstKey: firstKey.exactOptional(),
  }),
  answer: view,
  handle: async ({ im }, { params, body }) => {
    const { storeId } = body;
    if (storeId != null && (await im.desks.get(storeId)) === undefined) {
      throw new AppError(
        'field_value',
        { zh: `storeId: 没有咨询台 ${storeId}`, en: `storeId: there is no desk ${storeId}` },
        { field: 'storeId' },
      );
    }
    return viewOf(await im.apps.update(params.appid, body));
  },
});

const removeApp = operation({
  id: 'removeImApp',
  method: 'delete',
  path: '/im/apps/{appid}',
  role: 'admin',
  tag: 'messaging',
  summary: 'Remove an application; one of the config file is removed there',
  description:
    'Its server is refused from now on and its users are disconnected. What they said stays.',
  params: appParams,
  handle: async ({ im }, { params }) => {
    await im.apps.remove(params.appid);
    for (const session of [...im.hub.all()]) {
      if (session.appid === params.appid) session.close('application removed');
    }
  },
});

const showAppKey = operation({
  id: 'showImAppKey',
  method: 'get',
  path: '/im/apps/{appid}/app-key',
  role: 'admin',
  tag: 'messaging',
  summary: 'The key that the clients of an application carry',
  params: appParams,
  answer: z.object({ appKey }),
  handle: async (core, { params }) => {
    knownApp(core, params.appid);
    return { appKey: core.im.apps.appKeyOf(params.appid) };
  },
});

const rotateSecret = operation({
  id: 'rotateImSecret',
  method: 'post',
  path: '/im/apps/{appid}/rotate',
  role: 'admin',
  tag: 'messaging',
  summary: 'Make a new secret; the one before ends at once',
  description: 'Tokens of users stay. A secret of the config file is changed there.',
  params: appParams,
  answer: z.object({ secret }),
  handle: async ({ im }, { params }) => ({ secret: await im.apps.rotateSecret(params.appid) }),
});

export const imAppOperations = [
  listApps,
  addApp,
  getApp,
  changeApp,
  removeApp,
  showAppKey,
  rotateSecret,
];

/** @throws AppError not_found */
export function knownApp({ im }: AdminCore, appid: number): App {
  const app = im.apps.get(appid);
  if (app === undefined) throw notFound(`应用 ${appid}`, `application ${appid}`);
  return app;
}

function viewOf({ appid, name: called, storeId, source, ...app }: App): z.output<typeof view> {
  return { appid, name: called, storeId: storeId ?? null, firstKey: app.firstKey, source };
}
