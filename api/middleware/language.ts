import type { Context } from 'koa';
import type { Language } from '../../bot/errors.ts';

/** In what language a client wants to be told; undefined: it says none of ours. */
export function wishedLanguage(ctx: Pick<Context, 'get'>): Language | undefined {
  const wish = ctx.get('x-wxrc-language') || ctx.get('accept-language');
  return /^(?:zh|en)\b/i.exec(wish)?.[0].toLowerCase() as Language | undefined;
}
