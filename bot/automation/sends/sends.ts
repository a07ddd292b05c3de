import type { Logger } from '../../../config/logger.ts';
import type { Database, Statement, Tx } from '../../../store/database.ts';
import type { PacingStore } from '../../../store/pacing.ts';
import { StepStore } from '../../../store/send-steps.ts';
import { type SendFilter, SendViews } from '../../../store/send-views.ts';
import type { SendStore } from '../../../store/sends.ts';
import type { Clock } from '../../clock.ts';
import { AppError, type Language } from '../../errors.ts';
import type { EventRecorder } from '../../events.ts';
import type { Fetcher } from '../../fetcher.ts';
import type { Files } from '../../files.ts';
import type { Tracing } from '../../tracing.ts';
import type { BotRegistry } from '../bots/bot-port.ts';
import type { Card, IncomingMessage } from '../driver.ts';
import { Acceptor } from './acceptor.ts';
import { Thumbs } from './cards.ts';
import { DeadSends } from './dead-sends.ts';
import { Dispatcher } from './dispatcher.ts';
import { HeldSends } from './held.ts';
import { Images } from './images.ts';
import { type Prepared, prepareSend } from './prepare.ts';
import { heldBy, viewPosition, viewQueue } from './queue.ts';
import { reasons, sayIn } from './reasons.ts';
import { loadDispatchers, recoverSends } from './recovery.ts';
import type { PacingDefaults, SendChannels, SendCore } from './send-core.ts';
import { isFinal } from './send-status.ts';
import type { Accepted, Claim, NewSend, SendView } from './send-types.ts';
import { type QueuePosition, type QueueView, type Step, viewOf } from './send-views.ts';
import { type EndState, settleSend } from './settle.ts';
import { traceOf } from './trace.ts';

export type { Prepared } from './prepare.ts';
export type { QueuePosition, QueueView, Step } from './send-views.ts';

export interface SendsOptions {
  db: Database;
  store: SendStore;
  pacing: PacingStore;
  bots: BotRegistry;
  channels: SendChannels;
  events: EventRecorder;
  files: Files;
  fetcher: Fetcher;
  clock: Clock;
  logger: Logger;
  defaults: PacingDefaults;
  tracing?: Tracing | undefined;
  /** Of reasons and traces; default zh. */
  language?: Language;
  /** Draws pauses: 0 ≤ x < 1. */
  random?: () => number;
}

/** How long what is on its way may take when the daemon stops. */
const drainMs = 4000;
const answerExpiry = 300_000;

/** Messages on their way to WeChat: accepted durably, sent in order, told of when they end. */
export class Sends {
  /** What ended without having left. */
  readonly dead: DeadSends;
  readonly #core: SendCore;
  readonly #views: SendViews;
  readonly #held: HeldSends;
  readonly #acceptor: Acceptor;
  readonly #dispatchers = new Map<string, Dispatcher>();
  #unlisten: (() => void) | undefined;
  #running = false;

  constructor(options: SendsOptions) {
    const { files, fetcher, clock, db } = options;
    this.#core = {
      db,
      store: options.store,
      tracing: options.tracing,
      steps: new StepStore(db),
      pacing: options.pacing,
      bots: options.bots,
      channels: options.channels,
      events: options.events,
      files,
      images: new Images({ files, fetcher }),
      thumbs: new Thumbs({ fetcher, clock }),
      ended: new Map(),
      clock,
      logger: options.logger,
      say: sayIn(options.language ?? 'zh'),
      random: options.random ?? Math.random,
      defaults: options.defaults,
    };
    this.#views = new SendViews(db);
    this.dead = new DeadSends(this.#core);
    this.#acceptor = new Acceptor(this.#core, ({ send, place }, msgid) => {
      const head = { msgid, chid: send.chid, runAt: 0 };
      this.#core.store.touched?.(msgid);
      this.#dispatcher(send.botcode).added(place.lane, head, send.expiresAt);
    });
    this.#held = new HeldSends(this.#core, (botcode) => this.#dispatcher(botcode));
  }

  /** Takes up what a former life left: what was handed over is unknown, what is queued goes on. */
  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    await this.#acceptor.start();
    await recoverSends(this.#core);
    await loadDispatchers(this.#core, (botcode, state) => this.#dispatcher(botcode, state));
    this.#unlisten = this.#core.bots.on((botcode, notice) => {
      this.#dispatchers.get(botcode)?.heard(notice);
    });
    for (const dispatcher of this.#dispatchers.values()) dispatcher.start();
  }

  /** Hands nothing over any more; what is on its way may finish. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#unlisten?.();
    await Promise.all([...this.#dispatchers.values()].map((one) => one.stop(drainMs)));
  }

  /** Calls with the number of each send that was queued, handed over or ended, once it is on disk. */
  onChange(listener: (msgid: number) => void): void {
    const { store } = this.#core;
    const before = store.touched;
    store.touched =
      before === undefined
        ? listener
        : (msgid) => {
            before(msgid);
            listener(msgid);
          };
  }

  /** Pacing of bots that say nothing of their own, from now on. */
  setDefaults(defaults: PacingDefaults): void {
    this.#core.defaults = defaults;
    for (const dispatcher of this.#dispatchers.values()) dispatcher.retry();
  }

  /** The clock was set back: nobody waits for a time that is far away now. */
  hurry(byMs: number): void {
    for (const dispatcher of this.#dispatchers.values()) {
      const { until, level } = dispatcher.breaker.state;
      dispatcher.breaker.set({ until: until - byMs, level });
      dispatcher.retry();
    }
  }

  /**
   * Checks a send, before any transaction. At once for a text into a room that is known.
   * @throws AppError unknown_bot, unsupported, field_missing, field_value
   */
  prepare(send: NewSend): Prepared | Promise<Prepared> {
    return prepareSend(this.#core, send);
  }

  /** Why a card cannot be shown; undefined: it can, or nobody can tell from here. */
  async cardFault(card: Card, signal: AbortSignal): Promise<string | undefined> {
    const { thumbs } = this.#core;
    const verdict = thumbs.verdict(card) ?? (await thumbs.check(card, signal));
    return verdict.is === 'bad' ? verdict.why : undefined;
  }

  /** Queues it in the caller's transaction. Throws only when the database does. */
  accept(tx: Tx, prepared: Prepared, claim?: Claim): Promise<Accepted> {
    return this.#acceptor.accept(tx, prepared, claim);
  }

  /** The same for the hot path: see `Acceptor.acceptAlone`. */
  acceptAlone(
    prepared: Prepared,
    claim: Claim,
    unless: Statement | undefined,
  ): Promise<string | undefined> {
    return this.#acceptor.acceptAlone(prepared, claim, unless);
  }

  /**
   * Says something of our own to where a message came from, in turn with everything else. No
   * channel is told of it; an answer that cannot leave within minutes is of no use and expires.
   * @throws AppError
   */
  async answer(botcode: string, message: IncomingMessage, text: string): Promise<number> {
    const { roomId, fromId } = message;
    const prepared = await this.prepare({
      botcode,
      chid: '',
      txcode: `answer ${message.id}`,
      target: roomId === undefined ? { kind: 'contact', id: fromId } : { kind: 'room', id: roomId },
      content: { kind: 'text', text, mentions: [] },
      expiresAt: this.#core.clock.now() + answerExpiry,
    });
    const accepted = await this.#core.db.transaction((tx) => this.accept(tx, prepared));
    return accepted.msgid;
  }

  /** By number, or every one of a request number (one a day at most), oldest first. */
  async status(of: { msgid: number } | { chid: string; txcode: string }): Promise<SendView[]> {
    if (!('msgid' in of)) return (await this.#views.byRequest(of.chid, of.txcode)).map(viewOf);
    const row = await this.#views.get(of.msgid);
    return row === undefined ? [] : [viewOf(row)];
  }

  /**
   * Newest first, below msgid `before`. `next` is where the next page begins, undefined at the
   * end; with a filter a page may be short, even empty, and yet have a next one.
   */
  async list(
    filter: SendFilter,
    page: { before?: number | undefined; limit: number },
  ): Promise<{ sends: SendView[]; next: number | undefined }> {
    const { rows, next } = await this.#views.page(filter, page.before, page.limit);
    return { sends: rows.map(viewOf), next };
  }

  /** How many ended in each state since start. */
  get ended(): ReadonlyMap<EndState, number> {
    return this.#core.ended;
  }

  /** Only what has not been handed over can be cancelled. @throws AppError not_found */
  async cancel(msgid: number): Promise<'cancelled' | 'too-late' | 'already-final'> {
    return await this.#core.db.transaction(async (tx) => {
      const row = await this.#core.store.find(tx, msgid);
      if (row === undefined) throw noSuchSend(msgid);
      if (isFinal(row.state)) return 'already-final';
      const end = { state: 'cancelled', reason: reasons.cancelled } as const;
      if (!(await settleSend(this.#core, tx, row, 'queued', end))) return 'too-late';
      tx.onDurable(() => this.#dispatchers.get(row.botcode)?.removed(row.lane, msgid));
      return 'cancelled';
    });
  }

  queue(botcode: string): QueueView {
    return viewQueue(this.#core, this.#dispatcher(botcode));
  }

  /** @throws AppError not_found */
  async position(msgid: number): Promise<QueuePosition> {
    const row = await this.#views.get(msgid);
    if (row === undefined) throw noSuchSend(msgid);
    if (row.state !== 'queued') return { position: 0, etaMs: 0, reason: undefined };
    const ahead = await this.#views.ahead(row);
    return viewPosition(this.#core, this.#dispatcher(row.botcode), row, ahead);
  }

  /** Every step of a send, oldest first. @throws AppError not_found */
  async trace(msgid: number): Promise<Step[]> {
    const row = await this.#views.get(msgid);
    if (row === undefined) throw noSuchSend(msgid);
    const { clock, say, steps } = this.#core;
    const at = clock.now();
    const own = await steps.of(msgid);
    const waits = await steps.waits(row.botcode, row.accepted_at, row.settled_at ?? at);
    const { reason } = await this.position(msgid);
    return traceOf(row, own, waits, { at, reason }, say);
  }

  /**
   * Queued sends that were accepted for another account than the bot has now. They stay until an
   * operator gives them to the account, cancels them, or they expire.
   */
  heldForOtherAccount(botcode: string): Promise<number> {
    return this.#held.count(botcode);
  }

  /** They leave from the account that the bot has now. @returns how many */
  adoptHeld(botcode: string): Promise<number> {
    return this.#held.adopt(botcode);
  }

  /** @returns how many were cancelled */
  cancelHeld(botcode: string): Promise<number> {
    return this.#held.cancel(botcode);
  }

  /** Why nothing of a bot leaves; undefined: its queue moves. */
  heldBy(botcode: string): ReturnType<typeof heldBy> {
    return heldBy(this.#core, this.#dispatcher(botcode));
  }

  #dispatcher(botcode: string, state?: ConstructorParameters<typeof Dispatcher>[2]): Dispatcher {
    let dispatcher = this.#dispatchers.get(botcode);
    if (dispatcher === undefined) {
      dispatcher = new Dispatcher(this.#core, botcode, state);
      this.#dispatchers.set(botcode, dispatcher);
      if (this.#running && state === undefined) dispatcher.start();
    }
    return dispatcher;
  }
}

function noSuchSend(msgid: number): AppError {
  return new AppError('not_found', {
    zh: `没有消息 ${msgid}`,
    en: `there is no send ${msgid}`,
  });
}
