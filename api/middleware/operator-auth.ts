import type { IncomingMessage } from 'node:http';
import { AppError } from '../../bot/errors.ts';
import type { Operator, Operators } from '../../bot/operators.ts';
import { cookieToken, isSameOrigin, requireOwnPage } from './session-cookie.ts';

export interface OperatorAuthOptions {
  operators: Pick<Operators, 'identify'>;
  /** Address under which others reach this daemon. */
  publicUrl: () => string;
}

/**
 * Tells operators at every door: by `Authorization: Bearer …`, else by the cookie of a session,
 * which has to come from a page of ours and, where something changes, with `X-Wxrc-Csrf`.
 */
export class OperatorAuth {
  readonly #options: OperatorAuthOptions;

  constructor(options: OperatorAuthOptions) {
    this.#options = options;
  }

  /**
   * Undefined: nobody we know.
   * @throws AppError forbidden (a live cookie, but of another page)
   */
  async request(req: IncomingMessage): Promise<Operator | undefined> {
    const { operators, publicUrl } = this.#options;
    const bearer = bearerOf(req);
    if (bearer !== undefined) return operators.identify(bearer);
    const token = cookieToken(req);
    const operator = token === undefined ? undefined : await operators.identify(token, 'cookie');
    if (token !== undefined && operator !== undefined) requireOwnPage(req, token, publicUrl());
    return operator;
  }

  /**
   * The same for a WebSocket. Browsers open them to anywhere and say from where: a cookie counts
   * only with our own origin.
   * @throws AppError forbidden
   */
  async upgrade(req: IncomingMessage): Promise<Operator | undefined> {
    const { operators, publicUrl } = this.#options;
    const bearer = bearerOf(req);
    if (bearer !== undefined) return operators.identify(bearer);
    const token = cookieToken(req);
    const operator = token === undefined ? undefined : await operators.identify(token, 'cookie');
    if (operator === undefined) return undefined;
    if (isSameOrigin(req, publicUrl(), true)) return operator;
    throw new AppError('forbidden', {
      zh: '请求来自其他网站的页面，已拒绝',
      en: 'refused: it comes from a page of another site',
    });
  }
}

export function bearerOf(req: IncomingMessage): string | undefined {
  return /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
}
