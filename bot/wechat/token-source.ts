import { createHash } from 'node:crypto';
import type { WechatSettings } from '../../config/wechat-schema.ts';
import { type ApiAnswer, readAnswer } from './answer.ts';
import { ownCodes } from './errors.ts';
import type { Exchange, Wire } from './exchange.ts';

export type TokenFault = Exclude<ApiAnswer, { kind: 'ok' | 'file' }>;

export type Fetched =
  | { ok: true; token: string; lifeMs: number }
  | { ok: false; fault: TokenFault };

/** WeChat's tokens live no longer. */
const longestMs = 7_200_000;
const timeoutMs = 10_000;
const maxBytes = 65_536;

/**
 * Asks for an access_token: at WeChat's stable_token, or at a server of the operator's.
 * @param force WeChat: a new one, though the old one may still be good
 */
export async function fetchToken(
  wire: Wire,
  settings: WechatSettings,
  force: boolean,
): Promise<Fetched> {
  const ask = (): Promise<Exchange> =>
    settings.tokenUrl === undefined
      ? askWechat(wire, settings, force)
      : wire.ask({ url: settings.tokenUrl, method: 'GET', timeoutMs, maxBytes });
  if (settings.tokenUrl === undefined && settings.secret === undefined) {
    return failed({ kind: 'refused', errcode: ownCodes.config, errmsg: 'no secret', body: {} });
  }
  let exchange = await ask();
  // A kept connection that the other side closed meanwhile. Asking twice does no harm, but for force.
  if (!exchange.ok && exchange.left && !force && !/within/.test(exchange.error)) {
    exchange = await ask();
  }
  const answer = readAnswer(exchange);
  if (answer.kind === 'file') return failed({ kind: 'unknown', error: 'a file' });
  if (answer.kind !== 'ok') return failed(answer);
  const token = answer.body['access_token'];
  const seconds = Number(answer.body['expires_in'] ?? 0);
  if (typeof token !== 'string' || token === '' || !(seconds > 0)) {
    return failed({ kind: 'unknown', error: 'an answer without a token' });
  }
  return { ok: true, token, lifeMs: Math.min(seconds * 1000, longestMs) };
}

/** Tells tokens of one source from those of another: they are of no use to each other. */
export function sourceOf(settings: WechatSettings): string {
  const { apiBase, tokenUrl, secret } = settings;
  return createHash('sha256')
    .update(JSON.stringify([apiBase, tokenUrl, secret]))
    .digest('base64');
}

/** `/cgi-bin/…` below the base address. */
export function addressOf(apiBase: string, path: string): string {
  return `${apiBase.replace(/\/+$/, '')}${path}`;
}

function askWechat(wire: Wire, settings: WechatSettings, force: boolean): Promise<Exchange> {
  const { apiBase, appid, secret } = settings;
  const body = { grant_type: 'client_credential', appid, secret, force_refresh: force };
  return wire.ask({
    url: addressOf(apiBase, '/cgi-bin/stable_token'),
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body)),
    timeoutMs,
    maxBytes,
  });
}

function failed(fault: TokenFault): Fetched {
  return { ok: false, fault };
}
