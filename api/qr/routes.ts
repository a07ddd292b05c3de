import Router from '@koa/router';
import type { Bots } from '../../bot/automation/bots/bots.ts';
import { qrPng, qrSvg } from '../../bot/automation/bots/qr.ts';

const pictures = {
  png: { type: 'image/png', draw: qrPng },
  svg: { type: 'image/svg+xml; charset=utf-8', draw: qrSvg },
} as const;

/**
 * `GET /qr/<name>.png` and `.svg`: the picture of a login QR code. The name is the only key, so it
 * is kept out of referrers and caches; a code that was superseded, used or is over is not found.
 */
export function createQrRouter(core: { bots: Pick<Bots, 'qr'> }): Router {
  const router = new Router();
  router.get('/qr/:file', async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Referrer-Policy', 'no-referrer');
    ctx.set('X-Content-Type-Options', 'nosniff');
    const [, name, kind] = /^([\w-]{16,64})\.(png|svg)$/.exec(String(ctx.params['file'])) ?? [];
    const qr = name === undefined ? undefined : await core.bots.qr(name);
    if (qr === undefined) {
      ctx.status = 404;
      ctx.type = 'text/plain; charset=utf-8';
      ctx.body = '二维码已失效 / this QR code is not valid any more\n';
      return;
    }
    const picture = kind === 'svg' ? pictures.svg : pictures.png;
    ctx.type = picture.type;
    ctx.body = await picture.draw(qr.text);
  });
  return router;
}
