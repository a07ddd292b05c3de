import type { Middleware } from 'koa';
import type { Im } from '../../bot/im/im.ts';
import { callingUser } from './auth.ts';
import type { CustomerLimits } from './customer-limits.ts';
import { refusal } from './envelope.ts';
import type { Route } from './route.ts';

type Core = Pick<Im, 'customers' | 'groups'>;

/**
 * What a customer may not call: anybody may become one. Behind the authentication; whether there is
 * such a group is not to be seen from the refusal.
 */
export function guardOfCustomers(im: Core, { customers }: Pick<Route, 'customers'>): Middleware {
  return async (ctx, next) => {
    const user = callingUser(ctx);
    if (customers !== 'too' && user !== undefined && (await im.customers.includes(user))) {
      const gid = Number(ctx['params']['gid']);
      const group = customers === 'members' ? await im.groups.get(gid) : undefined;
      if (group?.appid !== user.appid || !group.members.has(user.uid)) throw notForCustomers();
    }
    await next();
  };
}

/** Behind the authentication: what a customer uploads has a bound. */
export function boundUploads(im: Pick<Im, 'customers'>, limits: CustomerLimits): Middleware {
  return async (ctx, next) => {
    const user = callingUser(ctx);
    if (user !== undefined && (await im.customers.includes(user))) limits.uploads(ctx, user);
    await next();
  };
}

function notForCustomers() {
  return refusal(403, 'not for customers');
}
