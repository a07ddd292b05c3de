import type { Logger } from '../../../config/logger.ts';
import type { BotRow, BotStore } from '../../../store/bots.ts';
import type { Database, Tx } from '../../../store/database.ts';
import type { QrStore } from '../../../store/qr-codes.ts';
import type { Clock } from '../../clock.ts';
import type { BotEvent, EventRecorder } from '../../events.ts';
import type { Account, IncomingMessage } from '../driver.ts';
import type { QrCode } from './bot-state.ts';
import type { Desired } from './bot-truth.ts';

export type Told = BotRow['told'];
export type Status = NonNullable<Told>;

export interface BotRecordOptions {
  botcode: string;
  told: Told;
  bound: { id: string; name: string | undefined } | undefined;
  db: Database;
  store: BotStore;
  qrCodes: QrStore;
  events: EventRecorder;
  clock: Clock;
  logger: Logger;
}

/**
 * Writes what happened to one bot: its row and the channels' events, always in one transaction.
 * What the driver reported is tried again until it is written or overtaken by newer news; what a
 * command asked for rejects, so that the command can say so.
 */
export class BotRecord {
  readonly #options: BotRecordOptions;
  readonly #stopped = new AbortController();
  readonly #open = new Set<Promise<void>>();
  #told: Told;
  /** The binding that is on disk. */
  #bound: BotRecordOptions['bound'];
  /** Counts statuses and codes: a retry that was overtaken is dropped. */
  #news = 0;

  constructor(options: BotRecordOptions) {
    this.#options = options;
    this.#told = options.told;
    this.#bound = options.bound;
  }

  /** The status channels were told last, or are being told. */
  get told(): Told {
    return this.#told;
  }

  /** A new QR code; the one before it dies. `ended`: the session channels believed in is over. */
  newQr(qr: QrCode, ended: { reason: string; accountId: string | undefined } | undefined): void {
    const { botcode, qrCodes } = this.#options;
    if (ended !== undefined) this.#told = 'logout';
    this.#report(async (tx) => {
      if (ended !== undefined) await this.#tell(tx, 'logout', ended.reason, ended.accountId);
      await qrCodes.put(tx, {
        name: qr.name,
        botcode,
        text: qr.text,
        createdAt: qr.createdAt,
        expiresAt: qr.expiresAt,
      });
      await this.#event(tx, qrEvent(botcode, qr));
    });
  }

  /** It is over later or earlier than was thought. */
  extendQr(qr: QrCode): void {
    const { qrCodes } = this.#options;
    this.#report((tx) => qrCodes.extend(tx, qr.name, qr.expiresAt), this.#news);
  }

  /** A login of the account the bot is bound to from now on; `tell` unless channels know of it. */
  login(account: Account, tell: boolean): void {
    const { botcode, store, qrCodes, clock } = this.#options;
    if (tell) this.#told = 'login';
    const work = async (tx: Tx): Promise<void> => {
      if (this.#bound?.id !== account.id || this.#bound.name !== account.name) {
        await store.bind(tx, botcode, account, clock.now());
        tx.onDurable(() => {
          this.#bound = account;
        });
      }
      await qrCodes.drop(tx, botcode);
      if (tell) await this.#tell(tx, 'login', undefined, account.id);
    };
    this.#report(work, tell ? undefined : this.#news);
  }

  status(status: Status, reason: string | undefined, accountId: string | undefined): void {
    const { botcode, qrCodes } = this.#options;
    this.#told = status;
    this.#report(async (tx) => {
      await qrCodes.drop(tx, botcode);
      await this.#tell(tx, status, reason, accountId);
    });
  }

  /** Something was said to the bot. */
  message(message: IncomingMessage): void {
    const { botcode } = this.#options;
    const event: BotEvent = {
      type: 'userMsg',
      botcode,
      messageId: message.id,
      kind: message.kind,
      text: message.text,
      fromId: message.fromId,
      fromName: message.fromName,
      roomId: message.roomId,
      mentionsSelf: message.mentionsSelf,
      at: message.at,
    };
    this.#write(
      (tx) => this.#event(tx, event),
      () => true,
    );
  }

  /** What a command wants from now on. `off` is told at once. Rejects when it was not written. */
  async want(desired: Desired): Promise<void> {
    const { botcode, store, qrCodes, db, clock } = this.#options;
    const before = this.#told;
    if (desired === 'off') this.#told = 'off';
    this.#news += 1;
    try {
      await db.transaction(async (tx) => {
        await store.setDesired(tx, botcode, desired, clock.now());
        if (desired === 'on') return;
        await qrCodes.drop(tx, botcode);
        if (desired === 'off' && before !== 'off') {
          await this.#tell(tx, 'off', undefined, undefined);
        }
      });
    } catch (error) {
      this.#told = before;
      throw error;
    }
  }

  /** An operator accepts another account: bound from now on, and told as a login. */
  async accept(account: Account): Promise<void> {
    const { botcode, store, db, clock } = this.#options;
    this.#news += 1;
    await db.transaction(async (tx) => {
      await store.bind(tx, botcode, account, clock.now());
      await this.#tell(tx, 'login', undefined, account.id);
    });
    this.#told = 'login';
    this.#bound = account;
  }

  /** Tells again what is so already: the answer to a login command. */
  async again(
    news: QrCode | { status: Status; reason: string | undefined; accountId: string | undefined },
  ): Promise<void> {
    const { botcode } = this.#options;
    const event: BotEvent =
      'text' in news ? qrEvent(botcode, news) : { type: 'botStatus', botcode, ...news };
    await this.#options.db.transaction((tx) => this.#event(tx, event));
  }

  /** Waits for what is being written; what could not be written is given up. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#open);
  }

  /** @param news absent: it overtakes what was reported before */
  #report(work: (tx: Tx) => Promise<void>, news = ++this.#news): void {
    this.#write(work, () => this.#news === news);
  }

  /** The transaction is asked for at once, so that what is reported keeps its order. */
  #write(work: (tx: Tx) => Promise<void>, isCurrent: () => boolean): void {
    const done = this.#keepWriting(work, isCurrent).finally(() => this.#open.delete(done));
    this.#open.add(done);
  }

  async #keepWriting(work: (tx: Tx) => Promise<void>, isCurrent: () => boolean): Promise<void> {
    const { db, clock, logger } = this.#options;
    for (let pause = 500; ; pause = Math.min(pause * 2, 30_000)) {
      try {
        await db.transaction(work);
        return;
      } catch (error) {
        logger.error({ err: error }, 'what happened to the bot could not be written');
        if (this.#stopped.signal.aborted || !isCurrent()) return;
        await clock.sleep(pause, this.#stopped.signal);
        if (this.#stopped.signal.aborted || !isCurrent()) return;
      }
    }
  }

  async #tell(
    tx: Tx,
    status: Status,
    reason: string | undefined,
    accountId: string | undefined,
  ): Promise<void> {
    const { botcode, store, clock } = this.#options;
    await store.setTold(tx, botcode, status, clock.now());
    await this.#event(tx, { type: 'botStatus', botcode, status, reason, accountId });
  }

  async #event(tx: Tx, event: BotEvent): Promise<void> {
    await this.#options.events.record(tx, event);
  }
}

function qrEvent(botcode: string, qr: QrCode): BotEvent {
  return { type: 'qrCode', botcode, qrName: qr.name, expiresAt: qr.expiresAt };
}
