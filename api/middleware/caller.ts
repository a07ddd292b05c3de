import type { IncomingMessage } from 'node:http';
import type { Channels } from '../../bot/channels.ts';
import type { Clock } from '../../bot/clock.ts';
import type { Operator } from '../../bot/operators.ts';
import { BodySignature, type SignatureType, signatureTypes, verify } from '../../bot/signature.ts';
import { TxtimeReader } from '../commands/txtime.ts';
import { bearerOf, type OperatorAuth } from './operator-auth.ts';

/** Who calls: an operator, or a channel that signed its request. */
export type Caller = { kind: 'admin'; operator: Operator } | { kind: 'channel'; chid: string };

/** What is looked at of a request; a Koa context is one. */
export interface CallerRequest {
  req: IncomingMessage;
}

/** By what the headers and the query show. Undefined: nobody we know. */
export type Authenticate = (ctx: CallerRequest) => Promise<Caller | undefined>;

/** A signature over a body that is read piece by piece. */
export interface BodyProof {
  update(piece: Uint8Array): void;
  /** Once all of it was shown. Undefined: the signature is not right. */
  caller(): Caller | undefined;
}

/** By a signature over the body. Undefined: nobody we know, whatever the body is. */
export type AuthenticateBody = (ctx: CallerRequest) => BodyProof | undefined;

export interface AuthenticatorOptions {
  auth: OperatorAuth;
  channels: Channels;
  clock: Clock;
  timezone: string;
  txtimeWindowMs: number;
}

/**
 * Tells callers of the routes that operators and channels share (files, events).
 *
 * Operators: see `OperatorAuth`. Channels: their chid in the header `X-Wxrc-Chid` or the
 * query field `chid`, and `X-Ecaspsplus-Signature` as for commands: without a body (GET, HEAD) over
 * the raw query string, which must hold a `txtime` within the window, so that a signed address does
 * not open the door for ever; with one over its bytes (`createBodyAuthenticator`).
 * A channel's own address list is kept.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticate {
  const txtimes = new TxtimeReader(options.timezone);
  return async ({ req }) => {
    const signed = header(req, 'x-ecaspsplus-signature') !== undefined;
    if (bearerOf(req) !== undefined || !signed) {
      const operator = await options.auth.request(req);
      return operator && { kind: 'admin', operator };
    }
    if (req.method !== 'GET' && req.method !== 'HEAD') return undefined;
    const claim = claimOf(options.channels, req);
    const txtime = new URLSearchParams(rawQueryOf(req)).get('txtime');
    if (claim === undefined || !isFresh(options, txtimes, txtime)) return undefined;
    const { chid, keys, type, signature } = claim;
    // Node hands the request line over as bytes in latin1.
    const bytes = Buffer.from(rawQueryOf(req), 'latin1');
    const right = keys.some((key) => verify(bytes, key, type, signature));
    return right ? { kind: 'channel', chid } : undefined;
  };
}

/** Tells channels by their signature over a body, as above. */
export function createBodyAuthenticator(channels: Channels): AuthenticateBody {
  return ({ req }) => {
    const claim = claimOf(channels, req);
    if (claim === undefined) return undefined;
    const { chid, keys, type, signature } = claim;
    const body = new BodySignature(keys, type);
    return {
      update: (piece) => body.update(piece),
      caller: () => (body.is(signature) ? { kind: 'channel', chid } : undefined),
    };
  };
}

/** Which channel a request says it is of, from an address that this channel may call from. */
interface Claim {
  chid: string;
  keys: readonly string[];
  type: SignatureType;
  signature: string;
}

function claimOf(channels: Channels, req: IncomingMessage): Claim | undefined {
  const signature = header(req, 'x-ecaspsplus-signature');
  const type = signatureType(req);
  if (signature === undefined || type === undefined) return undefined;
  const chid = header(req, 'x-wxrc-chid') ?? new URLSearchParams(rawQueryOf(req)).get('chid');
  const channel = chid === null ? undefined : channels.get(chid);
  if (channel === undefined || !channel.mayCallFrom(req.socket.remoteAddress ?? '')) {
    return undefined;
  }
  return { chid: channel.chid, keys: channel.keys, type, signature };
}

function rawQueryOf(req: IncomingMessage): string {
  return /\?(.*)$/s.exec(req.url ?? '')?.[1] ?? '';
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
