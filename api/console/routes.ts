import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import Router from '@koa/router';
import type { Context } from 'koa';
import { AppError } from '../../bot/errors.ts';
import type { ConsoleFile, ConsoleSource } from './files.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Nothing is run, drawn or called but what this daemon serves itself. */
export const consolePolicy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "object-src 'none'",
].join('; ');

/**
 * `GET /`: the console for operators; its files below /console/assets are named by their content
 * and stay for ever. It is a client of the admin API as any other, so that nothing here is secret.
 */
export function createConsoleRouter(source: ConsoleSource): Router {
  const router = new Router();
  router.get('/', async (ctx) => {
    const file = (await filesOf(source)).get('index.html');
    if (file === undefined) throw notThere();
    ctx.set('cache-control', 'no-cache');
    send(ctx, '.html', file);
  });
  router.get('/console/assets/:file', async (ctx) => {
    const name = String(ctx.params['file']);
    // From a list of names in memory: there is no path to play tricks with.
    const file = (await filesOf(source)).get(`assets/${name}`);
    if (file === undefined) {
      throw new AppError('not_found', { zh: '没有这个文件', en: 'there is no such file' });
    }
    ctx.set('cache-control', 'public, max-age=31536000, immutable');
    send(ctx, extname(name), file);
  });
  return router;
}

/** A page with everything that protects it. */
export function protect(ctx: Context): void {
  ctx.set('content-security-policy', consolePolicy);
  ctx.set('x-content-type-options', 'nosniff');
  ctx.set('referrer-policy', 'no-referrer');
  ctx.set('cross-origin-opener-policy', 'same-origin');
}

function send(ctx: Context, extension: string, { bytes, gzip }: ConsoleFile): void {
  protect(ctx);
  ctx.set('vary', 'accept-encoding');
  ctx.etag = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  ctx.status = 200;
  ctx.type = types[extension] ?? 'application/octet-stream';
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  if (gzip !== undefined && ctx.acceptsEncodings('gzip', 'identity') === 'gzip') {
    ctx.set('content-encoding', 'gzip');
    ctx.body = gzip;
  } else ctx.body = bytes;
}

async function filesOf(source: ConsoleSource): Promise<ReadonlyMap<string, ConsoleFile>> {
  try {
    return await source.load();
  } catch {
    // Why is in the log.
    throw notThere();
  }
}

function notThere(): AppError {
  return new AppError('unavailable', {
    zh: '控制台不可用，原因见日志；接口文档在 /docs',
    en: 'the console is not available, the log says why; the API is described at /docs',
  });
}
