import Router from '@koa/router';
import type { Metrics } from './metrics.ts';

/** GET /metrics in the text form of Prometheus. */
export function createMetricsRouter(metrics: Metrics): Router {
  const router = new Router();
  router.get('/metrics', async (ctx) => {
    ctx.body = await metrics.text();
    ctx.set('content-type', metrics.contentType);
    ctx.set('cache-control', 'no-store');
  });
  return router;
}
