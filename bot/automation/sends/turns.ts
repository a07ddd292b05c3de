import type { SendRow } from '../../../store/sends.ts';
import type { BotHandle, BotSession } from '../bots/bot-port.ts';
import type { Breaker } from './breaker.ts';
import type { Errand, Errands } from './errands.ts';
import type { Lane, Lanes } from './lanes.ts';
import { moveLane } from './move.ts';
import type { BotPacing, Reservation } from './pacing.ts';
import { reasons } from './reasons.ts';
import type { Reconciler } from './reconcile.ts';
import type { SendCore } from './send-core.ts';
import { type Answer, type Begun, beginTurn, callDriver, endTurn, type Settled } from './turn.ts';

/** Pauses after a driver said "offline" while its bot still counted as ready. */
const backPauses = [1000, 2000, 5000, 15_000, 30_000];

const errandReason = {
  prove: reasons.roomUnproven,
  contacts: reasons.contactUnproven,
  fetch: reasons.fetching,
  thumb: reasons.fetching,
};

export interface TurnsOptions {
  core: SendCore;
  botcode: string;
  lanes: Lanes;
  pacing: BotPacing;
  breaker: Breaker;
  errands: Errands;
  reconciler: Reconciler;
  hooks: {
    isRunning(): boolean;
    /** Something changed: another lane may have its turn. */
    wake(): void;
    /** The outcome of this send is unknown: its lane may have to stand still. */
    holdOrder(row: SendRow): void;
    /** A send that expires then is queued again. */
    expiring(expiresAt: number): void;
  };
}

/** What happens in the turn of a lane: decide, hand over, settle, and put the lane back. */
export class Turns {
  readonly #core: SendCore;
  readonly #botcode: string;
  readonly #lanes: Lanes;
  readonly #pacing: BotPacing;
  readonly #breaker: Breaker;
  readonly #errands: Errands;
  readonly #reconciler: Reconciler;
  readonly #hooks: TurnsOptions['hooks'];
  #onTheWay = 0;
  #meanMs = 0;

  constructor(options: TurnsOptions) {
    this.#core = options.core;
    this.#botcode = options.botcode;
    this.#lanes = options.lanes;
    this.#pacing = options.pacing;
    this.#breaker = options.breaker;
    this.#errands = options.errands;
    this.#reconciler = options.reconciler;
    this.#hooks = options.hooks;
  }

  /** Sends that are being decided on or are on their way. */
  get onTheWay(): number {
    return this.#onTheWay;
  }

  /** How long hand-overs took lately, from the record to the end. */
  get meanMs(): number {
    return this.#meanMs;
  }

  /** Takes the turn of a lane that was picked; ends when the lane is released. Never rejects. */
  async take(
    lane: Lane,
    bot: BotHandle,
    session: BotSession,
    reservation: Reservation,
  ): Promise<void> {
    this.#onTheWay += 1;
    const place = { botcode: this.#botcode, key: lane.key, msgid: lane.head?.msgid ?? 0 };
    const contacts = this.#errands.contacts(this.#core.clock.now());
    let begun: Begun;
    try {
      begun = await beginTurn(this.#core, place, { bot, session, contacts }, this.#pacing);
    } catch (error) {
      reservation.giveBack();
      this.#onTheWay -= 1;
      this.#failed(lane, error);
      return;
    }
    if (begun.kind === 'handed') {
      await this.#handOver(lane, bot, session, begun, reservation);
      return;
    }
    reservation.giveBack();
    this.#onTheWay -= 1;
    if (begun.kind === 'over') {
      if (begun.ended) this.#lanes.left(lane);
      this.#lanes.release(lane, begun.next);
    } else {
      await this.#notYet(lane, bot, begun);
    }
    this.#hooks.wake();
  }

  async #handOver(
    lane: Lane,
    bot: BotHandle,
    session: BotSession,
    begun: Begun & { kind: 'handed' },
    reservation: Reservation,
  ): Promise<void> {
    const { row, plan } = begun;
    const { clock } = this.#core;
    const began = clock.now();
    const expected = this.#reconciler.expect(
      row,
      plan.to.id,
      plan.outgoing.kind === 'text' ? plan.outgoing.text : undefined,
    );
    const current = this.#hooks.isRunning() ? this.#core.bots.get(this.#botcode) : undefined;
    let answer = await callDriver(this.#core, current, session, row, plan);
    if (!answer.ok && answer.fault === 'unknown' && expected.echo !== undefined) {
      answer = { ok: true, messageId: expected.echo };
    }
    if (answer.ok) {
      this.#reconciler.acknowledged(expected, answer.messageId);
      bot.noteSent();
    } else if (answer.fault !== 'unknown') {
      this.#reconciler.notSent(expected);
    }
    if (!answer.ok && answer.fault === 'offline') reservation.giveBack();
    const backMs = backPauses[Math.min(lane.tries, backPauses.length - 1)] ?? 0;
    const place = { botcode: this.#botcode, key: lane.key };
    const settled = await this.#settle(place, row, answer, backMs);
    this.#meanMs += (clock.now() - began - this.#meanMs) / 8;
    this.#onTheWay -= 1;
    if (settled !== undefined) {
      this.#lanes.left(lane);
      await this.#after(lane, bot, session, row, settled, expected);
    }
    this.#hooks.wake();
  }

  /** Undefined when it could not be recorded before the end: a restart takes it for unknown. */
  async #settle(
    place: { botcode: string; key: string },
    row: SendRow,
    answer: Answer,
    backMs: number,
  ): Promise<Settled | undefined> {
    for (;;) {
      try {
        return await endTurn(this.#core, place, row, answer, { breaker: this.#breaker, backMs });
      } catch (error) {
        this.#core.logger.error({ err: error, msgid: row.msgid }, 'a send could not be settled');
        if (!this.#hooks.isRunning()) return undefined;
        await this.#core.clock.sleep(1000);
      }
    }
  }

  async #after(
    lane: Lane,
    bot: BotHandle,
    session: BotSession,
    row: SendRow,
    settled: Settled,
    expected: Parameters<Reconciler['unknown']>[1],
  ): Promise<void> {
    const requeued = { msgid: row.msgid, chid: row.chid, runAt: 0 };
    switch (settled.as) {
      case 'unknown':
        this.#hooks.holdOrder(row);
        this.#reconciler.unknown(row, expected, session.generation);
        this.#lanes.release(lane, settled.next);
        return;
      case 'ended':
        this.#lanes.release(lane, settled.next);
        return;
      case 'denied':
        this.#lanes.add(lane.key, requeued);
        await this.#errand(
          lane,
          this.#errands.denied({ ...row, state: 'queued' }, bot, lane.tries),
        );
        return;
      case 'next-part':
      case 'back':
      case 'rate': {
        this.#lanes.add(lane.key, requeued);
        this.#hooks.expiring(row.expires_at);
        if (settled.as !== 'next-part') lane.tries += 1;
        const until = settled.next?.runAt ?? 0;
        const why = until > 0 ? reasons.notHere : undefined;
        this.#lanes.release(lane, settled.next, { until, why });
      }
    }
  }

  async #notYet(lane: Lane, bot: BotHandle, begun: Begun & { kind: 'not-yet' }): Promise<void> {
    const { plan, row } = begun;
    switch (plan.do) {
      case 'hold':
        this.#lanes.release(lane, lane.head, { until: Number.POSITIVE_INFINITY, why: plan.why });
        return;
      case 'wait':
        this.#lanes.release(lane, lane.head, { until: plan.until, why: plan.why });
        return;
      case 'move':
        await this.move(lane, plan.lane, plan.roomId);
        return;
      default:
        lane.why = errandReason[plan.do];
        this.#hooks.wake();
        await this.#errand(lane, this.#errands.run(row, plan, bot, lane.tries));
    }
  }

  async #errand(lane: Lane, work: Promise<Errand>): Promise<void> {
    let errand: Errand;
    try {
      errand = await work;
    } catch (error) {
      this.#failed(lane, error);
      return;
    }
    switch (errand.go) {
      case 'go-on':
        this.#lanes.release(lane, lane.head);
        return;
      case 'wait':
        lane.tries += 1;
        this.#lanes.release(lane, lane.head, { until: errand.until, why: errand.why });
        return;
      case 'move':
        await this.move(lane, errand.lane, errand.roomId);
        return;
      case 'ended':
        this.#lanes.left(lane);
        // Its place is free: the next turn finds who takes it.
        if (lane.queued === 0 && lane.later === undefined) this.#lanes.release(lane, undefined);
        else this.#lanes.release(lane, lane.head);
    }
  }

  /** Moves a busy lane's sends to the lane they belong to. */
  async move(lane: Lane, to: string, roomId: string | undefined): Promise<void> {
    try {
      await moveLane(this.#core, this.#lanes, { botcode: this.#botcode, lane, to, roomId });
    } catch (error) {
      this.#failed(lane, error);
    }
    this.#hooks.wake();
  }

  /** The database refused; nothing has left. */
  #failed(lane: Lane, error: unknown): void {
    this.#core.logger.error({ err: error, botcode: this.#botcode }, 'a turn failed');
    const until = this.#core.clock.now() + 1000;
    this.#lanes.release(lane, lane.head, { until, why: reasons.notHere });
    this.#hooks.wake();
  }
}
