import type { Logger } from '../../config/logger.ts';
import type { Tx } from '../../store/database.ts';
import type { HandedRow, ImbotNoticeStore, NoticeRow } from '../../store/imbot-notices.ts';
import type { Clock, Timer } from '../clock.ts';
import { ownApps, type User } from '../im/message.ts';
import type { Names } from '../im/names.ts';
import { hostIn } from './callback.ts';
import { HandedNotices, Interrupted } from './handed-notices.ts';
import { type End, endOf, factsOf, type NoticeOutcome, told } from './notice-end.ts';
import type { NoticeTeller, Told } from './notice-teller.ts';
import type { Pairs } from './pairs.ts';
import type { WechatPort } from './ports.ts';

export interface NoticesOptions {
  store: ImbotNoticeStore;
  pairs: Pick<Pairs, 'getIn' | 'waitsIn'>;
  names: Pick<Names, 'nameOf'>;
  wechat: Pick<WechatPort, 'takeForm'>;
  teller: Pick<NoticeTeller, 'isOwn' | 'objection' | 'post' | 'send'>;
  waitMs: number;
  clock: Clock;
  logger: Logger;
}

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
 * goes, in one transaction; after that the notice is said at most once. What a crash leaves without an
 * outcome is `lost`; what waits for another try, as nothing has left, goes on after it.
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
  readonly #handed: HandedNotices;
  /** Of a former life: they go first. */
  #left: HandedRow[] = [];
  #idle: (() => void) | undefined;
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #started = false;

  constructor(options: NoticesOptions) {
    this.#options = options;
    const { store, clock, logger } = options;
    this.#handed = new HandedNotices(store, clock, logger, this.#stopping.signal);
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
    const { waiting, lost } = await this.#handed.recover();
    this.#left = waiting;
    for (const row of lost) this.#count('lost', factsOf(row, told(row)));
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
    this.#left = this.#left.filter((row) => !this.#launch(row, () => this.#say(row)));
    for (const row of await store.due(now, batch)) {
      if (this.#working.size >= mostAtWork) break;
      this.#launch(row, () => this.#settle(row));
    }
    const next = await store.next(now);
    if (next !== undefined) this.#plan(next);
  }

  /** @returns whether there was room */
  #launch(row: Pick<NoticeRow, 'receiver' | 'template_url'>, work: () => Promise<End>): boolean {
    const { receiver } = row;
    const host = hostIn(row.template_url);
    const busy = this.#hosts.get(host) ?? 0;
    if (this.#working.size >= mostAtWork || busy >= mostForHost) return false;
    if (this.#working.has(receiver)) return false;
    this.#working.add(receiver);
    this.#hosts.set(host, busy + 1);
    void this.#work(work).then((again) => this.#ended(receiver, host, again));
    return true;
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
  async #work(work: () => Promise<End>): Promise<boolean> {
    try {
      const { outcome, facts } = await work();
      this.#count(outcome, facts);
      return false;
    } catch (error) {
      if (error instanceof Interrupted) return false;
      this.#options.logger.error({ err: error }, 'a notice could not be settled');
      return true;
    }
  }

  #count(outcome: NoticeOutcome, facts: object): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
    const level = outcome === 'read' ? 'debug' : outcome === 'told' ? 'info' : 'warn';
    this.#options.logger[level]({ ...facts, outcome }, 'notice of a message that was not fetched');
  }

  async #settle(row: NoticeRow): Promise<End> {
    const handed = await this.#handOver(row);
    if (handed === undefined) return { outcome: 'read', facts: {} };
    const { notice, reason, kept } = handed;
    const facts = factsOf(row, notice);
    if (reason !== undefined) return { outcome: 'notAllowed', facts: { ...facts, reason } };
    if (kept !== undefined) return await this.#say(kept);
    const send = this.#options.teller.send({ ...notice, msg: messageIn(row) });
    return await endOf(send, facts);
  }

  /** Once more only while nothing has left; a crash leaves a trace on disk. */
  async #say(row: HandedRow): Promise<End> {
    const { teller } = this.#options;
    const said = { notice: told(row), msg: row.msg, progress: this.#handed.progress(row) };
    const post = teller.post(row.template_url, said, this.#stopping.signal);
    const end = await endOf(post, factsOf(row, said.notice));
    await this.#handed.settle(row.id);
    return end;
  }

  /** The timer goes, a form id is used up. Undefined: the queue is empty. */
  async #handOver(row: NoticeRow): Promise<HandedOver | undefined> {
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
      const who = { fromUserId: from, toUserId: to };
      if (reason !== undefined) return { notice: { formId: null, ...who }, reason };
      const formId = (await wechat.takeForm(tx, to)) ?? null;
      const notice = { formId, ...who };
      if (teller.isOwn(row.template_url)) return { notice };
      const { receiver, template_url, msg } = row;
      const text = JSON.stringify(notice);
      const kept = await this.#handed.add(tx, { receiver, template_url, notice: text, msg });
      return { notice, kept };
    });
  }
}

/** `reason`: it may not be said there; `kept`: it is on disk until it has an outcome. */
interface HandedOver {
  notice: Told;
  reason?: string;
  kept?: HandedRow;
}

function messageIn(row: NoticeRow): Record<string, unknown> {
  // Checked when it came.
  return JSON.parse(Buffer.from(row.msg).toString('utf8')) as Record<string, unknown>;
}

function userOf(uid: number): User {
  return { appid: ownApps.names, uid };
}
