import type { WebSocket } from 'ws';
import type { Clock } from '../../bot/clock.ts';
import type { EventLog } from '../../bot/event-log.ts';
import type { LiveFeed, LiveTopic } from '../../bot/live.ts';
import type { Logger } from '../../config/logger.ts';
import type { Signals } from '../../store/signals.ts';
import type { EncodeBody } from '../commands/callbacks.ts';
import { StreamWatch } from '../events/watch.ts';
import { closing, Outlet } from './outlet.ts';
import { Pace } from './pace.ts';
import { type ClientFrame, clientFrame } from './schema.ts';

export interface LiveTools {
  live: LiveFeed;
  events: Pick<EventLog, 'page' | 'has'>;
  signals: Signals;
  clock: Clock;
  logger: Logger;
  encodeBody: EncodeBody;
}

/** Channels that one socket may follow. */
const mostFollowed = 20;
const pageSize = 100;
const pollMs = 15_000;

/** One reader of the feed. */
export class LiveConnection {
  readonly #tools: LiveTools;
  readonly #socket: WebSocket;
  readonly #unsubscribe: () => void;
  readonly #followed = new Map<string, AbortController>();
  readonly #gone = new AbortController();
  readonly #outlet: Outlet;
  readonly #pace: Pace;
  #topics: ReadonlySet<LiveTopic> | undefined;
  /** Number of the last change that was looked at for this reader. */
  #at = 0;
  #waiting = false;
  /** Nothing is read from it for a while. */
  #resting = false;

  constructor(tools: LiveTools, socket: WebSocket) {
    this.#tools = tools;
    this.#socket = socket;
    const { live, clock } = tools;
    this.#outlet = new Outlet(socket, clock, this.#gone.signal);
    this.#pace = new Pace(clock);
    this.#unsubscribe = live.subscribe(() => this.#tell());
    const { epoch, seq } = live;
    this.#outlet.send({ type: 'hello', epoch, seq, time: clock.now() });
  }

  /** It is not silent by its own fault: what it answers may not be read, or may be behind much else. */
  get waiting(): boolean {
    return this.#resting || this.#outlet.draining;
  }

  receive(text: string): void {
    if (!this.#outlet.open) return;
    const frame = read(text);
    if (frame === undefined) this.#outlet.end(closing.wrong, 'not a frame of this protocol');
    else {
      this.#take(frame);
      this.#pace.said();
      if (!this.#resting && this.#mustRest) this.#rest();
    }
  }

  #take(frame: ClientFrame): void {
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
      case 'ping':
        this.#outlet.send({ type: 'pong' });
        return;
      case 'pong':
        return;
    }
  }

  /** Who says much, or says more while not reading the answers, is not read from. */
  get #mustRest(): boolean {
    return this.#pace.waitMs() > 0 || this.#outlet.full;
  }

  #rest(): void {
    const gone = this.#gone.signal;
    const rested = async (): Promise<void> => {
      while (this.#outlet.open && this.#mustRest) {
        await this.#tools.clock.sleep(this.#pace.waitMs(), gone);
        await this.#outlet.taken();
      }
    };
    this.#resting = true;
    this.#socket.pause();
    rested().then(
      () => {
        this.#resting = false;
        // A rest of no time at all is over before the rest of the packet was counted.
        if (this.#outlet.open && this.#mustRest) this.#rest();
        else this.#socket.resume();
      },
      (error: unknown) => this.#tools.logger.error({ err: error }, 'a reader of the feed'),
    );
  }

  ping(): void {
    this.#outlet.send({ type: 'ping' });
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
    if (!goesOn && seq !== undefined) this.#outlet.send({ type: 'reset' });
    this.#outlet.send({ type: 'subscribed', resumed: goesOn, seq: this.#at });
    this.#tell();
  }

  /** All that is new to this reader, as far as it takes it. */
  #tell(): void {
    const { live } = this.#tools;
    const topics = this.#topics;
    if (topics === undefined || this.#waiting || !this.#outlet.open) return;
    for (;;) {
      const changes = live.since(this.#at, pageSize);
      if (changes === undefined) {
        // So slow that what it missed is not kept any more.
        this.#at = live.seq;
        this.#outlet.send({ type: 'reset' });
        return;
      }
      if (changes.length === 0) return;
      for (const change of changes) {
        this.#at = change.seq;
        if (topics.has(change.topic)) this.#outlet.send({ type: 'change', ...change });
        if (this.#outlet.full) {
          this.#wait();
          return;
        }
      }
    }
  }

  /** Goes on once the reader took what waits for it. */
  #wait(): void {
    this.#waiting = true;
    this.#outlet.taken().then(
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
      this.#outlet.send({ type: 'unfollowed', chid, reason: 'there is no such channel' });
      return;
    }
    if (this.#followed.size >= mostFollowed) {
      this.#outlet.send({ type: 'unfollowed', chid, reason: `at most ${mostFollowed} at once` });
      return;
    }
    const gone = new AbortController();
    this.#followed.set(chid, gone);
    this.#read(chid, after, gone.signal).catch((error: unknown) => {
      this.#tools.logger.error({ err: error, chid }, 'following a channel failed');
      this.#unfollow(chid);
      this.#outlet.send({ type: 'unfollowed', chid, reason: 'reading failed' });
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
          // A long history goes at the speed of its reader.
          if (this.#outlet.full) await this.#outlet.taken();
          if (gone.aborted) return;
          this.#outlet.send({ type: 'event', chid, event: encodeBody(event) });
        }
        after = page.lastId;
        await this.#outlet.taken();
        if (page.end) await watch.wait(pollMs, gone);
      }
    } finally {
      watch.close();
    }
  }
}

function read(text: string): ClientFrame | undefined {
  try {
    return clientFrame.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
