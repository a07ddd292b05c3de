import type { Logger } from '../../config/logger.ts';
import { isDatabaseError, type Tx } from '../../store/database.ts';
import type {
  OutboxChange,
  OutboxRow,
  OutboxState,
  WechatOutboxStore,
} from '../../store/wechat-outbox.ts';
import type { Clock } from '../clock.ts';
import type { Language } from '../errors.ts';
import type { AgentNotice } from '../im/conversation.ts';
import { errorOf, ownCodes } from './errors.ts';
import type { Failure } from './verdict.ts';
import type { Charged, Windows } from './windows.ts';

/** Tells an agent what became of an answer. */
export type TellAgent = (tx: Tx, agent: string, notice: AgentNotice) => Promise<void>;

/** How a row ended, for who waits for it. */
export interface Settled {
  state: 'sent' | 'kept' | 'failed' | 'unknown';
  errcode: number | null;
  error: string | null;
}

export interface SettlerOptions {
  store: WechatOutboxStore;
  windows: Windows;
  tell: TellAgent;
  clock: Clock;
  logger: Logger;
  language: Language;
  /** A row is settled, and others may have their turn. */
  onSettled: (id: number, settled: Settled) => void;
}

/** Writes what became of sends, together with all that follows from it. */
export class OutboxSettler {
  readonly #options: SettlerOptions;
  /** Rows whose agent cannot be told. */
  readonly #quiet = new Set<number>();

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  async sent(tx: Tx, row: OutboxRow, errmsg: string): Promise<void> {
    await this.#end(tx, row, 'sent', { errcode: 0, error: errmsg });
  }

  /** Nothing reached the user, and nothing will by itself. */
  async kept(tx: Tx, row: OutboxRow, errcode: number, error: string): Promise<void> {
    await this.giveBack(tx, row);
    await this.#end(tx, row, 'kept', { errcode, error });
  }

  /** What is left of the same text goes no more either: nobody wants half of it. */
  async failed(tx: Tx, row: OutboxRow, why: Failure): Promise<void> {
    if (why.reason !== 'unknown') await this.giveBack(tx, row);
    const { store } = this.#options;
    const rest = row.parts === 1 ? [] : await store.siblings(tx, row);
    const unknown = why.reason === 'unknown';
    const via = why.local === true ? { via: 'local' } : {};
    const { errcode, error } = why;
    await this.#end(tx, row, unknown ? 'unknown' : 'failed', { errcode, error }, via);
    for (const part of rest) {
      if (part.id <= row.id || part.state !== 'due') continue;
      // These never left: of them everything is known.
      const code = unknown ? null : errcode;
      await this.#end(tx, part, 'failed', { errcode: code, error: 'a part before it failed' }, via);
    }
    await this.tell(tx, row, why);
  }

  /** It has another try. */
  async again(
    tx: Tx,
    row: OutboxRow,
    change: { at: number; counted: boolean } & Pick<OutboxChange, 'via' | 'errcode' | 'error'>,
  ): Promise<void> {
    await this.giveBack(tx, row);
    const { at, counted, ...rest } = change;
    await this.#options.store.change(tx, row.id, row.state, 'due', {
      ...{ run_at: at, attempts: row.attempts + (counted ? 1 : 0), locked_until: null },
      ...{ charged: null, charged_at: null, handed_at: null },
      ...rest,
    });
  }

  /** An agent hears that an answer has not reached the user. */
  async tell(tx: Tx, row: OutboxRow, why: Failure): Promise<void> {
    if (row.agent === null || row.agent === '' || row.message_id === null) return;
    if (this.#quiet.has(row.id)) return;
    await this.#options.tell(tx, row.agent, {
      event: 'not_sent',
      contact: row.open_id,
      messageId: row.message_id,
      reason: why.reason,
      errcode: codeOf(why),
      text: this.wordsOf(why),
    });
  }

  /** What a person reads. */
  wordsOf({ reason, errcode, error }: Failure): string {
    const { language } = this.#options;
    if (reason === 'unknown') return errorOf(ownCodes.unknown).text[language];
    if (errcode === null) return `${errorOf(ownCodes.unreachable).text[language]} (${error})`;
    const { text } = errorOf(errcode);
    return `${text[language]} (${error})`;
  }

  /** What was counted for it does not count. */
  async giveBack(tx: Tx, row: OutboxRow): Promise<void> {
    const charged = chargedOf(row);
    if (charged === undefined) return;
    await this.#options.windows.giveBack(tx, row.account, row.open_id, charged);
  }

  /**
   * Runs a transaction of a row until it is on disk: the row, and all behind it, would stand still for
   * ever otherwise. Should it be the agent who cannot be told, it is done without.
   * @returns false when the process has to end and it is not on disk
   */
  async write(
    row: OutboxRow,
    work: (tx: Tx) => Promise<void>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { store, clock, logger } = this.#options;
    try {
      for (let pause = 1000; ; pause = Math.min(pause * 2, 60_000)) {
        try {
          await store.db.transaction(work);
          return true;
        } catch (error) {
          logger.error({ err: error, id: row.id }, 'what became of a send could not be written');
          if (!isDatabaseError(error) && !this.#quiet.has(row.id)) {
            this.#quiet.add(row.id);
            continue;
          }
        }
        if (!signal.aborted) await clock.sleep(pause, signal);
        if (signal.aborted) return false;
      }
    } finally {
      this.#quiet.delete(row.id);
    }
  }

  async #end(
    tx: Tx,
    row: OutboxRow,
    state: Settled['state'],
    end: { errcode: number | null; error: string | null },
    via: { via?: string } = {},
  ): Promise<void> {
    const { store, clock, onSettled } = this.#options;
    const from: OutboxState = row.state;
    const attempts = row.attempts + (from === 'sending' ? 1 : 0);
    const change = { ...end, ...via, attempts, settled_at: clock.now(), locked_until: null };
    if (!(await store.change(tx, row.id, from, state, change))) return;
    await store.promote(tx, row.account, row.open_id);
    tx.onDurable(() => onSettled(row.id, { state, ...end }));
  }
}

/** The code, if WeChat itself said it. */
function codeOf({ errcode, local }: Failure): number | undefined {
  return errcode !== null && errcode > ownCodes.kept && local !== true ? errcode : undefined;
}

function chargedOf(row: OutboxRow): Charged | undefined {
  if (row.charged === null || row.charged_at === null) return undefined;
  // Written by us.
  return { action: row.charged as Charged['action'], at: Number(row.charged_at) };
}
