import type { Context, Middleware } from 'koa';
import type { User } from '../../bot/im/message.ts';
import type { HttpProblem } from '../middleware/problem.ts';
import { refusal } from './envelope.ts';

/** What credentials are checked against; `Im` is one. */
export interface Credentials {
  apps: {
    isSecret(appid: number, md5hex: string): boolean;
    isAppKey(appid: number, key: string): boolean;
  };
  users: { authenticate(token: string): Promise<User | undefined> };
}

/** The messages are the original's. */
interface Wrong {
  message: string;
  hint: string;
}
const wrongApp: Wrong = {
  message: '非法的appid',
  hint: 'expected Authorization: Basic base64(appid:hex md5 of the secret)',
};
const wrongAppKey: Wrong = {
  message: '非法的appid',
  hint: 'expected Authorization: Basic base64(appid:app key)',
};
const wrongToken: Wrong = {
  message: '非法的access token',
  hint: 'expected Authorization: Bearer and the token of a user',
};
const wrongEither: Wrong = {
  message: '非法的authorization',
  hint: `${wrongApp.hint}, or Bearer and the token of a user`,
};

/**
 * The server of an application: `Basic base64(appid:hex_md5(secret))`.
 * Each of these lets the request through with `ctx.state.appid`, and `ctx.state.user` where it is a
 * user's; they throw 401 without credentials, 403 with wrong ones.
 */
export function requireServer(im: Credentials): Middleware {
  return async (ctx, next) => {
    const appid = appOf(ctx, (app, md5) => im.apps.isSecret(app, md5));
    if (appid === undefined) throw refused(ctx, wrongApp, 'Basic realm="appid"');
    ctx.state['appid'] = appid;
    await next();
  };
}

/** A user of an application: `Bearer token`. */
export function requireClient(im: Credentials): Middleware {
  return async (ctx, next) => {
    const user = await userOf(ctx, im);
    if (user === undefined) throw refused(ctx, wrongToken, 'Bearer');
    letIn(ctx, user);
    await next();
  };
}

/** Either; a token acts as its own user. */
export function requireServerOrClient(im: Credentials): Middleware {
  return async (ctx, next) => {
    const appid = appOf(ctx, (app, md5) => im.apps.isSecret(app, md5));
    const user = appid === undefined ? await userOf(ctx, im) : undefined;
    if (user !== undefined) letIn(ctx, user);
    else if (appid !== undefined) ctx.state['appid'] = appid;
    else throw refused(ctx, wrongOfEither(ctx), 'Basic realm="appid", Bearer');
    await next();
  };
}

/** The application's program on a customer's device: `Basic base64(appid:appkey)`. */
export function requireAppKey(im: Credentials): Middleware {
  return async (ctx, next) => {
    const appid = appOf(ctx, (app, key) => im.apps.isAppKey(app, key));
    if (appid === undefined) throw refused(ctx, wrongAppKey, 'Basic realm="appid"');
    ctx.state['appid'] = appid;
    await next();
  };
}

/** Whether the server of an application calls, with the right secret. */
export function isServer(ctx: Context, im: Credentials): boolean {
  return appOf(ctx, (app, md5) => im.apps.isSecret(app, md5)) !== undefined;
}

/** The application that calls; one of the middlewares above put it there. */
export function callingApp(ctx: Context): number {
  const appid: unknown = ctx.state['appid'];
  if (typeof appid !== 'number') throw new Error('a route without authentication');
  return appid;
}

/** The user that calls; undefined: the application's server. */
export function callingUser(ctx: Context): User | undefined {
  return ctx.state['user'] as User | undefined;
}

function letIn(ctx: Context, { appid, uid }: User): void {
  ctx.state['appid'] = appid;
  ctx.state['user'] = { appid, uid };
}

function appOf(
  ctx: Context,
  isRight: (appid: number, proof: string) => boolean,
): number | undefined {
  const encoded = /^Basic +([\w+/=-]+) *$/i.exec(ctx.get('authorization'))?.[1];
  if (encoded === undefined) return undefined;
  const [, digits, proof] =
    /^(\d{1,16}):(.+)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  const appid = Number(digits);
  if (proof === undefined || !Number.isSafeInteger(appid)) return undefined;
  return isRight(appid, proof) ? appid : undefined;
}

async function userOf(ctx: Context, im: Credentials): Promise<User | undefined> {
  const token = /^Bearer +(\S+) *$/i.exec(ctx.get('authorization'))?.[1];
  return token === undefined ? undefined : await im.users.authenticate(token);
}

function wrongOfEither(ctx: Context): Wrong {
  const [scheme] = /^\w+/.exec(ctx.get('authorization')) ?? [''];
  if (/^basic$/i.test(scheme)) return wrongApp;
  return /^bearer$/i.test(scheme) ? wrongToken : wrongEither;
}

function refused(ctx: Context, { message, hint }: Wrong, challenge: string): HttpProblem {
  if (ctx.get('authorization') !== '') return refusal(403, message, hint);
  ctx.set('www-authenticate', challenge);
  return refusal(401, message, hint);
}
