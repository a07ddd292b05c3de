import type { IncomingMessage } from 'node:http';
import type { Channels } from '../../bot/channels.ts';
import type { Clock } from '../../bot/clock.ts';
import type { Operators } from '../../bot/operators.ts';
import { type SignatureType, signatureTypes, verify } from '../../bot/signature.ts';
import { TxtimeReader } from '../commands/txtime.ts';

/** Who calls: an operator with a bearer token, or a channel that signed its request. */
export type Caller = { kind: 'admin'; name: string } | { kind: 'channel'; chid: string };

/** What is looked at of a request; a Koa context is one. */
export interface CallerRequest {
  req: IncomingMessage;
}

/** Undefined: nobody we know. */
export type Authenticate = (ctx: CallerRequest, rawBody?: Buffer) => Promise<Caller | undefined>;

export interface AuthenticatorOptions {
  operators: Operators;
  channels: Channels;
  clock: Clock;
  timezone: string;
  txtimeWindowMs: number;
}

/**
 * Tells callers of the routes that operators and channels share (files, events).
 *
 * Operators: `Authorization: Bearer …`. Channels: their chid in the header `X-Wxrc-Chid` or the
 * query field `chid`, and `X-Ecaspsplus-Signature` as for commands: over the raw body (`rawBody`,
 * which the route has read), or, without a body (GET, HEAD), over the raw query string, which must
 * hold a `txtime` within the window, so that a signed address does not open the door for ever.
 * A channel's own address list is kept.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticate {
  const txtimes = new TxtimeReader(options.timezone);
  return async ({ req }, rawBody) => {
    const bearer = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) {
      const operator = await options.operators.identify(bearer);
      return operator && { kind: 'admin', name: operator.name };
    }
    return channelOf(options, txtimes, req, rawBody);
  };
}

function channelOf(
  options: AuthenticatorOptions,
  txtimes: TxtimeReader,
  req: IncomingMessage,
  rawBody: Buffer | undefined,
): Caller | undefined {
  const signature = header(req, 'x-ecaspsplus-signature');
  const type = signatureType(req);
  if (signature === undefined || type === undefined) return undefined;
  const rawQuery = /\?(.*)$/s.exec(req.url ?? '')?.[1] ?? '';
  const query = new URLSearchParams(rawQuery);
  const chid = header(req, 'x-wxrc-chid') ?? query.get('chid');
  const channel = chid === null ? undefined : options.channels.get(chid);
  if (channel === undefined || !channel.mayCallFrom(req.socket.remoteAddress ?? '')) {
    return undefined;
  }
  const bodiless = req.method === 'GET' || req.method === 'HEAD';
  if (bodiless && !isFresh(options, txtimes, query.get('txtime'))) return undefined;
  // Node hands the request line over as bytes in latin1.
  const signed = bodiless ? Buffer.from(rawQuery, 'latin1') : rawBody;
  if (signed === undefined) return undefined;
  const right = channel.keys.some((key) => verify(signed, key, type, signature));
  return right ? { kind: 'channel', chid: channel.chid } : undefined;
}

function isFresh(
  options: AuthenticatorOptions,
  txtimes: TxtimeReader,
  txtime: string | null,
): boolean {
  const now = options.clock.now();
  const read = txtime === null ? undefined : txtimes.read(txtime, now);
  return read !== undefined && Math.abs(read.at - now) <= options.txtimeWindowMs;
}

function signatureType(req: IncomingMessage): SignatureType | undefined {
  const given = header(req, 'x-ecaspsplus-signaturetype')?.toUpperCase() ?? 'MD5';
  return signatureTypes.find((type) => type === given);
}

function header(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
