import Router from '@koa/router';
import type { Context } from 'koa';
import type { QrShares, SharedView } from '../../bot/automation/bots/qr-shares.ts';
import type { Clock } from '../../bot/clock.ts';
import { AppError } from '../../bot/errors.ts';
import { protect } from '../console/routes.ts';
import { sharePage, shareScript, shareStyle } from './share-page.ts';

const cookie = 'wxrc_share';

/** What the page shows: a word and perhaps a picture. */
interface State {
  says: 'waiting' | 'scanned' | 'renewing' | 'done';
  name: string;
  picture: string | undefined;
  /** So many ms are left for it, as our clock has it: the phone's may be another. */
  left: number | undefined;
}

/**
 * `/qr/share/<token>`: the live QR code for whoever has the link. Looking at the address uses up
 * nothing, since messengers do that by themselves; a click does, and binds the link to its browser.
 */
export function createQrShareRouter({ shares, clock }: { shares: QrShares; clock: Clock }): Router {
  const router = new Router();
  router.get('/qr/share.css', (ctx) => send(ctx, 'text/css; charset=utf-8', shareStyle));
  router.get('/qr/share.js', (ctx) => send(ctx, 'text/javascript; charset=utf-8', shareScript));
  router.get('/qr/share/:token', (ctx) => send(ctx, 'text/html; charset=utf-8', sharePage));
  router.post('/qr/share/:token', async (ctx) => {
    const token = tokenOf(ctx);
    const opened = await shares.open(token);
    if (opened === undefined) throw over();
    const { key, expiresAt } = opened;
    const secure = ctx.get('origin').startsWith('https:') ? '; Secure' : '';
    ctx.append(
      'set-cookie',
      `${cookie}=${key}; Path=/qr/share/${token}; Expires=${new Date(expiresAt).toUTCString()}; HttpOnly; SameSite=Strict${secure}`,
    );
    answer(ctx, await shares.view(token, key), clock.now());
  });
  router.get('/qr/share/:token/state', async (ctx) => {
    const key = new RegExp(`(?:^|;)\\s*${cookie}=([\\w-]{16,100})`).exec(ctx.get('cookie'))?.[1];
    const view = key === undefined ? undefined : await shares.view(tokenOf(ctx), key);
    answer(ctx, view, clock.now());
  });
  return router;
}

function answer(ctx: Context, view: SharedView | undefined, now: number): void {
  if (view === undefined) throw over();
  const { name, state, qr } = view;
  const body: State = {
    name,
    says:
      state === 'ready' || state === 'syncing'
        ? 'done'
        : qr === undefined
          ? 'renewing'
          : qr.status === 'waiting'
            ? 'waiting'
            : 'scanned',
    picture: qr && `/qr/${qr.name}.svg`,
    left: qr && Math.max(0, (qr.confirmBy ?? qr.expiresAt) - now),
  };
  secret(ctx);
  ctx.body = body;
}

function send(ctx: Context, type: string, body: string): void {
  secret(ctx);
  ctx.body = body;
  ctx.set('content-type', type);
}

/** The address is the key: it stays out of caches, referrers and frames. */
function secret(ctx: Context): void {
  protect(ctx);
  ctx.set('cache-control', 'no-store');
  ctx.set('x-robots-tag', 'noindex');
}

function tokenOf(ctx: { params: Record<string, string> }): string {
  const token = ctx.params['token'] ?? '';
  if (!/^[\w-]{16,100}$/.test(token)) throw over();
  return token;
}

function over(): AppError {
  return new AppError('not_found', {
    zh: '链接已失效或已被打开',
    en: 'this link is over, or was opened already',
  });
}
