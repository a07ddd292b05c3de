import type { Logger } from '../../config/logger.ts';
import type { Tx } from '../../store/database.ts';
import type { Signals } from '../../store/signals.ts';
import type {
  NewOutboxRow,
  OutboxFilter,
  OutboxRow,
  WechatOutboxStore,
} from '../../store/wechat-outbox.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { CustomerDoor } from '../im/conversation.ts';
import { ownCodes } from './errors.ts';
import { type CustomContent, type NoticeContent, noticeOf } from './outbox-content.ts';
import { OutboxSettler, type Settled, type SettlerOptions } from './outbox-settler.ts';
import { OutboxTurn, type TurnOptions } from './outbox-turn.ts';
import { OutboxWorker } from './outbox-worker.ts';
import { textParts } from './text-parts.ts';
import type { Failure } from './verdict.ts';

export interface OutboxOptions
  extends Omit<TurnOptions, 'settler'>,
    Omit<SettlerOptions, 'onSettled'> {
  signals: Signals;
  logger: Logger;
  /** Users who are sent to at the same time. Default 8. */
  concurrency?: number;
  graceMs?: number;
}

/** Words for a user of WeChat. */
export type Outgoing = Parameters<CustomerDoor['send']>[1] & {
  /** Made by a machine: WeChat says so to the user. */
  ai?: boolean;
};

const signal = 'wechat:outbox';
/** A notice that could not leave for so long tells nobody anything. */
const noticeLifeMs = 86_400_000;
const keptDays = 30;
const dayMs = 86_400_000;

/**
 * What leaves for users of WeChat: written down with its cause, in order for each user, handed over
 * at most once.
 */
export class Outbox implements CustomerDoor {
  readonly #options: OutboxOptions;
  readonly #store: WechatOutboxStore;
  readonly #clock: Clock;
  readonly #settler: OutboxSettler;
  readonly #worker: OutboxWorker;
  readonly #waiters = new Map<number, (settled: Settled | undefined) => void>();
  #ending = false;
  #unsubscribe: (() => void) | undefined;

  constructor(options: OutboxOptions) {
    const { store, clock, logger, concurrency = 8, graceMs = 3000 } = options;
    this.#options = options;
    this.#store = store;
    this.#clock = clock;
    this.#settler = new OutboxSettler({
      ...options,
      onSettled: (id, settled) => {
        this.#waiters.get(id)?.(settled);
        this.#worker.wake();
      },
    });
    const turn = new OutboxTurn({ ...options, settler: this.#settler });
    const run = turn.run.bind(turn);
    this.#worker = new OutboxWorker({ store, clock, logger, concurrency, graceMs, run });
  }

  /** Settles what a former life left open, and takes up what is due. */
  async start(): Promise<void> {
    if (this.#unsubscribe !== undefined) return;
    await this.#recover();
    this.#unsubscribe = this.#options.signals.on(signal, () => this.#worker.wake());
    this.#worker.start();
  }

  /** The process ends soon: nothing more is begun, and nobody waits for an outcome. */
  drain(): void {
    this.#ending = true;
    this.#unsubscribe?.();
    for (const done of this.#waiters.values()) done(undefined);
    void this.#worker.stop();
  }

  async stop(): Promise<void> {
    this.drain();
    await this.#worker.stop();
  }

  /** Resolves when all that is due waits for its time. */
  quiet(): Promise<void> {
    return this.#worker.quiet();
  }

  async send(tx: Tx, out: Outgoing): Promise<void> {
    const { content, ai } = out;
    const parts =
      content.type === 'text'
        ? textParts(content.text).map((text) => ({ ...content, text }))
        : [content];
    for (const [part, one] of parts.entries()) {
      const said: CustomContent = { content: one, ...(ai === true && { ai }) };
      await this.#add(tx, {
        ...{ account: out.account, open_id: out.openId, kind: 'custom' },
        ...{ content: JSON.stringify(said), part, parts: parts.length },
        ...{ message_id: out.messageId, conversation: out.conversation, agent: out.agent },
      });
    }
  }

  /**
   * Tells a user of a message that he has not fetched, by whatever way is open.
   * @returns how it ended; undefined: it has not within `waitMs`
   */
  async notice(
    account: string,
    openId: string,
    told: Omit<NoticeContent, 'until'>,
    waitMs: number,
  ): Promise<Settled | undefined> {
    let done: (settled: Settled | undefined) => void = () => {};
    const outcome = new Promise<Settled | undefined>((resolve) => {
      done = resolve;
    });
    const content: NoticeContent = { ...told, until: this.#clock.now() + noticeLifeMs };
    const id = await this.#store.db.transaction(async (tx) => {
      const added = await this.#add(tx, {
        ...{ account, open_id: openId, kind: 'notice', content: JSON.stringify(content) },
        ...{ part: 0, parts: 1, message_id: null, conversation: null, agent: null },
      });
      tx.onDurable(() => this.#waiters.set(added, done));
      return added;
    });
    if (this.#ending) done(undefined);
    const timer = this.#clock.after(waitMs, () => done(undefined));
    try {
      return await outcome;
    } finally {
      timer.cancel();
      this.#waiters.delete(id);
    }
  }

  /** For operators, newest first. */
  list(filter: OutboxFilter): Promise<OutboxRow[]> {
    return this.#store.list(filter);
  }

  get(id: number): Promise<OutboxRow | undefined> {
    return this.#store.get(id);
  }

  counts(): ReturnType<WechatOutboxStore['counts']> {
    return this.#store.counts();
  }

  /** What people read of a row that did not arrive. */
  explain(why: Failure): string {
    return this.#settler.wordsOf(why);
  }

  /**
   * Sends again what has failed or was kept, with the other parts of the same text that failed.
   * @param force also what may have arrived before
   * @throws AppError not_found, conflict
   */
  async resend(id: number, force = false): Promise<void> {
    const store = this.#store;
    await store.db.transaction(async (tx) => {
      const row = await store.find(tx, id);
      if (row === undefined) {
        throw new AppError('not_found', { zh: `没有发送 ${id}`, en: `there is no send ${id}` });
      }
      if (!isOver(row)) {
        const now = row.state;
        throw new AppError('conflict', {
          zh: `发送 ${id} 的状态是 ${now}，只有失败或保留的才能重发`,
          en: `send ${id} is ${now}: only what failed or was kept is sent again`,
        });
      }
      const parts = (await store.siblings(tx, row)).filter(isOver);
      if (!force && parts.some(({ state }) => state === 'unknown')) throw mayDouble(id);
      for (const part of parts) {
        const again: NoticeContent | undefined =
          part.kind === 'notice'
            ? { ...noticeOf(part), until: this.#clock.now() + noticeLifeMs }
            : undefined;
        await store.change(tx, part.id, part.state, 'due', {
          ...(again !== undefined && { content: JSON.stringify(again) }),
          ...{ run_at: this.#clock.now(), attempts: 0, via: null, errcode: null, error: null },
          ...{ charged: null, charged_at: null, handed_at: null, settled_at: null },
        });
      }
      await store.promote(tx, row.account, row.open_id);
      tx.onDurable(() => this.#options.signals.emit(signal));
    });
  }

  /** He has left: nothing settled is kept of him. What is due fails by itself. */
  forget(tx: Tx, account: string, openId: string): Promise<void> {
    return this.#store.forget(tx, account, openId);
  }

  /** Forgets what was settled a month ago. @returns how many */
  prune(limit: number): Promise<number> {
    const before = this.#clock.now() - keptDays * dayMs;
    return this.#store.db.transaction((tx) => this.#store.prune(tx, before, limit));
  }

  async #add(tx: Tx, row: Omit<NewOutboxRow, 'at'>): Promise<number> {
    const id = await this.#store.add(tx, { ...row, at: this.#clock.now() });
    tx.onDurable(() => this.#options.signals.emit(signal));
    return id;
  }

  /** What was handed over and has no outcome may have reached the user: it is not sent again. */
  async #recover(): Promise<void> {
    const store = this.#store;
    const why: Failure = {
      ...{ reason: 'unknown', errcode: ownCodes.unknown },
      error: 'the process ended before the answer came',
    };
    await store.db.transaction((tx) => store.unlock(tx));
    const batch = 100;
    for (;;) {
      const rows = await store.db.transaction((tx) => store.sending(tx, batch));
      let settled = 0;
      for (const row of rows) {
        const settle = (tx: Tx): Promise<void> => this.#settler.failed(tx, row, why);
        if (await this.#settler.write(row, settle, AbortSignal.abort())) settled += 1;
      }
      if (rows.length < batch || settled === 0) return;
    }
  }
}

function isOver({ state }: OutboxRow): boolean {
  return state === 'failed' || state === 'kept' || state === 'unknown';
}

function mayDouble(id: number): AppError {
  return new AppError(
    'conflict',
    {
      zh: `发送 ${id} 是否已送达未知：重发可能使用户收到两次；确认重发请用 force（命令行：--yes）`,
      en: `whether send ${id} arrived is unknown: the user may get it twice; to send it all the same: force (on the command line: --yes)`,
    },
    { field: 'force' },
  );
}
