import { type Answer, Refusal } from './answers.ts';
import type { Account } from './types.ts';
import type { User } from './user.ts';
import type { World } from './world.ts';

/** One call of the platform's API, body read. */
export interface ApiCall {
  world: World;
  method: string;
  path: string;
  query: URLSearchParams;
  contentType: string;
  bytes: Uint8Array;
  /** When it came. */
  now: number;
  /** No other such call for this user is under way. */
  alone: boolean;
}

export type Handler = (call: ApiCall) => Answer | Promise<Answer>;

/** @throws Refusal when the access_token does not stand for an account */
export function accountOf(call: ApiCall): Account {
  const token = call.query.get('access_token') ?? undefined;
  return call.world.account(call.world.tokens.check(token, call.now));
}

/** @throws Refusal 43002, 44002 or 47001 */
export function jsonBody(call: ApiCall): Record<string, unknown> {
  if (call.method !== 'POST') throw new Refusal(43002);
  if (call.bytes.length === 0) throw new Refusal(44002);
  const body = parse(Buffer.from(call.bytes).toString('utf8'));
  if (!isObject(body)) throw new Refusal(47001);
  return body;
}

/** @throws Refusal 40003 when the account does not know `touser` */
export function userOf(call: ApiCall, account: Account, body: Record<string, unknown>): User {
  const openid = body['touser'];
  const user = typeof openid === 'string' ? call.world.find(account.appid, openid) : undefined;
  if (user === undefined) throw new Refusal(40003);
  return user;
}

/**
 * The account that appid and secret name.
 * @throws Refusal 41002, 40013, 41004 or 40125
 */
export function accountBySecret(call: ApiCall, appid: unknown, secret: unknown): Account {
  if (typeof appid !== 'string' || appid === '') throw new Refusal(41002);
  const account = call.world.accounts.get(appid);
  if (account === undefined) throw new Refusal(40013);
  if (typeof secret !== 'string' || secret === '') throw new Refusal(41004);
  if (secret !== account.secret) throw new Refusal(40125);
  return account;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
