import type { Context } from 'koa';
import {
  cookieToken,
  csrfOf,
  requireSameOrigin,
  setSessionCookie,
} from '../middleware/session-cookie.ts';

/** What the log-in needs of the browser that asks. */
export interface BrowserSession {
  /** Session token that came as a cookie, live or not. */
  token: string | undefined;
  /** What it calls itself. */
  agent: string;
  /** @throws AppError forbidden: a page of another site asks */
  requireOwnPage(): void;
  /** Hands the cookie out. @returns what the page has to send with it */
  open(token: string, maxAgeMs: number): string;
  /** Takes the cookie back. */
  close(): void;
  csrf(): string | undefined;
}

/** Of a caller that is no browser. */
export const noBrowser: BrowserSession = {
  token: undefined,
  agent: '',
  requireOwnPage: () => {},
  open: () => {
    throw new Error('there is no browser to hand a cookie to');
  },
  close: () => {},
  csrf: () => undefined,
};

export function browserSession(ctx: Context, publicUrl: string): BrowserSession {
  const token = cookieToken(ctx.req);
  return {
    token,
    agent: ctx.get('user-agent'),
    requireOwnPage: () => requireSameOrigin(ctx.req, publicUrl),
    open: (fresh, maxAgeMs) => {
      setSessionCookie(ctx, fresh, { maxAgeMs, publicUrl });
      return csrfOf(fresh);
    },
    close: () => setSessionCookie(ctx, '', { maxAgeMs: 0, publicUrl }),
    csrf: () => (token === undefined ? undefined : csrfOf(token)),
  };
}
