import type { ServerResponse } from 'node:http';
import type { Clock } from '../../bot/clock.ts';
import type { EventLog, EventType } from '../../bot/event-log.ts';
import type { Signals } from '../../store/signals.ts';
import type { EncodeBody } from '../commands/callbacks.ts';
import { StreamWatch } from './watch.ts';

export interface StreamOptions {
  events: Pick<EventLog, 'page'>;
  signals: Signals;
  clock: Clock;
  encodeBody: EncodeBody;
  /** Ends the stream: the daemon stops. */
  stop: AbortSignal;
}

export interface StreamQuery {
  chid: string;
  after: number;
  types: readonly EventType[] | undefined;
}

const keepAliveMs = 15_000;
/** Bytes that may wait in memory for one reader. */
const maxBuffered = 1_048_576;
/** How long what waits may stay untaken. */
const stalledMs = 30_000;
/** How long a reader that is closed has to read why. */
const lingerMs = 5000;
const pageSize = 100;

/**
 * Writes a channel's events as server-sent events until either side ends it: `id` is the event id,
 * `data` the JSON object that a webhook carries in reqBody. What a reader has not taken stays in
 * the log: at most 1 MiB of it waits in memory, and a reader that does not take that within 30 s is
 * closed. A last event `close` says why; whoever comes back with Last-Event-ID misses nothing.
 */
export async function streamEvents(
  response: ServerResponse,
  query: StreamQuery,
  options: StreamOptions,
): Promise<void> {
  const { signals, clock, stop } = options;
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.on('error', () => gone.abort());
  if (response.closed) gone.abort();
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Asks nginx and its like to pass on what they get as they get it.
    'x-accel-buffering': 'no',
  });
  // An id without data moves the reader's Last-Event-ID and is no event.
  response.write(`retry: 2000\nid: ${query.after}\n\n`);
  const watch = new StreamWatch({ signals, clock, chid: query.chid });
  let end: { reason: string; resumeAfter: number };
  try {
    const ended = AbortSignal.any([gone.signal, stop]);
    end = await follow({ response, watch, ended, query, options });
  } finally {
    watch.close();
  }
  if (gone.signal.aborted) return;
  response.end(`event: close\ndata: ${JSON.stringify(end)}\n\n`);
  const linger = clock.after(lingerMs, () => response.destroy());
  response.on('close', () => linger.cancel());
}

interface Reader {
  response: ServerResponse;
  watch: StreamWatch;
  ended: AbortSignal;
  query: StreamQuery;
  options: StreamOptions;
}

async function follow(reader: Reader): Promise<{ reason: string; resumeAfter: number }> {
  const { response, watch, ended, query, options } = reader;
  const { chid, types } = query;
  let after = query.after;
  while (!ended.aborted) {
    watch.clear();
    const page = await options.events.page(chid, { after, limit: pageSize, types });
    for (const event of page.events) {
      response.write(
        `id: ${event.eventId}\ndata: ${JSON.stringify(options.encodeBody(event))}\n\n`,
      );
      after = event.eventId;
      if (response.writableLength < maxBuffered) continue;
      if (!(await drained(reader))) return stalled(after, ended);
    }
    if (!(await drained(reader))) return stalled(after, ended);
    after = page.lastId;
    if (!page.end || ended.aborted) continue;
    const grown = await watch.wait(keepAliveMs, ended);
    if (!grown && !ended.aborted) response.write(': alive\n\n');
  }
  return { reason: 'the daemon stops', resumeAfter: after };
}

function stalled(after: number, ended: AbortSignal): { reason: string; resumeAfter: number } {
  const reason = ended.aborted ? 'the daemon stops' : 'the reader fell behind';
  return { reason, resumeAfter: after };
}

/** Until the reader took what waits for it; false when it did not in time, or the stream ended. */
function drained({ response, ended, options }: Reader): Promise<boolean> {
  if (!response.writableNeedDrain) return Promise.resolve(!ended.aborted);
  return new Promise((resolve) => {
    const settle = (taken: boolean): void => {
      timer.cancel();
      response.off('drain', onDrain);
      ended.removeEventListener('abort', onEnd);
      resolve(taken);
    };
    const onDrain = (): void => settle(true);
    const onEnd = (): void => settle(false);
    const timer = options.clock.after(stalledMs, () => settle(false));
    response.on('drain', onDrain);
    if (ended.aborted) onEnd();
    else ended.addEventListener('abort', onEnd);
  });
}
