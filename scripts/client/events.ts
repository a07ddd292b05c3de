import { ConnectionError, ProblemError } from './errors.ts';
import { type Http, pauseMs, sleep } from './http.ts';
import { problemOf } from './operations.ts';
import { type SignatureType, sign } from './signature.ts';
import { readEvents } from './sse.ts';

export type EventType = 'qrCode' | 'botStatus' | 'userMsg' | 'sendStatus';

interface EventHead {
  /** Counts from 1 in each channel. */
  eventId: number;
  /** Epoch milliseconds. */
  eventTime: number;
  botcode: string;
}

export type WxrcEvent = EventHead &
  (
    | { type: 'qrCode'; qrcodeImageUrl: string; expiresAt?: number }
    | {
        type: 'botStatus';
        botStatus: 'login' | 'logout' | 'loginerr' | 'off';
        reason?: string;
        accountId?: string;
      }
    | {
        type: 'userMsg';
        msgType: string;
        /** What somebody wrote. roomId is empty in a private chat. */
        msgData: { text: string; fromId: string; roomId: string };
        fromName?: string;
        messageId?: string;
        mentioned?: boolean;
        messageTime?: number;
      }
    | {
        type: 'sendStatus';
        msgid: number;
        sendStatus: '1' | '2' | '3' | '4' | '-1';
        txcode: string;
        reason?: string;
      }
  );

export interface EventsOptions {
  http: Http;
  url: string;
  chid: string;
  /** The channel's own key; absent: `token` reads as an operator. */
  key?: string | undefined;
  signature?: SignatureType | undefined;
  token?: (() => string | undefined) | undefined;
}

export interface Wish {
  /** Only events after this id: the last one you have dealt with. */
  after?: number;
  types?: readonly EventType[];
  signal?: AbortSignal;
}

/** The daemon says something every 15 s. */
const silenceMs = 45_000;

/** Readers of a channel's event stream. */
export class Events {
  readonly #options: EventsOptions;

  constructor(options: EventsOptions) {
    this.#options = options;
  }

  /**
   * Every event as it happens, in order. Connections that break, and restarts of the daemon, are bridged:
   * it goes on behind the last one it gave. Without `after` it begins with what comes next; to miss
   * nothing over restarts of your own keep the eventId and give it. Ends by `break` or `signal`.
   * @throws ProblemError (refused), or the reason of `signal`
   */
  async *stream(wish: Wish = {}): AsyncGenerator<WxrcEvent, void, void> {
    const { settings } = this.#options.http;
    let after = wish.after;
    let failed = 0;
    for (;;) {
      wish.signal?.throwIfAborted();
      const ended = new AbortController();
      const signal = wish.signal ? AbortSignal.any([wish.signal, ended.signal]) : ended.signal;
      try {
        const body = await this.#open(wish, after, signal);
        for await (const event of readEvents(chunksOf(body, ended))) {
          failed = 0;
          if (event.type === 'close') break;
          // Moved before it is given: whoever leaves in between has got it.
          if (event.id !== undefined && event.id !== '') after = Number(event.id);
          if (event.data !== '') yield JSON.parse(event.data) as WxrcEvent;
        }
      } catch (error) {
        wish.signal?.throwIfAborted();
        if (error instanceof ProblemError && !isPassing(error.status)) throw error;
      } finally {
        ended.abort();
      }
      failed += 1;
      await sleep(pauseMs(settings, Math.min(failed, 20)), wish.signal);
    }
  }

  /** One page, oldest first. Go on with `after: lastId`. `wait`: seconds, at most 60. */
  async pull(
    wish: Wish & { limit?: number; wait?: number } = {},
  ): Promise<{ events: WxrcEvent[]; lastId: number }> {
    const { limit, wait, signal } = wish;
    const { http, url } = this.#options;
    const answer = await http.send(
      async () => {
        const { query, headers } = await this.#allowed({ ...queryOf(wish), limit, wait });
        return { url: `${url}/api/v1/events?${query}`, method: 'GET', headers };
      },
      { signal, retry: 'always', timeoutMs: http.settings.timeoutMs + (wait ?? 0) * 1000 },
    );
    if (answer.status !== 200) throw problemOf(answer);
    return JSON.parse(answer.text) as { events: WxrcEvent[]; lastId: number };
  }

  /** The same events as `stream`, by long polling: for where streams do not get through. Begins with `after`. */
  async *poll(wish: Wish & { wait?: number } = {}): AsyncGenerator<WxrcEvent, void, void> {
    for (let after = wish.after ?? 0; ; ) {
      const page = await this.pull({ ...wish, after, wait: wish.wait ?? 25 }).catch(
        async (error: unknown) => {
          if (!(error instanceof ConnectionError) && !isPassing(statusOf(error))) throw error;
          await sleep(this.#options.http.settings.mostMs, wish.signal);
          return { events: [], lastId: after };
        },
      );
      yield* page.events;
      after = page.lastId;
    }
  }

  async #open(
    wish: Wish,
    after: number | undefined,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const { http, url } = this.#options;
    const { query, headers } = await this.#allowed({ ...queryOf(wish), after: undefined });
    const late = AbortSignal.timeout(http.settings.timeoutMs);
    const opening = new AbortController();
    const onLate = (): void => opening.abort(late.reason);
    late.addEventListener('abort', onLate, { once: true });
    const response = await http.fetch(`${url}/api/v1/events/stream?${query}`, {
      headers: { ...headers, ...(after !== undefined && { 'last-event-id': String(after) }) },
      signal: AbortSignal.any([signal, opening.signal]),
      redirect: 'error',
    });
    // Once it is open it may be so for years.
    late.removeEventListener('abort', onLate);
    if (response.status !== 200 || response.body === null) {
      throw problemOf({ status: response.status, text: await response.text() });
    }
    return response.body;
  }

  /** The query with what shows who asks. */
  async #allowed(
    fields: Record<string, string | number | undefined>,
  ): Promise<{ query: string; headers: Record<string, string> }> {
    const { chid, key, signature = 'HMAC-SHA256', token } = this.#options;
    const search = new URLSearchParams({ chid });
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) search.set(name, String(value));
    }
    if (key === undefined) {
      const bearer = token?.();
      const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
      return { query: search.toString(), headers };
    }
    search.set('txtime', String(Date.now()));
    const query = search.toString();
    return {
      query,
      headers: {
        'x-ecaspsplus-signature': await sign(query, key, signature),
        'x-ecaspsplus-signaturetype': signature,
      },
    };
  }
}

function queryOf({ after, types }: Wish): Record<string, string | number | undefined> {
  return { after, types: types?.join(',') };
}

function isPassing(status: number): boolean {
  return status === 429 || status >= 500;
}

function statusOf(error: unknown): number {
  return error instanceof ProblemError ? error.status : 0;
}

/** What comes, as long as something comes. Not every browser can iterate a stream by itself. */
async function* chunksOf(
  body: ReadableStream<Uint8Array>,
  ended: AbortController,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for (;;) {
      timer = setTimeout(() => ended.abort(), silenceMs);
      const { value, done } = await reader.read();
      clearTimeout(timer);
      if (done) return;
      yield value;
    }
  } finally {
    clearTimeout(timer);
    ended.abort();
    await reader.cancel().catch(() => {});
  }
}
