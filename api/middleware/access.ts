import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Context, Middleware } from 'koa';
import { AttemptLimit } from '../../bot/attempt-limit.ts';
import type { Clock } from '../../bot/clock.ts';
import { AppError } from '../../bot/errors.ts';
import type { SessionDuty } from '../../bot/im/session.ts';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../config/logger.ts';

/** What is looked at of a request: an IncomingMessage is one, of a call and of an upgrade. */
export interface AccessRequest {
  headers: IncomingHttpHeaders;
  url?: string | undefined;
  socket: { remoteAddress?: string | undefined };
}

/** That a request may come in, and as whom. */
export interface Granted {
  /** The only name it may claim; undefined: any. */
  readonly userId: string | undefined;
  /** Whether who comes in by it may be on duty where no desk has sellers. */
  readonly agent: boolean;
}

/** Who may use the families whose documents know no authentication (seeds 000, 001, 003). */
export interface Access {
  /** @throws AppError unauthorized, rate_limited */
  require(request: AccessRequest | { req: AccessRequest }): Granted;
  /**
   * Whether the request may speak as one of these names.
   * @throws AppError forbidden
   */
  assertIs(granted: Granted, ...names: string[]): void;
}

export interface AccessOptions {
  access: Config['access'];
  clock: Clock;
  logger: Logger;
}

/**
 * Without tokens the families are as open as the config says (off loopback they never are:
 * config/config.ts). With tokens every call and every socket carries one: `Authorization: Bearer`,
 * `?access_token=`, or, as browsers cannot set headers on WebSockets, the subprotocol
 * `bearer.<token>`.
 */
export function createAccess({ access, clock, logger }: AccessOptions): Access {
  const holders = access.tokens.map((one) =>
    typeof one === 'string'
      ? { hash: digest(one), granted: anybody }
      : { hash: digest(one.token), granted: grantOf(one) },
  );
  if (access.tokens.some((one) => (typeof one === 'string' ? one : one.token).length < 16)) {
    logger.warn('a token in access.tokens is short enough to be guessed');
  }
  const limit = new AttemptLimit();
  const regulars = new Regulars();
  return {
    require(request) {
      if (holders.length === 0) {
        if (access.open) return anybody;
        throw closed();
      }
      const req = 'req' in request ? request.req : request;
      const token = tokenOf(req);
      if (token === undefined) throw missing();
      const address = req.socket.remoteAddress ?? '';
      const hash = digest(token);
      // All are compared, whichever fits: time tells nothing.
      let found: (typeof holders)[number] | undefined;
      for (const holder of holders) if (timingSafeEqual(holder.hash, hash)) found = holder;
      const wait = limit.waitMs(address, clock.now());
      // While guesses wait, so does a right one; but not who came from there with it before, or a
      // stranger behind the same proxy could keep out everybody.
      if (wait > 0 && !regulars.has(address, found?.hash)) throw tooMany(Math.ceil(wait / 1000));
      if (found === undefined) {
        limit.failed(address, clock.now());
        logger.warn({ address }, 'a wrong access token');
        throw wrong();
      }
      if (wait === 0) regulars.add(address, found.hash);
      return found.granted;
    },
    assertIs({ userId }, ...names) {
      if (userId === undefined || names.includes(userId)) return;
      throw new AppError('forbidden', {
        zh: '该访问令牌不能代表这个用户',
        en: 'this access token may not act as that user',
      });
    },
  };
}

/** Lets requests through that may come in; `grantedOf` tells as whom. */
export function requireAccess(access: Access): Middleware {
  return async (ctx, next) => {
    try {
      ctx.state['granted'] = access.require(ctx);
    } catch (error) {
      if (error instanceof AppError && error.code === 'unauthorized') {
        ctx.set('www-authenticate', 'Bearer');
      }
      throw error;
    }
    await next();
  };
}

/** As whom a request came in; `requireAccess` put it there. */
export function grantedOf(ctx: Context): Granted {
  const granted: unknown = ctx.state['granted'];
  if (granted === undefined) throw new Error('a route without access control');
  return granted as Granted;
}

/**
 * The subprotocol to answer: of those offered the first that is no token, else the token itself,
 * as browsers close a socket whose offer is not taken up.
 */
export function protocolOf(offered: Iterable<string>): string | false {
  const all = [...offered];
  return all.find((one) => !one.startsWith(tokenProtocol)) ?? all[0] ?? false;
}

/** What a socket of theirs says of their duty: who may be anybody may be a customer, too. */
export function dutyOf({ agent, userId }: Granted): SessionDuty | undefined {
  if (!agent) return undefined;
  return userId === undefined ? 'possible' : 'certain';
}

const anybody: Granted = { userId: undefined, agent: true };

/** One person is a customer like any other, unless the config calls him an agent. */
function grantOf({ userId, agent }: { userId?: string | undefined; agent: boolean }): Granted {
  return userId === undefined ? anybody : { userId, agent };
}

const tokenProtocol = 'bearer.';
/** Nothing that anybody configures is longer. */
const longestToken = 4096;

function tokenOf({ headers, url = '' }: AccessRequest): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  const token = bearer ?? queryToken(url) ?? protocolToken(headers);
  return token === undefined || token === '' || token.length > longestToken ? undefined : token;
}

function queryToken(url: string): string | undefined {
  const at = url.indexOf('?');
  // Most calls have none: they are not worth taking apart.
  if (at === -1 || !url.includes('access_token=', at)) return undefined;
  return new URLSearchParams(url.slice(at)).get('access_token') ?? undefined;
}

function protocolToken(headers: IncomingHttpHeaders): string | undefined {
  if (headers.upgrade === undefined) return undefined;
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  return offered.find((one) => one.startsWith(tokenProtocol))?.slice(tokenProtocol.length);
}

/** Which tokens came from which addresses before. */
class Regulars {
  readonly #byAddress = new Map<string, Set<Buffer>>();

  has(address: string, hash: Buffer | undefined): boolean {
    return hash !== undefined && (this.#byAddress.get(address)?.has(hash) ?? false);
  }

  add(address: string, hash: Buffer): void {
    const known = this.#byAddress.get(address);
    if (known !== undefined) {
      known.add(hash);
      return;
    }
    this.#byAddress.set(address, new Set([hash]));
    if (this.#byAddress.size <= mostAddresses) return;
    for (const oldest of this.#byAddress.keys()) {
      this.#byAddress.delete(oldest);
      return;
    }
  }
}

const mostAddresses = 10_000;

/** Tokens lie in memory as digests, and digests of equal length are what is compared. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

function closed(): AppError {
  return new AppError('unauthorized', {
    zh: '本接口未开放：access.open 为 false，且没有配置 access.tokens',
    en: 'not open: access.open is false, and there are no access.tokens',
  });
}

function missing(): AppError {
  return new AppError('unauthorized', {
    zh: '需要访问令牌 (Authorization: Bearer … 或 ?access_token=)',
    en: 'an access token is needed (Authorization: Bearer … or ?access_token=)',
  });
}

function wrong(): AppError {
  return new AppError('unauthorized', { zh: '访问令牌错误', en: 'the access token is wrong' });
}

function tooMany(seconds: number): AppError {
  return new AppError(
    'rate_limited',
    {
      zh: `错误的访问令牌过多，请 ${seconds} 秒后再试`,
      en: `too many wrong access tokens: wait ${seconds} s`,
    },
    { retryAfter: seconds },
  );
}
