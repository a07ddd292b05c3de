import type { Logger } from '../../../config/logger.ts';
import type { Database } from '../../../store/database.ts';
import {
  type DeliveryFilter,
  DeliveryStore,
  type RedriveFilter,
} from '../../../store/deliveries.ts';
import type { EventStore } from '../../../store/events.ts';
import type { Signals } from '../../../store/signals.ts';
import type { Channels } from '../../channels.ts';
import type { Clock } from '../../clock.ts';
import { eventSignal, type StoredEvent, storedEvent } from '../../event-log.ts';
import type { Tracing } from '../../tracing.ts';
import type { Callback, EncodeEvent, EncodeTrial } from './callback.ts';
import { attemptOf, type DeliveryAttempt } from './delivery-attempt.ts';
import type { LaneTools } from './delivery-lane.ts';
import { Poster } from './delivery-post.ts';
import { DeliveryReceiver } from './delivery-receiver.ts';
import { DeliverySettler } from './delivery-settler.ts';

export type { DeliveryFilter, RedriveFilter } from '../../../store/deliveries.ts';
export type { Callback, EncodeEvent, EncodeTrial } from './callback.ts';

export interface DeliveriesOptions {
  db: Database;
  store: EventStore;
  channels: Pick<Channels, 'get' | 'list' | 'pause' | 'onChange'>;
  clock: Clock;
  logger: Logger;
  signals: Signals;
  encode: EncodeEvent;
  encodeTrial: EncodeTrial;
  /** Of one POST, connecting and answer included. */
  timeoutMs?: number;
  /** Bots whose events go to one receiver at the same time. */
  concurrency?: number;
  /** How long a stop lets POSTs under way end, in real time. */
  graceMs?: number;
  random?: () => number;
  tracing?: Tracing | undefined;
}

/** How a receiver answered a request for trial. */
export interface Trial {
  url: string;
  tookMs: number;
  status: number | undefined;
  /** Why it would not count as delivered. */
  error: string | undefined;
  answer: string;
}

interface Followed {
  receiver: DeliveryReceiver;
  url: string;
  unsubscribe: () => void;
}

/**
 * Webhook deliveries. An event stays due until its outcome is written, so that whatever was under
 * way when the process died is posted again, under the same id. Order is kept for each bot of a
 * channel; receivers do not share anything that one of them could use up.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #store: DeliveryStore;
  readonly #logger: Logger;
  readonly #poster: Poster;
  readonly #tools: LaneTools;
  readonly #receivers = new Map<string, Followed>();
  #unsubscribe: (() => void) | undefined;
  #changed: ((chid: string) => void) | undefined;
  #stopping: Promise<void> | undefined;
  #busy = 0;
  #quiet: (() => void)[] = [];

  constructor(options: DeliveriesOptions) {
    const { clock, encode, timeoutMs = 15_000, random = Math.random } = options;
    this.#options = options;
    this.#store = new DeliveryStore(options.db);
    this.#logger = options.logger;
    this.#poster = new Poster({ clock, timeoutMs, maxAnswerBytes: 65_536 });
    this.#tools = {
      store: this.#store,
      settler: new DeliverySettler(this.#store),
      poster: this.#poster,
      encode,
      clock,
      logger: this.#logger,
      random,
      tracing: options.tracing,
    };
  }

  /** Calls with the channel of each delivery that was settled, or is to be sent again. */
  onChange(listener: (chid: string) => void): void {
    this.#changed = listener;
    this.#tools.settler.settled = ({ chid }) => listener(chid);
  }

  /** Takes up what is due. */
  async start(): Promise<void> {
    if (this.#unsubscribe !== undefined) return;
    this.#unsubscribe = this.#options.channels.onChange(() => this.#follow(true));
    this.#follow(false);
  }

  /** Starts no more POSTs, lets those under way end for a while, then breaks them off. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Resolves when nothing is being posted, read or written: all that is due waits for its time. */
  async quiet(): Promise<void> {
    while (this.#busy > 0) await new Promise<void>((resolve) => this.#quiet.push(resolve));
  }

  /** Newest first: of one channel, or of all that there are. */
  async list(filter: DeliveryFilter): Promise<StoredEvent[]> {
    return (await this.#store.list(filter)).map(storedEvent);
  }

  /** Tries of one event, oldest first; of many only the first and last few are kept. */
  async attempts(chid: string, eventId: number): Promise<DeliveryAttempt[]> {
    return (await this.#store.attempts(chid, eventId)).map(attemptOf);
  }

  /** What waits and what died, for each channel that has any. */
  async backlog(): Promise<
    { chid: string; due: number; dead: number; oldestDueAt: number | undefined }[]
  > {
    const rows = await this.#store.backlog();
    return rows.map(({ oldest_due_at, ...row }) => ({
      ...row,
      oldestDueAt: oldest_due_at ?? undefined,
    }));
  }

  /** What a receiver gets of an event, as it would be posted now; undefined: it has no receiver. */
  request(event: StoredEvent): { url: string; callback: Callback } | undefined {
    const { channels, encode, clock } = this.#options;
    const channel = channels.get(event.chid);
    const url = channel?.settings.callbackUrl;
    if (channel === undefined || url === undefined) return undefined;
    return { url, callback: encode(event, channel, clock.now()) };
  }

  /** Posts something that is no event, also while deliveries are held. Undefined: no receiver. */
  async trial(chid: string): Promise<Trial | undefined> {
    const { channels, encodeTrial, clock } = this.#options;
    const channel = channels.get(chid);
    const url = channel?.settings.callbackUrl;
    if (channel === undefined || url === undefined) return undefined;
    const began = clock.now();
    const { body, contentType, headers, accepts } = encodeTrial(channel, began);
    const posted = await this.#poster.post(url, { ...headers, 'content-type': contentType }, body);
    const status = posted?.status;
    const answer = posted?.body ?? '';
    const fine = status !== undefined && status >= 200 && status < 300;
    const asked = channel.settings.callbackAck === 'status';
    let error = posted === undefined ? 'broken off' : posted.error;
    if (error === undefined && !fine) error = `HTTP ${status}`;
    if (error === undefined && !asked && !accepts(answer)) error = 'the answer is not success';
    return { url, tookMs: clock.now() - began, status, error, answer: answer.slice(0, 2000) };
  }

  /**
   * Sends settled events again, with the same ids and bytes and a schedule of their own: those
   * named by id, or the dead letters of a range of ids and a type (with `replay`: all of them, but
   * no QR codes that were taken before).
   * @returns how many
   */
  async redrive(filter: RedriveFilter): Promise<number> {
    const { chid, eventIds } = filter;
    const now = this.#options.clock.now();
    if (eventIds !== undefined) {
      return this.#recheck(chid, await this.#store.redriveIds(chid, eventIds, now));
    }
    const end = Math.min(
      filter.to ?? Number.MAX_SAFE_INTEGER,
      await this.#options.store.lastId(chid),
    );
    const step = 1000;
    let count = 0;
    for (let after = (filter.from ?? 1) - 1; after < end; ) {
      const first = await this.#options.store.firstAfter(chid, after);
      if (first === undefined) break;
      const upTo = Math.min(end, first - 1 + step);
      const rows = await this.#store.redrive(filter, { after, upTo, now });
      count += this.#recheck(chid, rows);
      after = upTo;
    }
    return count;
  }

  /** Dead letters that nobody has to look at any more: readers of the channel still get them. @returns how many */
  async discard(chid: string, eventIds: readonly number[]): Promise<number> {
    const count = await this.#store.discard(chid, eventIds);
    if (count > 0) this.#changed?.(chid);
    return count;
  }

  /** The clock was set back: nobody waits for a time that is far away now. */
  hurry(): void {
    for (const { receiver } of this.#receivers.values()) if (receiver.open) receiver.hurryAll();
  }

  #recheck(chid: string, rows: readonly { botcode: string }[]): number {
    const receiver = this.#receivers.get(chid)?.receiver;
    for (const botcode of new Set(rows.map((row) => row.botcode))) receiver?.recheck(botcode);
    if (rows.length > 0) this.#changed?.(chid);
    return rows.length;
  }

  /** Opens and closes receivers as the channels are. */
  #follow(changed: boolean): void {
    const { channels } = this.#options;
    const wanted = new Map<string, string>();
    for (const { chid, settings, pausedReason } of channels.list()) {
      if (settings.callbackUrl !== undefined && pausedReason === undefined) {
        wanted.set(chid, settings.callbackUrl);
      }
    }
    for (const [chid, { receiver }] of this.#receivers) {
      if (wanted.has(chid)) continue;
      if (receiver.open) receiver.stop();
      // Else it is kept, so that it goes on with what it is posting should the channel be back.
      if (receiver.empty) this.#forget(chid);
    }
    for (const [chid, url] of wanted) {
      const open = this.#receivers.get(chid) ?? this.#add(chid, url);
      // Resumed, or at another address: what it was waiting for is over.
      if (!open.receiver.open) open.receiver.start(changed);
      else if (open.url !== url) open.receiver.hurryAll();
      open.url = url;
    }
  }

  #add(chid: string, url: string): Followed {
    const { channels, signals, clock, store, concurrency = 16 } = this.#options;
    const receiver = new DeliveryReceiver({
      chid,
      channels,
      events: store,
      lanes: this.#tools,
      clock,
      logger: this.#logger,
      concurrency,
      track: (work) => this.#track(work),
    });
    const unsubscribe = signals.on(eventSignal(chid), () => receiver.wake());
    const followed = { receiver, url, unsubscribe };
    this.#receivers.set(chid, followed);
    return followed;
  }

  #forget(chid: string): void {
    this.#receivers.get(chid)?.unsubscribe();
    this.#receivers.delete(chid);
  }

  async #stop(): Promise<void> {
    this.#unsubscribe?.();
    for (const { receiver } of this.#receivers.values()) receiver.stop();
    // Real time: a process that ends does not wait for a driven clock.
    const grace = AbortSignal.timeout(this.#options.graceMs ?? 3000);
    const abort = (): void => this.#poster.abort();
    grace.addEventListener('abort', abort);
    await this.quiet();
    grace.removeEventListener('abort', abort);
    for (const chid of [...this.#receivers.keys()]) this.#forget(chid);
    this.#poster.close();
  }

  #track(work: Promise<void>): void {
    this.#busy += 1;
    const done = (): void => {
      this.#busy -= 1;
      if (this.#busy > 0) return;
      const waiters = this.#quiet;
      this.#quiet = [];
      for (const waiter of waiters) waiter();
    };
    work.then(done, done);
  }
}
