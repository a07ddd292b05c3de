import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../../bot/errors.ts';
import { sameText } from '../../bot/passwords.ts';

const sessionCookie = 'wxrc_session';
const csrfHeader = 'x-wxrc-csrf';

/** The session that a request brings; undefined: none, or several, of which one was planted. */
export function cookieToken(req: IncomingMessage): string | undefined {
  const values = (req.headers.cookie ?? '')
    .split(';')
    .map((pair) => /^\s*wxrc_session=([\w-]{1,200})\s*$/.exec(pair)?.[1])
    .filter((value) => value !== undefined);
  return values.length === 1 ? values[0] : undefined;
}

/** Whether it brings any, live or not. */
export function hasSessionCookie(req: IncomingMessage): boolean {
  return /(?:^|;)\s*wxrc_session=/.test(req.headers.cookie ?? '');
}

/** What a page has to say besides its cookie. It follows from the token, so it is kept nowhere. */
export function csrfOf(token: string): string {
  return createHmac('sha256', token).update('wxrc csrf').digest('base64url');
}

/**
 * Whether a request comes from a page of ours, as far as the browser tells. Older browsers and
 * programs tell nothing: the token in the header has to do for those.
 * @param strict a browser always says the origin here (sockets)
 */
export function isSameOrigin(req: IncomingMessage, publicUrl: string, strict = false): boolean {
  const { origin, host, 'sec-fetch-site': site } = req.headers;
  // `none`: typed into the address bar, or a bookmark.
  if (site !== undefined && site !== 'same-origin' && !(site === 'none' && isSafe(req))) {
    return false;
  }
  if (origin === undefined) return !strict;
  const url = URL.parse(origin);
  // Behind a proxy that ends TLS or names another host, the public address counts.
  return url !== null && (url.host === host || url.origin === URL.parse(publicUrl)?.origin);
}

/** @throws AppError forbidden */
export function requireSameOrigin(req: IncomingMessage, publicUrl: string): void {
  if (isSameOrigin(req, publicUrl)) return;
  throw new AppError('forbidden', {
    zh: '请求来自其他网站的页面，已拒绝',
    en: 'refused: it comes from a page of another site',
  });
}

/**
 * What is asked of a request that a cookie speaks for.
 * @throws AppError forbidden
 */
export function requireOwnPage(req: IncomingMessage, token: string, publicUrl: string): void {
  requireSameOrigin(req, publicUrl);
  if (isSafe(req)) return;
  const shown = req.headers[csrfHeader];
  if (typeof shown === 'string' && sameText(shown, csrfOf(token))) return;
  throw new AppError('forbidden', {
    zh: '缺少有效的 X-Wxrc-Csrf，请刷新页面后重试',
    en: 'needs the right X-Wxrc-Csrf: reload the page',
  });
}

export function setSessionCookie(
  { req, res }: { req: IncomingMessage; res: ServerResponse },
  token: string,
  options: { maxAgeMs: number; publicUrl: string },
): void {
  // The page's own address decides: publicUrl may be another door.
  const address = req.headers.origin ?? options.publicUrl;
  const secure = address.startsWith('https:') ? '; Secure' : '';
  const age = Math.max(0, Math.floor(options.maxAgeMs / 1000));
  res.appendHeader(
    'set-cookie',
    `${sessionCookie}=${token}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`,
  );
}

function isSafe(req: IncomingMessage): boolean {
  return req.method === 'GET' || req.method === 'HEAD';
}
