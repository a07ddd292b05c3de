import type { Logger } from '../../config/logger.ts';
import type { Tx } from '../../store/database.ts';
import type { ImbotNoticeStore, NoticeRow } from '../../store/imbot-notices.ts';
import type { Clock, Timer } from '../clock.ts';
import { ownApps, type User } from '../im/message.ts';
import type { Names } from '../im/names.ts';
import { CallbackFault, hostIn } from './callback.ts';
import type { NoticeTeller } from './notice-teller.ts';
import type { Pairs } from './pairs.ts';
import type { Notice, WechatPort } from './ports.ts';

export interface NoticesOptions {
  store: ImbotNoticeStore;
  pairs: Pick<Pairs, 'getIn' | 'waitsIn'>;
  names: Pick<Names, 'nameOf'>;
  wechat: Pick<WechatPort, 'takeForm'>;
  teller: Pick<NoticeTeller, 'objection' | 'tell'>;
  waitMs: number;
  clock: Clock;
  logger: Logger;
}

/** read: fetched before it fell due; told: somebody took it; the others say why nobody did. */
export const noticeOutcomes = ['read', 'told', 'refused', 'failed', 'notAllowed'] as const;
export type NoticeOutcome = (typeof noticeOutcomes)[number];

/** At work at once, altogether and for one host: a slow one holds up nobody else. */
const mostAtWork = 32;
const mostForHost = 4;
/** Timers looked at together. */
const batch = 500;
/** A database that fails is asked again after this. */
const failureMs = 1000;
/** Notices under way have so long to end at a stop. */
const stopMs = 3000;

/**
 * Who does not fetch a message within a while is told of it in another way. One timer for each
 * receiver, set in the transaction of the message that finds none; it survives restarts. When it
 * falls due and the queue from that sender is still not empty, a form id is used up and the timer
 * goes, in one transaction; after that the notice is said at most once.
 */
export class Notices {
  readonly #options: NoticesOptions;
  /** Receivers whose timer runs, as the transactions up to now leave it. */
  readonly #armed = new Set<number>();
  /** Receivers whose notice is at work, and how many each host has. */
  readonly #working = new Set<number>();
  readonly #hosts = new Map<string, number>();
  readonly #counts = new Map<NoticeOutcome, number>();
  readonly #stopping = new AbortController();
  #idle: (() => void) | undefined;
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #started = false;

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  /** Timers that run now. */
  get armed(): number {
    return this.#armed.size;
  }

  /** Notices at work now, whether begun or just looked for. */
  get working(): number {
    return this.#working.size + (this.#looking === undefined ? 0 : 1);
  }

  /** What became of notices in this life of the daemon. */
  counts(): ReadonlyMap<NoticeOutcome, number> {
    return this.#counts;
  }

  async start(): Promise<void> {
    for (const { receiver } of await this.#options.store.receivers()) this.#armed.add(receiver);
    this.#started = true;
    this.#look();
  }

  /** What is under way may end within moments; what waits goes on after the next start. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#timer?.cancel();
    const slow = setTimeout(() => this.#stopping.abort(), stopMs);
    await this.#looking;
    if (this.#working.size > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    clearTimeout(slow);
    this.#stopping.abort();
  }

  /** Whether a message to somebody sets a timer. */
  sets(to: User): boolean {
    return !this.#armed.has(to.uid);
  }

  /** Sets the timer of a receiver in the transaction of a message, unless it runs. */
  async armIn(tx: Tx, from: User, to: User, templateUrl: string, body: Buffer): Promise<void> {
    if (!this.sets(to)) return;
    const dueAt = this.#options.clock.now() + this.#options.waitMs;
    await this.#options.store.add(tx, {
      receiver: to.uid,
      sender: from.uid,
      due_at: dueAt,
      template_url: templateUrl,
      msg: body,
    });
    this.#armed.add(to.uid);
    tx.onRollback(() => this.#armed.delete(to.uid));
    tx.onDurable(() => this.#plan(dueAt));
  }

  #plan(at: number): void {
    if (!this.#started || at >= this.#timerAt) return;
    this.#timer?.cancel();
    this.#timerAt = at;
    this.#timer = this.#options.clock.after(at - this.#options.clock.now(), () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#look();
    });
  }

  /** Begins what is due, as far as there is room. */
  #look(): void {
    if (!this.#started) return;
    if (this.#looking !== undefined) {
      this.#lookAgain = true;
      return;
    }
    this.#lookAgain = false;
    this.#looking = this.#begin()
      .catch((error: unknown) => {
        this.#options.logger.error({ err: error }, 'notices could not be read');
        this.#plan(this.#options.clock.now() + failureMs);
      })
      .finally(() => {
        this.#looking = undefined;
        if (this.#lookAgain) this.#look();
      });
  }

  async #begin(): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    for (const row of await store.due(now, batch)) {
      const host = hostIn(row.template_url);
      const busy = this.#hosts.get(host) ?? 0;
      if (this.#working.size >= mostAtWork) break;
      if (busy >= mostForHost || this.#working.has(row.receiver)) continue;
      this.#working.add(row.receiver);
      this.#hosts.set(host, busy + 1);
      void this.#work(row).then((again) => this.#ended(row.receiver, host, again));
    }
    const next = await store.next(now);
    if (next !== undefined) this.#plan(next);
  }

  #ended(receiver: number, host: string, again: boolean): void {
    this.#working.delete(receiver);
    const left = (this.#hosts.get(host) ?? 1) - 1;
    if (left > 0) this.#hosts.set(host, left);
    else this.#hosts.delete(host);
    if (this.#working.size === 0) this.#idle?.();
    if (again) this.#plan(this.#options.clock.now() + failureMs);
    else this.#look();
  }

  /** @returns true when it has to be tried again from the beginning */
  async #work(row: NoticeRow): Promise<boolean> {
    const { logger } = this.#options;
    try {
      const { outcome, facts } = await this.#settle(row);
      this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
      const level = outcome === 'read' ? 'debug' : outcome === 'told' ? 'info' : 'warn';
      logger[level]({ ...facts, outcome }, 'notice of a message that was not fetched');
      return false;
    } catch (error) {
      logger.error({ err: error }, 'a notice could not be settled');
      return true;
    }
  }

  async #settle(row: NoticeRow): Promise<{ outcome: NoticeOutcome; facts: object }> {
    const notice = await this.#handOver(row);
    if (notice === undefined) return { outcome: 'read', facts: {} };
    const facts = { to: notice.toUserId, host: hostIn(row.template_url) };
    if ('reason' in notice) {
      return { outcome: 'notAllowed', facts: { ...facts, reason: notice.reason } };
    }
    try {
      const { teller } = this.#options;
      const answer = await teller.tell(row.template_url, notice, row.msg, this.#stopping.signal);
      return { outcome: answer.taken ? 'told' : 'refused', facts: { ...facts, ...answer } };
    } catch (error) {
      // It was handed over: whatever this is, it is not said again.
      const reason = error instanceof CallbackFault ? error.message : error;
      return { outcome: 'failed', facts: { ...facts, reason } };
    }
  }

  /** The timer goes, a form id is used up. Undefined: the queue is empty. */
  async #handOver(
    row: NoticeRow,
  ): Promise<Notice | { toUserId: string; reason: string } | undefined> {
    const { store, pairs, names, wechat, teller } = this.#options;
    const from = await names.nameOf(row.sender);
    const to = await names.nameOf(row.receiver);
    const reason = teller.objection(row.template_url);
    return await store.db.transaction(async (tx) => {
      await store.remove(tx, row.receiver);
      this.#armed.delete(row.receiver);
      tx.onRollback(() => this.#armed.add(row.receiver));
      if (from === undefined || to === undefined) return undefined;
      const pair = await pairs.getIn(tx, userOf(row.sender), userOf(row.receiver));
      if (!(await pairs.waitsIn(tx, pair))) return undefined;
      if (reason !== undefined) return { toUserId: to, reason };
      const formId = (await wechat.takeForm(tx, to)) ?? null;
      return { formId, fromUserId: from, toUserId: to, msg: messageIn(row) };
    });
  }
}

function messageIn(row: NoticeRow): Record<string, unknown> {
  // Checked when it came.
  return JSON.parse(Buffer.from(row.msg).toString('utf8')) as Record<string, unknown>;
}

function userOf(uid: number): User {
  return { appid: ownApps.names, uid };
}
