import type { Account } from '../driver.ts';
import type { BotRecord } from './bot-record.ts';
import type { QrCode } from './bot-state.ts';

/** An episode that began before this run of the daemon: it was told, nobody knows which it was. */
const former = 'former';

/**
 * Decides what is worth telling. A login is told once for each session of the account and run of
 * the daemon, a logout only when WeChat ended the session, trouble once for each episode. Restarts
 * and resets of a driver are none of these.
 */
export class BotNews {
  readonly #record: BotRecord;
  /** The account whose session was told in this run and has not ended. */
  #session: string | undefined;
  #asked = false;
  #episode: string | undefined;

  constructor(record: BotRecord) {
    this.#record = record;
    this.#episode = record.told === 'loginerr' ? former : undefined;
  }

  /** Channels believe that this run's session is going on. */
  get hasSession(): boolean {
    return this.#session !== undefined;
  }

  /** A command wants to hear of the next login, even if it is the session that was told. */
  ask(): void {
    this.#asked = true;
  }

  newQr(qr: QrCode, reason: string, accountId: string | undefined): void {
    this.#record.newQr(qr, this.#record.told === 'login' ? { reason, accountId } : undefined);
    this.#session = undefined;
    this.#episode = undefined;
  }

  login(account: Account): void {
    const known = this.#session === account.id && this.#record.told === 'login';
    this.#record.login(account, !known || this.#asked);
    this.accepted(account);
  }

  /** The login of this account is told by somebody else. */
  accepted(account: Account): void {
    this.#session = account.id;
    this.#asked = false;
    this.#episode = undefined;
  }

  /** In doubt, and now proven again. */
  recovered(account: Account): void {
    if (this.#asked) this.login(account);
  }

  /** WeChat ended the session. */
  ended(reason: string, accountId: string | undefined): void {
    this.#session = undefined;
    if (this.#record.told === 'login') this.#record.status('logout', reason, accountId);
  }

  /** @param episode what tells this trouble from another */
  trouble(episode: string, reason: string, accountId: string | undefined): void {
    this.#session = undefined;
    const told = this.#episode === episode || this.#episode === former;
    this.#episode = episode;
    if (!told) this.#record.status('loginerr', reason, accountId);
  }

  /** A command ended the session, or the bot was turned off. */
  forget(): void {
    this.#session = undefined;
    this.#asked = false;
    this.#episode = undefined;
  }
}
