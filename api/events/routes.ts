import Router from '@koa/router';
import type { Context } from 'koa';
import type { Clock } from '../../bot/clock.ts';
import { AppError } from '../../bot/errors.ts';
import type { EventLog, EventPage } from '../../bot/event-log.ts';
import type { Signals } from '../../store/signals.ts';
import type { EncodeBody } from '../commands/callbacks.ts';
import type { Authenticate } from '../middleware/caller.ts';
import { validate } from '../middleware/validate.ts';
import { ReaderPlaces } from './places.ts';
import { lastEventId, pullQuery, streamQuery } from './schema.ts';
import { streamEvents } from './stream.ts';
import { StreamWatch } from './watch.ts';

export interface EventsRouterOptions {
  events: Pick<EventLog, 'has' | 'lastId' | 'page'>;
  authenticate: Authenticate;
  signals: Signals;
  clock: Clock;
  encodeBody: EncodeBody;
  /** Aborted when the daemon stops: streams and long polls end, before connections are drained. */
  stop: AbortSignal;
}

/**
 * Two more readers of a channel's event stream: pull with long polling, and server-sent events.
 * Refusals are thrown: an error boundary around it spells them.
 */
export function createEventsRouter(options: EventsRouterOptions): Router {
  const { events } = options;
  const places = new ReaderPlaces();
  const router = new Router();

  router.get('/api/v1/events', async (ctx) => {
    const caller = await callerOf(ctx, options);
    const query = validate(pullQuery, ctx.query);
    const chid = chidFor(caller, query.chid, events);
    if (query.wait > 0) places.take(caller, ctx.res);
    const page = await pull(ctx, options, { ...query, chid });
    ctx.set('cache-control', 'no-store');
    ctx.body = { events: page.events.map(options.encodeBody), lastId: page.lastId };
  });

  router.get('/api/v1/events/stream', async (ctx) => {
    const caller = await callerOf(ctx, options);
    const { types, ...query } = validate(streamQuery, ctx.query);
    const chid = chidFor(caller, query.chid, events);
    // A reader that comes back keeps its address: the header knows better.
    const header = ctx.get('last-event-id').trim();
    const given = validate(lastEventId, header === '' ? {} : { 'Last-Event-ID': header });
    const after = given['Last-Event-ID'] ?? query.after ?? (await events.lastId(chid));
    if (ctx.method === 'HEAD') {
      ctx.type = 'text/event-stream';
      ctx.status = 200;
      return;
    }
    places.take(caller, ctx.res);
    ctx.respond = false;
    await streamEvents(ctx.res, { chid, after, types }, options);
  });

  return router;
}

type Caller = NonNullable<Awaited<ReturnType<Authenticate>>>;

async function callerOf(ctx: Context, options: EventsRouterOptions): Promise<Caller> {
  const caller = await options.authenticate(ctx);
  if (caller !== undefined) return caller;
  ctx.set('www-authenticate', 'Bearer');
  throw new AppError('unauthorized', {
    zh: '需要管理员令牌，或渠道对查询串的签名',
    en: "needs an operator's token, or a channel's signature over the query string",
  });
}

/** A channel reads its own stream, an operator the one it names. */
function chidFor(caller: Caller, named: string | undefined, events: Pick<EventLog, 'has'>): string {
  if (caller.kind === 'channel') {
    if (named === undefined || named === caller.chid) return caller.chid;
    throw new AppError('forbidden', {
      zh: '渠道只能读取自己的事件',
      en: 'a channel reads its own events only',
    });
  }
  if (named === undefined) {
    throw new AppError(
      'field_missing',
      { zh: 'chid: 请指定渠道', en: 'chid: name the channel' },
      { field: 'chid' },
    );
  }
  if (!events.has(named)) {
    throw new AppError('not_found', {
      zh: `没有渠道 ${named}`,
      en: `there is no channel ${named}`,
    });
  }
  return named;
}

interface Pull {
  chid: string;
  after: number;
  limit: number;
  types?: readonly ('qrCode' | 'botStatus' | 'userMsg' | 'sendStatus')[] | undefined;
  /** Seconds. */
  wait: number;
}

async function pull(ctx: Context, options: EventsRouterOptions, query: Pull): Promise<EventPage> {
  const { events, signals, clock, stop } = options;
  if (query.wait === 0) return events.page(query.chid, query);
  const gone = new AbortController();
  ctx.res.on('close', () => gone.abort());
  const ended = AbortSignal.any([gone.signal, stop]);
  const until = clock.now() + query.wait * 1000;
  const watch = new StreamWatch({ signals, clock, chid: query.chid });
  try {
    for (let after = query.after; ; ) {
      watch.clear();
      const page = await events.page(query.chid, { ...query, after });
      const left = until - clock.now();
      if (page.events.length > 0 || left <= 0 || ended.aborted) return page;
      after = page.lastId;
      if (page.end) await watch.wait(left, ended);
    }
  } finally {
    watch.close();
  }
}
