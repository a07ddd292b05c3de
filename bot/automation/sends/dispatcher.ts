import type { SendRow } from '../../../store/sends.ts';
import type { Timer } from '../../clock.ts';
import type { BotHandle, BotNotice, BotSession } from '../bots/bot-port.ts';
import { Breaker } from './breaker.ts';
import { Errands } from './errands.ts';
import { Expiry } from './expiry.ts';
import { type Head, Lanes } from './lanes.ts';
import { BotPacing, type Taken } from './pacing.ts';
import { Reconciler } from './reconcile.ts';
import { pacingOf, type SendCore } from './send-core.ts';
import { roomLane } from './targets.ts';
import { Turns } from './turns.ts';
import { Waits } from './waits.ts';

/** So many sends of one bot are on their way at once, each into another room. */
export const concurrency = 4;
const lookAgainMs = 30_000;

/** What a dispatcher goes on with after a restart. */
export interface DispatcherState {
  buckets: ReadonlyMap<string, readonly Taken[]>;
  breaker: { until: number; level: number };
}

/**
 * The loop of one bot: takes the lane whose turn it is as soon as budgets allow, records the
 * hand-over, calls the driver and settles. Lanes hold their order because each has one send on its
 * way at most, and the oldest goes first.
 */
export class Dispatcher {
  readonly botcode: string;
  readonly lanes = new Lanes();
  readonly reconciler: Reconciler;
  readonly #core: SendCore;
  readonly #breaker: Breaker;
  readonly #pacing: BotPacing;
  readonly #errands: Errands;
  readonly #expiry: Expiry;
  readonly #waits: Waits;
  readonly #turns: Turns;
  readonly #tasks = new Set<Promise<void>>();
  /** Unknown sends whose lanes stand still until they are resolved. */
  readonly #holding = new Set<number>();
  #running = false;
  #awake = false;
  #timer: Timer | undefined;
  #roomsVersion = 0;
  #life = '';

  constructor(core: SendCore, botcode: string, state?: DispatcherState) {
    this.botcode = botcode;
    this.#core = core;
    this.#breaker = new Breaker(state?.breaker);
    const jitterTo = pacingOf(core, core.bots.get(botcode)).jitterMs[1];
    this.#pacing = new BotPacing(core.random, state?.buckets, jitterTo);
    this.#errands = new Errands(core);
    this.#expiry = new Expiry(core, botcode, (lane, msgid) => this.removed(lane, msgid));
    this.#waits = new Waits(core, botcode);
    this.reconciler = new Reconciler(core, botcode, (row, again) => this.#resolved(row, again));
    this.#turns = new Turns({
      core,
      botcode,
      lanes: this.lanes,
      pacing: this.#pacing,
      breaker: this.#breaker,
      errands: this.#errands,
      reconciler: this.reconciler,
      hooks: {
        isRunning: () => this.#running,
        wake: () => this.wake(),
        holdOrder: (row) => this.#holdOrder(row),
        expiring: (at) => this.#expiry.joined(at),
      },
    });
  }

  get breaker(): Breaker {
    return this.#breaker;
  }

  get pacing(): BotPacing {
    return this.#pacing;
  }

  /** Sends that were handed over and are not settled. */
  get onTheWay(): number {
    return this.#turns.onTheWay;
  }

  /** How long one hand-over takes, in ms. */
  get meanMs(): number {
    return this.#turns.meanMs;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#expiry.start(this.lanes.queued > 0);
    this.reconciler.start();
    this.wake();
  }

  /** Takes no new turn; what is on its way may finish within `withinMs`. */
  async stop(withinMs: number): Promise<void> {
    this.#running = false;
    this.#timer?.cancel();
    this.#errands.stop();
    const end = new AbortController();
    const limit = this.#core.clock.sleep(withinMs, end.signal);
    await Promise.race([Promise.all(this.#tasks), limit]);
    end.abort();
    await Promise.all([this.#expiry.stop(), this.reconciler.stop(), this.#waits.stop()]);
  }

  /** A send was accepted. */
  added(lane: string, head: Head, expiresAt: number): void {
    this.lanes.add(lane, head);
    this.#expiry.joined(expiresAt);
    this.wake();
  }

  /** A queued send was cancelled or has expired. */
  removed(lane: string, msgid: number): void {
    this.lanes.remove(lane, msgid);
    this.wake();
  }

  /** A row of a former life that may or may not have left. */
  restore(row: SendRow): void {
    this.reconciler.restore(row);
    this.#holdOrder(row);
  }

  heard(notice: BotNotice): void {
    if (notice.type === 'message') {
      if (this.reconciler.hear(notice.message)) this.#core.bots.get(this.botcode)?.noteSent();
      return;
    }
    if (notice.type === 'rooms') {
      this.#roomsVersion += 1;
      this.lanes.wake();
    }
    this.reconciler.stateChanged(this.#core.bots.get(this.botcode)?.session());
    this.wake();
  }

  /** Lanes that wait have another try: what they wait for may have changed. */
  retry(): void {
    this.lanes.wake(true);
    this.wake();
  }

  wake(): void {
    if (this.#awake || !this.#running) return;
    this.#awake = true;
    queueMicrotask(() => {
      this.#awake = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (!this.#running) return;
    this.#timer?.cancel();
    const { clock } = this.#core;
    const now = clock.now();
    const bot = this.#core.bots.get(this.botcode);
    const session = bot?.session();
    this.#waits.note(this.lanes.queued > 0, bot, session, this.#breaker.state, now);
    if (this.lanes.queued === 0) return;
    if (bot === undefined || session === undefined) {
      // A notice tells when it is there; should one be missed, the queue must not stand for ever.
      this.#timer = clock.after(lookAgainMs, () => this.#pump());
      return;
    }
    this.#noteLife(session);
    this.#placeNamed(bot);
    const pacing = pacingOf(this.#core, bot);
    let next = Number.POSITIVE_INFINITY;
    for (;;) {
      const allowed = this.#breaker.allowance(now, concurrency);
      if (allowed === 0) next = this.#breaker.state.until;
      if (this.#turns.onTheWay >= allowed) break;
      const botReadyAt = this.#pacing.botReadyAt(now, pacing);
      if (botReadyAt > now) {
        next = botReadyAt;
        break;
      }
      const lane = this.lanes.pick(now);
      if (lane === undefined) {
        next = this.lanes.nextAt();
        break;
      }
      const laneReadyAt = this.#pacing.laneReadyAt(lane.key, now, pacing);
      if (laneReadyAt > now) {
        this.lanes.release(lane, lane.head, { until: laneReadyAt, why: undefined });
        continue;
      }
      const reservation = this.#pacing.reserve(lane.key, now, pacing);
      this.#track(this.#turns.take(lane, bot, session, reservation));
    }
    if (next !== Number.POSITIVE_INFINITY) {
      this.#timer = clock.after(Math.max(1, next - now), () => this.#pump());
    }
  }

  /** A new login, or another account: what waited for it has another try. */
  #noteLife(session: BotSession): void {
    const life = `${session.generation} ${session.accountId}`;
    if (life === this.#life) return;
    this.#life = life;
    this.lanes.wake();
  }

  /**
   * Before any room has its turn, what was addressed by its topic joins its lane. Where that takes
   * longer, as the lane is busy or a former topic has to be proven, the room waits for it.
   */
  #placeNamed(bot: BotHandle): void {
    for (const lane of this.lanes.named) {
      if (lane.lookedUp === this.#roomsVersion || !lane.key.startsWith('topic:')) continue;
      const resolution = bot.rooms.lookUp({ topic: lane.key.slice('topic:'.length) });
      const known = resolution.found === 'room' || resolution.found === 'renamed';
      const to = known ? roomLane(resolution.room.id) : undefined;
      if (to !== undefined && (lane.state === 'busy' || resolution.found === 'renamed')) {
        this.lanes.hold(lane, to);
      }
      if (lane.state === 'busy') continue;
      lane.lookedUp = this.#roomsVersion;
      if (resolution.found !== 'room' || to === undefined) continue;
      this.lanes.seize(lane);
      this.#track(this.#turns.move(lane, to, resolution.room.id));
    }
  }

  /** What may be sent again must not be overtaken. */
  #holdOrder(row: SendRow): void {
    if (this.#core.channels.get(row.chid)?.settings.onUnknown !== 'resend') return;
    this.#holding.add(row.msgid);
    this.lanes.block(row.lane);
  }

  /** An unknown send got its end, or queues again. */
  #resolved(row: SendRow, queuedAgain: boolean): void {
    const head = { msgid: row.msgid, chid: row.chid, runAt: 0 };
    if (queuedAgain) this.added(row.lane, head, row.expires_at);
    if (this.#holding.delete(row.msgid)) this.lanes.unblock(row.lane);
    this.wake();
  }

  #track(task: Promise<void>): void {
    this.#tasks.add(task);
    void task.finally(() => this.#tasks.delete(task));
  }
}
