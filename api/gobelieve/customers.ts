import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import type { Im } from '../../bot/im/im.ts';
import { isServer, requireAppKey } from './auth.ts';
import type { CustomerLimits } from './customer-limits.ts';
import { refusal, sendData } from './envelope.ts';
import { route, selfOf } from './route.ts';
import { avatar, check, id, name, readJsonBody, text } from './schema.ts';

export const customerBody = z.object({
  appid: id,
  customer_id: z
    .union([z.int().transform(String), text(255)], { error: 'must be a string of at most 255' })
    .nullish()
    .describe('What the application calls the customer. Absent: a new one each time.'),
  name: name.nullish(),
  avatar: avatar.nullish(),
  platform_id: z.unknown().optional().describe('Not needed.'),
  device_id: z.unknown().optional(),
});

export const customerAnswer = z.object({
  token: z.string(),
  store_id: z.int(),
  client_id: z.int().describe('The uid of the customer.'),
});

/** @NOTE the document calls the first without authorisation; its server came to want the app key, under the second. */
export const customerPaths = ['/auth/customer', '/customer/register'];

/** Credentials are not needed; those that are there have to be right. Whoever has no secret waits for the turn. */
export function registerCustomer(im: Im, limits: CustomerLimits): Middleware {
  const guard = requireAppKey({
    users: im.users,
    apps: {
      isSecret: () => false,
      isAppKey: (appid, key) => im.apps.isAppKey(appid, key) || im.apps.isSecret(appid, key),
    },
  });
  const register = async (ctx: Context): Promise<void> => {
    const body = check(customerBody, await readJsonBody(ctx));
    const proven: unknown = ctx.state['appid'];
    if (proven !== undefined && proven !== body.appid) throw refusal(403, '非法的appid');
    if (im.apps.get(body.appid)?.storeId === undefined) throw noDesk();
    if (!isServer(ctx, im)) limits.registers(ctx);
    const made = await im.desks.register({
      appid: body.appid,
      // Nobody is called nothing.
      customerId: body.customer_id || undefined,
      name: body.name ?? undefined,
      avatar: body.avatar ?? undefined,
    });
    if (made === undefined) throw noDesk();
    const answer: z.output<typeof customerAnswer> = {
      token: made.token,
      store_id: made.storeId,
      client_id: made.clientId,
    };
    sendData(ctx, answer);
  };
  return async (ctx) => {
    const isBasic = /^basic\b/i.test(ctx.get('authorization'));
    if (isBasic) await guard(ctx, () => register(ctx));
    else await register(ctx);
  };
}

function noDesk() {
  return refusal(400, 'app do not support customer');
}

const status = z.enum(['online', 'offline']);

const findSupporter = route({
  id: 'findSupporter',
  method: 'get',
  path: '/supporters',
  caller: 'client',
  summary: 'Whom the caller talks to at a desk: the same seller each time',
  // @NOTE the document has `store_id` in the address and `store` in its list of parameters.
  query: z.object({
    store_id: id.optional(),
    store: id.optional().describe('The same as store_id.'),
  }),
  answer: z.object({ seller_id: z.int(), name: z.string(), avatar: z.string(), status }),
  handle: async ({ desks }, asked) => {
    const storeId = asked.query.store_id ?? asked.query.store;
    if (storeId === undefined) throw refusal(400, 'require store_id param');
    const seller = await desks.supporter(selfOf(asked), storeId);
    if (seller === undefined) throw refusal(400, 'store no supporter');
    // @NOTE as its server did: names are often mail addresses, which are no customer's business.
    const [name = ''] = seller.name.split('@');
    return { seller_id: seller.uid, name, avatar: seller.avatar, status: seller.status };
  },
});

// Not in the document: how a seller who is logged in says so.
const setSupporter = route({
  id: 'setSupporter',
  method: 'patch',
  path: '/supporters',
  caller: 'client',
  summary: "A seller's own status at a desk",
  body: z.object({ store_id: id, status }),
  handle: async ({ desks }, asked) => {
    const { store_id: storeId, status } = asked.body;
    const { appid, uid } = selfOf(asked);
    // Sellers are users of the desk's application: the same uid of another one is somebody else.
    if ((await desks.get(storeId))?.appid !== appid) throw refusal(404, 'no such seller');
    await desks.setStatus(storeId, uid, status);
  },
});

export const supporterRoutes = [findSupporter, setSupporter];
