import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Router from '@koa/router';
import type { Context } from 'koa';
import type { Json } from './part.ts';

/** Files of Swagger UI that are served, by the name they are asked for. */
const assets: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** Nothing is fetched from elsewhere; Swagger UI sets styles and draws its icons as data. */
const policy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>wxrc API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const start = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
});
`;

/** GET /openapi.json, and GET /docs: the same for people, served from here alone. */
export function createDocsRouter(document: () => Json): Router {
  const router = new Router();
  // Resolved by name: where packages lie is not ours to know.
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  router.get('/openapi.json', (ctx) => {
    ctx.set('cache-control', 'no-cache');
    ctx.set('access-control-allow-origin', '*');
    ctx.body = document();
  });
  router.get(['/docs', '/docs/'], (ctx) => {
    send(ctx, 'text/html; charset=utf-8', html);
  });
  router.get('/docs/start.js', (ctx) => {
    send(ctx, 'text/javascript; charset=utf-8', start);
  });
  for (const [name, type] of Object.entries(assets)) {
    router.get(`/docs/${name}`, (ctx) => {
      send(ctx, type, createReadStream(join(folder, name)));
    });
  }
  return router;
}

function send(ctx: Context, type: string, body: string | NodeJS.ReadableStream): void {
  ctx.set('content-security-policy', policy);
  ctx.set('x-content-type-options', 'nosniff');
  ctx.set('referrer-policy', 'no-referrer');
  ctx.set('cache-control', 'no-cache');
  ctx.body = body;
  ctx.set('content-type', type);
}
