import type { WebSocket } from 'ws';
import type { Clock } from '../../bot/clock.ts';
import type { EventLog } from '../../bot/event-log.ts';
import type { LiveFeed, LiveTopic } from '../../bot/live.ts';
import type { Logger } from '../../config/logger.ts';
import type { Signals } from '../../store/signals.ts';
import type { EncodeBody } from '../commands/callbacks.ts';
import { StreamWatch } from '../events/watch.ts';
import { type ClientFrame, clientFrame } from './schema.ts';

export interface LiveTools {
  live: LiveFeed;
  events: Pick<EventLog, 'page' | 'has'>;
  signals: Signals;
  clock: Clock;
  logger: Logger;
  encodeBody: EncodeBody;
}

/** Bytes that may wait for one reader; what else there is stays where it is kept for all. */
const mostBytes = 262_144;
/** How long what waits may stay untaken. */
const stalledMs = 30_000;
/** Channels that one socket may follow. */
const mostFollowed = 20;
const pageSize = 100;
const drainMs = 20;
const pollMs = 15_000;

/** Why a socket was closed, for whoever has to decide whether to come back. */
export const closing = { slow: 4008, lapsed: 4401, wrong: 1008 } as const;

/** One reader of the feed. */
export class LiveConnection {
  readonly #tools: LiveTools;
  readonly #socket: WebSocket;
  readonly #unsubscribe: () => void;
  readonly #followed = new Map<string, AbortController>();
  readonly #gone = new AbortController();
  #topics: ReadonlySet<LiveTopic> | undefined;
  /** Number of the last change that was looked at for this reader. */
  #at = 0;
  #waiting = false;

  constructor(tools: LiveTools, socket: WebSocket) {
    this.#tools = tools;
    this.#socket = socket;
    const { live, clock } = tools;
    this.#unsubscribe = live.subscribe(() => this.#tell());
    const { epoch, seq } = live;
    this.#send({ type: 'hello', epoch, seq, time: clock.now() });
  }

  receive(text: string): void {
    const frame = read(text);
    if (frame === undefined) {
      this.#socket.close(closing.wrong, 'not a frame of this protocol');
      return;
    }
    switch (frame.type) {
      case 'subscribe':
        this.#subscribe(frame);
        return;
      case 'follow':
        this.#follow(frame.chid, frame.after);
        return;
      case 'unfollow':
        this.#unfollow(frame.chid);
        return;
      case 'pong':
        return;
    }
  }

  ping(): void {
    this.#send({ type: 'ping' });
  }

  gone(): void {
    this.#gone.abort();
    this.#unsubscribe();
    for (const chid of [...this.#followed.keys()]) this.#unfollow(chid);
  }

  /** What was missed comes first, and nothing comes twice. */
  #subscribe({ topics, epoch, seq }: Extract<ClientFrame, { type: 'subscribe' }>): void {
    const { live } = this.#tools;
    const goesOn = seq !== undefined && epoch === live.epoch && live.since(seq, 1) !== undefined;
    this.#topics = new Set(topics);
    this.#at = goesOn ? seq : live.seq;
    if (!goesOn && seq !== undefined) this.#send({ type: 'reset' });
    this.#send({ type: 'subscribed', resumed: goesOn, seq: this.#at });
    this.#tell();
  }

  /** All that is new to this reader, as far as it takes it. */
  #tell(): void {
    const { live } = this.#tools;
    const topics = this.#topics;
    if (topics === undefined || this.#waiting) return;
    for (;;) {
      const changes = live.since(this.#at, pageSize);
      if (changes === undefined) {
        // So slow that what it missed is not kept any more.
        this.#at = live.seq;
        this.#send({ type: 'reset' });
        return;
      }
      if (changes.length === 0) return;
      for (const change of changes) {
        this.#at = change.seq;
        if (topics.has(change.topic)) this.#send({ type: 'change', ...change });
        if (this.#socket.bufferedAmount > mostBytes) {
          this.#wait();
          return;
        }
      }
    }
  }

  /** Goes on once the reader took what waits for it. */
  #wait(): void {
    this.#waiting = true;
    this.#taken(this.#gone.signal).then(
      () => {
        this.#waiting = false;
        if (!this.#gone.signal.aborted) this.#tell();
      },
      (error: unknown) => this.#tools.logger.error({ err: error }, 'a reader of the feed'),
    );
  }

  #follow(chid: string, after: number): void {
    this.#unfollow(chid);
    if (!this.#tools.events.has(chid)) {
      this.#send({ type: 'unfollowed', chid, reason: 'there is no such channel' });
      return;
    }
    if (this.#followed.size >= mostFollowed) {
      this.#send({ type: 'unfollowed', chid, reason: `at most ${mostFollowed} at once` });
      return;
    }
    const gone = new AbortController();
    this.#followed.set(chid, gone);
    this.#read(chid, after, gone.signal).catch((error: unknown) => {
      this.#tools.logger.error({ err: error, chid }, 'following a channel failed');
      this.#unfollow(chid);
      this.#send({ type: 'unfollowed', chid, reason: 'reading failed' });
    });
  }

  #unfollow(chid: string): void {
    this.#followed.get(chid)?.abort();
    this.#followed.delete(chid);
  }

  async #read(chid: string, from: number, gone: AbortSignal): Promise<void> {
    const { events, signals, clock, encodeBody } = this.#tools;
    const watch = new StreamWatch({ signals, clock, chid });
    try {
      for (let after = from; !gone.aborted; ) {
        watch.clear();
        const page = await events.page(chid, { after, limit: pageSize });
        for (const event of page.events) {
          if (gone.aborted) return;
          this.#send({ type: 'event', chid, event: encodeBody(event) });
        }
        after = page.lastId;
        // A long history goes at the speed of its reader.
        await this.#taken(gone);
        if (page.end) await watch.wait(pollMs, gone);
      }
    } finally {
      watch.close();
    }
  }

  async #taken(gone: AbortSignal): Promise<void> {
    const { clock } = this.#tools;
    for (let waited = 0; this.#socket.bufferedAmount > mostBytes / 4; waited += drainMs) {
      if (gone.aborted) return;
      if (waited >= stalledMs) {
        this.#socket.close(closing.slow, 'read faster, or come back');
        return;
      }
      await clock.sleep(drainMs, gone);
    }
  }

  #send(frame: unknown): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}

function read(text: string): ClientFrame | undefined {
  try {
    return clientFrame.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
