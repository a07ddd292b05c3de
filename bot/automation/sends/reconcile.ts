import type { Tx } from '../../../store/database.ts';
import type { SendRow } from '../../../store/sends.ts';
import type { Timer } from '../../clock.ts';
import type { BotSession } from '../bots/bot-port.ts';
import type { IncomingMessage } from '../driver.ts';
import { details } from './details.ts';
import { Echoes, type Expected, type Looks } from './echoes.ts';
import { payloadOf } from './plan.ts';
import { reasons } from './reasons.ts';
import type { SendCore } from './send-core.ts';
import type { SendContent } from './send-types.ts';
import { settleSend } from './settle.ts';
import { splitText } from './split.ts';
import { acknowledge } from './turn.ts';

/** No echo within this time of a living connection is taken for "it was not sent". */
export const echoWindow = 120_000;

interface Unknown {
  row: SendRow;
  expected: Expected;
  /** Since when the connection has been alive without a break; undefined: it is not alive. */
  aliveSince: number | undefined;
  /** It was interrupted since the hand-over: an echo may have been lost with it. */
  interrupted: boolean;
  resolving: boolean;
}

/** What the dispatcher is told: the lane may go on, and whether the send queues in it again. */
export type OnResolved = (row: SendRow, queuedAgain: boolean) => void;

/**
 * Sends that were handed over and whose answer never came. The bot's own echo proves that they
 * left; a window without one, the connection being alive, ends them as failed, or queues them
 * again where their channel asked for that. Nothing else ever sends them again.
 */
export class Reconciler {
  readonly #core: SendCore;
  readonly #botcode: string;
  readonly #onResolved: OnResolved;
  readonly #echoes = new Echoes();
  readonly #unknown = new Map<number, Unknown>();
  /** The life of the driver that is alive now. */
  #generation: number | undefined;
  readonly #writing = new Set<Promise<void>>();
  #timer: Timer | undefined;
  #running = false;

  constructor(core: SendCore, botcode: string, onResolved: OnResolved) {
    this.#core = core;
    this.#botcode = botcode;
    this.#onResolved = onResolved;
  }

  /** Rows whose outcome nobody knows. */
  get size(): number {
    return this.#unknown.size;
  }

  start(): void {
    this.#running = true;
    this.stateChanged(this.#session());
  }

  /** Ends once what is being written is written. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#timer?.cancel();
    await Promise.all(this.#writing);
  }

  /**
   * To be called before the driver is: the echo may come before the answer.
   * @param outgoing a text as it goes out, with its "@name "
   */
  expect(row: SendRow, to: string, outgoing?: string): Expected {
    const looks: Looks =
      outgoing === undefined ? looksOf(row) : { kind: 'text', text: outgoing, mentions: [] };
    return this.#echoes.expect({ msgid: row.msgid, to, looks, handedAt: row.handed_at ?? 0 });
  }

  acknowledged(expected: Expected, messageId: string | undefined): void {
    if (this.#session()?.driver.capabilities.echo === false) this.#echoes.forget(expected);
    else this.#echoes.acknowledged(expected, messageId, this.#core.clock.now());
    this.#hearHeld();
  }

  notSent(expected: Expected): void {
    this.#echoes.forget(expected);
    this.#hearHeld();
  }

  /** The answer did not come; `handedIn` is the life of the driver that it was handed to. */
  unknown(row: SendRow, expected: Expected, handedIn: number): void {
    expected.state = 'unknown';
    const session = this.#session();
    const same = session?.generation === handedIn;
    this.#add({
      row,
      expected,
      aliveSince: session === undefined ? undefined : this.#core.clock.now(),
      interrupted: !same,
      resolving: false,
    });
    // It came between the time-out and the record of it.
    if (expected.echo !== undefined) void this.#sent(row.msgid, expected.echo, 0);
    this.#hearHeld();
  }

  /** A row that a former life of the daemon handed over. */
  restore(row: SendRow): void {
    const to = row.room_id ?? row.lane.replace(/^contact:/, '');
    const expected = this.#echoes.expect({
      msgid: row.msgid,
      to,
      looks: looksOf(row),
      handedAt: row.handed_at ?? row.accepted_at,
      state: 'unknown',
    });
    this.#add({ row, expected, aliveSince: undefined, interrupted: true, resolving: false });
  }

  /** @returns whether it was one of our own words */
  hear(message: IncomingMessage): boolean {
    if (!message.self) return false;
    const heard = this.#echoes.hear(message, this.#core.clock.now());
    if (heard !== undefined) void this.#sent(heard.expected.msgid, heard.messageId, heard.rivals);
    return true;
  }

  #hearHeld(): void {
    for (const { expected, messageId, rivals } of this.#echoes.released(this.#core.clock.now())) {
      void this.#sent(expected.msgid, messageId, rivals);
    }
  }

  stateChanged(session: BotSession | undefined): void {
    const now = this.#core.clock.now();
    const renewed = session?.generation !== this.#generation;
    this.#generation = session?.generation;
    for (const one of this.#unknown.values()) {
      if (session === undefined) {
        one.interrupted ||= one.aliveSince !== undefined;
        one.aliveSince = undefined;
      } else if (one.aliveSince === undefined || renewed) {
        one.interrupted ||= one.aliveSince !== undefined;
        one.aliveSince = now;
      }
    }
    this.#arm();
  }

  #add(unknown: Unknown): void {
    this.#unknown.set(unknown.row.msgid, unknown);
    this.#arm();
  }

  #arm(): void {
    this.#timer?.cancel();
    if (!this.#running || this.#unknown.size === 0) return;
    let next = Number.POSITIVE_INFINITY;
    for (const one of this.#unknown.values()) {
      if (!one.resolving) next = Math.min(next, this.#dueAt(one));
    }
    if (next === Number.POSITIVE_INFINITY) return;
    const { clock } = this.#core;
    this.#timer = clock.after(Math.max(0, next - clock.now()), () => this.#check());
  }

  #check(): void {
    const now = this.#core.clock.now();
    for (const one of this.#unknown.values()) {
      if (one.resolving || this.#dueAt(one) > now) continue;
      if (one.expected.echo === undefined) void this.#unseen(one, now);
      else void this.#sent(one.row.msgid, one.expected.echo, 0);
    }
    this.#arm();
  }

  #dueAt(one: Unknown): number {
    const handedAt = one.row.handed_at ?? one.row.accepted_at;
    // Heard, but the database could not take it.
    if (one.expected.echo !== undefined) return 0;
    if (!this.#echoing()) return handedAt + echoWindow;
    if (one.aliveSince !== undefined) return one.aliveSince + echoWindow;
    return Math.max(one.row.expires_at, handedAt + echoWindow);
  }

  /** The echo proves that it left. */
  async #sent(msgid: number, messageId: string, rivals: number): Promise<void> {
    const one = this.#unknown.get(msgid);
    if (one === undefined || one.resolving) return;
    const told =
      rivals > 0 ? details.oldestOf(messageId, rivals + 1) : details.messageId(messageId);
    const detail = this.#core.say(told);
    await this.#resolve(one, 'echo', detail, async (tx, row) => {
      return (await acknowledge(this.#core, tx, row, messageId, 'unknown')) === 'next-part';
    });
  }

  /** The window passed without an echo. */
  async #unseen(one: Unknown, now: number): Promise<void> {
    const { row } = one;
    const seconds = echoWindow / 1000;
    const policy = this.#core.channels.get(row.chid)?.settings.onUnknown;
    const again = policy === 'resend' && row.expires_at > now;
    const reason = !this.#echoing()
      ? reasons.noEchoDriver
      : one.aliveSince === undefined
        ? reasons.noEchoExpired
        : one.interrupted
          ? reasons.noEchoGap(seconds)
          : reasons.noEcho(seconds);
    await this.#resolve(one, again ? 'resend' : 'no-echo', this.#core.say(reason), async (tx) => {
      if (!again) {
        await settleSend(this.#core, tx, row, 'unknown', { state: 'failed', reason });
        return false;
      }
      const change = { state: 'queued', run_at: now, reason: null };
      return await this.#core.store.change(tx, row.msgid, 'unknown', change);
    });
  }

  async #resolve(
    one: Unknown,
    step: string,
    detail: string,
    work: (tx: Tx, row: SendRow) => Promise<boolean>,
  ): Promise<void> {
    one.resolving = true;
    const writing = this.#write(one, step, detail, work);
    this.#writing.add(writing);
    await writing;
    this.#writing.delete(writing);
  }

  async #write(
    one: Unknown,
    step: string,
    detail: string,
    work: (tx: Tx, row: SendRow) => Promise<boolean>,
  ): Promise<void> {
    const { clock, db, logger, steps } = this.#core;
    try {
      const queuedAgain = await db.transaction(async (tx) => {
        await steps.add(tx, one.row.msgid, { at: clock.now(), step, detail });
        return await work(tx, one.row);
      });
      this.#echoes.forget(one.expected);
      this.#unknown.delete(one.row.msgid);
      this.#onResolved(one.row, queuedAgain);
    } catch (error) {
      logger.error({ err: error, msgid: one.row.msgid }, 'an outcome could not be recorded');
      one.resolving = false;
      if (this.#running) this.#timer = clock.after(1000, () => this.#check());
    }
  }

  #echoing(): boolean {
    return this.#core.bots.get(this.#botcode)?.capabilities().echo !== false;
  }

  #session(): BotSession | undefined {
    return this.#core.bots.get(this.#botcode)?.session();
  }
}

function looksOf(row: SendRow): Looks {
  const content: SendContent = payloadOf(row).content;
  switch (content.kind) {
    case 'text': {
      const text = splitText(content.text)[row.parts_done] ?? '';
      return { kind: 'text', text, mentions: row.parts_done === 0 ? content.mentions : [] };
    }
    case 'miniProgram':
      return { kind: 'miniProgram', card: content.card };
    case 'image':
      return { kind: 'image' };
  }
}
