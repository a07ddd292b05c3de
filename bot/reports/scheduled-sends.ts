import type { Logger } from '../../config/logger.ts';
import type { Database } from '../../store/database.ts';
import type { ScheduledSendRow, ScheduledSendStore } from '../../store/scheduled-sends.ts';
import type { SendContent, SendTarget } from '../automation/sends/send-types.ts';
import type { Clock } from '../clock.ts';
import { AppError, type Language } from '../errors.ts';
import { type SendDesk, scheduledChid } from './messages.ts';

export interface ScheduledSendsOptions {
  db: Database;
  store: ScheduledSendStore;
  desk: SendDesk;
  clock: Clock;
  logger: Logger;
  language: Language;
  changed: (id: number) => void;
  failed: (failure: { id: number; reason: string }) => void;
}

export interface NewScheduledSend {
  botcode: string;
  target: SendTarget;
  content: SendContent;
  /** Epoch ms. */
  at: number;
  deliverWithinMs: number;
  madeBy: string | undefined;
  /** Asked for again with the same one, it is the same send. */
  txcode?: string | undefined;
}

/** A send that waits for its time, as operators see it. */
export interface ScheduledSend {
  id: number;
  botcode: string;
  target: SendTarget;
  content: SendContent;
  at: number;
  expiresAt: number;
  state: ScheduledSendRow['state'];
  msgid: number | undefined;
  reason: string | undefined;
  madeBy: string | undefined;
  createdAt: number;
  settledAt: number | undefined;
}

/** One that came to nothing, before it was queued or after. */
export interface LostSend {
  id: number;
  botcode: string;
  target: SendTarget;
  at: number;
  lostAt: number;
  why: string;
}

const dayMs = 86_400_000;
const furthestMs = 366 * dayMs;
/** Pictures that nobody sends are kept so long. */
const furthestPictureMs = 30 * dayMs;
const mostWaiting = 10_000;
const batch = 20;

/** Sends that an operator wrote for later: each becomes one send, or none, whatever happens. */
export class ScheduledSends {
  readonly #options: ScheduledSendsOptions;

  constructor(options: ScheduledSendsOptions) {
    this.#options = options;
  }

  /** @throws AppError unknown_bot, unsupported, field_value, conflict, duplicate_request */
  async add(send: NewScheduledSend): Promise<ScheduledSend> {
    const { db, store, desk, clock } = this.#options;
    const now = clock.now();
    // Asked for again its time may have passed.
    if (!(await store.isKnown(send.txcode))) await this.#assertNew(send);
    // What can never be sent is said now, not when nobody looks. It also keeps the picture.
    const expiresAt = send.at + send.deliverWithinMs;
    const { botcode, target, content } = send;
    const draft = { botcode, chid: scheduledChid, txcode: 'scheduled', target, content, expiresAt };
    const prepared = await desk.prepare(draft);
    const facts = {
      ...{ botcode, target: JSON.stringify(target), at: send.at, expires_at: expiresAt },
      content: JSON.stringify(prepared.send.content),
    };
    const txcode = send.txcode ?? null;
    const row = await db.transaction(async (tx) => {
      const before = txcode === null ? undefined : await store.byRequest(tx, txcode);
      if (before !== undefined) return sameOf(before, facts);
      const made_by = send.madeBy ?? null;
      const added = await store.add(tx, { ...facts, made_by, txcode, created_at: now });
      tx.onDurable(() => this.#options.changed(Number(added.id)));
      return added;
    });
    return scheduledOf(row);
  }

  async #assertNew(send: NewScheduledSend): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    const furthest = send.content.kind === 'image' ? furthestPictureMs : furthestMs;
    if (send.at <= now || send.at > now + furthest) {
      const days = furthest / dayMs;
      throw new AppError(
        'field_value',
        { zh: `at：须在将来，最多 ${days} 天`, en: `at: has to be ahead, by ${days} days at most` },
        { field: 'at' },
      );
    }
    if ((await store.waiting()) >= mostWaiting) {
      throw new AppError('conflict', {
        ...{ zh: `最多 ${mostWaiting} 条待发`, en: `at most ${mostWaiting} can wait` },
      });
    }
  }

  /** @throws AppError not_found, conflict */
  async cancel(id: number): Promise<ScheduledSend> {
    const { db, store, clock } = this.#options;
    await this.get(id);
    const cancelled = await db.transaction(async (tx) => {
      const end = { state: 'cancelled', at: clock.now() } as const;
      tx.onDurable(() => this.#options.changed(id));
      return await store.settle(tx, id, end);
    });
    const send = await this.get(id);
    if (cancelled || send.state === 'cancelled') return send;
    throw new AppError('conflict', {
      zh: `定时发送 ${id} 已结束`,
      en: `scheduled send ${id} is settled already`,
    });
  }

  /** @throws AppError not_found */
  async get(id: number): Promise<ScheduledSend> {
    const row = await this.#options.store.get(id);
    if (row !== undefined) return scheduledOf(row);
    throw new AppError('not_found', {
      zh: `没有定时发送 ${id}`,
      en: `there is no scheduled send ${id}`,
    });
  }

  /** Newest first, below `before`. */
  async list(
    filter: { state?: string | undefined; before?: number | undefined },
    limit: number,
  ): Promise<ScheduledSend[]> {
    return (await this.#options.store.list(filter, limit)).map(scheduledOf);
  }

  /** Those that nobody got: settled since then, the first ones of them. */
  async lost(since: number, limit: number): Promise<LostSend[]> {
    const rows = await this.#options.store.lost(since, limit);
    return rows.map(({ id, botcode, target, state, reason, at, lost_at }) => ({
      ...{ id: Number(id), botcode, target: JSON.parse(target) as SendTarget },
      ...{ at: Number(at), lostAt: Number(lost_at), why: reason ?? state },
    }));
  }

  next(): Promise<number | undefined> {
    return this.#options.store.next();
  }

  waiting(): Promise<number> {
    return this.#options.store.waiting();
  }

  /** Queues what is due. @returns whether there is more */
  async release(): Promise<boolean> {
    const { store, clock } = this.#options;
    const due = await store.due(clock.now(), batch);
    for (const row of due) await this.#release(row);
    return due.length === batch;
  }

  async #release(row: ScheduledSendRow): Promise<void> {
    const { db, store, desk, clock, language, logger } = this.#options;
    const { id, target, content, botcode, expiresAt } = scheduledOf(row);
    const now = clock.now();
    if (expiresAt <= now) {
      const reason = language === 'zh' ? '已过发送时限' : 'its time is over';
      await this.#fail(id, 'expired', reason);
      return;
    }
    try {
      const txcode = `scheduled:${id}`;
      const send = { botcode, chid: scheduledChid, txcode, target, content, expiresAt };
      const prepared = await desk.prepare(send);
      const day = new Date(Number(row.at)).toISOString().slice(0, 10).replaceAll('-', '');
      const claim = { day, digest: null, spell: () => '' };
      await db.transaction(async (tx) => {
        const { msgid } = await desk.accept(tx, prepared, claim);
        // Cancelled meanwhile, or another process was faster: nothing of this stays.
        if (!(await store.settle(tx, id, { state: 'queued', msgid, at: now })))
          throw new Overtaken();
        tx.onDurable(() => this.#options.changed(id));
      });
    } catch (error) {
      if (error instanceof Overtaken) return;
      if (error instanceof AppError) {
        await this.#fail(id, 'failed', error.text[language]);
        return;
      }
      // The database, most likely: its turn comes again.
      logger.warn({ err: error, id }, 'a scheduled send was not queued');
    }
  }

  async #fail(id: number, state: 'failed' | 'expired', reason: string): Promise<void> {
    const { db, store, clock } = this.#options;
    await db.transaction(async (tx) => {
      if (!(await store.settle(tx, id, { state, reason, at: clock.now() }))) return;
      tx.onDurable(() => {
        this.#options.changed(id);
        this.#options.failed({ id, reason });
      });
    });
  }
}

class Overtaken extends Error {}

/** What a request asked for before. @throws AppError duplicate_request: it was something else */
function sameOf(
  before: ScheduledSendRow,
  asked: Pick<ScheduledSendRow, 'botcode' | 'target' | 'content' | 'at' | 'expires_at'>,
): ScheduledSendRow {
  const { botcode, target, content } = before;
  const times = [Number(before.at), Number(before.expires_at)];
  const known = JSON.stringify([botcode, target, content, ...times]);
  const wanted = [asked.botcode, asked.target, asked.content, asked.at, asked.expires_at];
  if (known === JSON.stringify(wanted)) return before;
  throw new AppError('duplicate_request', {
    zh: 'txcode 已用于其他定时发送',
    en: 'this txcode was used for another send for later',
  });
}

function scheduledOf(row: ScheduledSendRow): ScheduledSend {
  return {
    ...{ id: Number(row.id), botcode: row.botcode, state: row.state, at: Number(row.at) },
    // Of our own writing.
    target: JSON.parse(row.target) as SendTarget,
    content: JSON.parse(row.content) as SendContent,
    expiresAt: Number(row.expires_at),
    msgid: row.msgid === null ? undefined : Number(row.msgid),
    reason: row.reason ?? undefined,
    madeBy: row.made_by ?? undefined,
    createdAt: Number(row.created_at),
    settledAt: row.settled_at === null ? undefined : Number(row.settled_at),
  };
}
