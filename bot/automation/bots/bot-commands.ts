import type { Logger } from '../../../config/logger.ts';
import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import type { Driver, Sessions } from '../driver.ts';
import type { BotNews } from './bot-news.ts';
import type { BotRecord } from './bot-record.ts';
import type { Supervisor } from './bot-supervisor.ts';
import type { Desired } from './bot-truth.ts';
import type { DriverHolder } from './driver-holder.ts';

export interface BotCommandsOptions {
  botcode: string;
  supervisor: Supervisor;
  holder: DriverHolder;
  record: BotRecord;
  news: BotNews;
  sessions: Sessions;
  clock: Clock;
  logger: Logger;
  /** The account that was held back is the bot's own from now on. */
  onOtherAccount: () => void;
}

const logoutLimit = 20_000;

/**
 * What channels and operators can ask of a bot. Each answers as soon as what is wanted is on disk;
 * the driver follows by itself.
 */
export class BotCommands {
  readonly #options: BotCommandsOptions;
  /** The driver leaving after a command; the next life begins when it is done. */
  #leaving: Promise<void> = Promise.resolve();

  constructor(options: BotCommandsOptions) {
    this.#options = options;
  }

  /** Resolves when no command is at work any more. */
  settled(): Promise<void> {
    return this.#leaving;
  }

  /** Logs in. What is so already is told again; what is under way goes on; what waits tries now. */
  async login(): Promise<void> {
    const { supervisor, record, news, clock } = this.#options;
    const { facts } = supervisor;
    if (facts.desired !== 'on') {
      await this.#want('on');
      news.ask();
      supervisor.look();
      this.#begin();
      return;
    }
    switch (supervisor.state) {
      case 'ready':
      case 'syncing':
        await record.again({ status: 'login', reason: undefined, accountId: facts.account?.id });
        break;
      case 'scan':
      case 'confirm':
        // One that is over is about to be renewed, and the new one is told.
        if (facts.qr !== undefined && facts.qr.expiresAt > clock.now()) {
          await record.again(facts.qr);
        }
        break;
      case 'wrong-account': {
        const reason = 'another account is logged in';
        await record.again({ status: 'loginerr', reason, accountId: facts.account?.id });
        break;
      }
      case 'offline':
      case 'failed':
        news.ask();
        supervisor.tryNow();
        break;
      default:
        news.ask();
    }
  }

  /**
   * Logs the account out and forgets its session. The bot itself stays, offline, until it is logged
   * in again (seed 004: to log out is not to stop the instance).
   */
  async logout(): Promise<void> {
    const { supervisor, record, news, sessions, botcode } = this.#options;
    const { facts } = supervisor;
    const accountId = facts.account?.id ?? facts.bound?.id;
    if (facts.desired === 'off') {
      await sessions.forget(botcode);
      await record.again({ status: 'logout', reason: 'logged out by command', accountId });
      return;
    }
    await this.#want('out');
    news.forget();
    this.#leave(async () => {
      const confirmed = await this.#logOutDriver();
      await supervisor.lives.stop();
      const reason = confirmed ? 'logged out by command' : 'logged out by command, unconfirmed';
      record.status('logout', reason, accountId);
    });
  }

  /** Turns the bot off; the account's session is kept for the next login. */
  async release(): Promise<void> {
    const { supervisor, news } = this.#options;
    await this.#want('off');
    news.forget();
    this.#leave(() => supervisor.lives.stop());
  }

  /** The account that is logged in becomes the one the bot is bound to. */
  async acceptAccount(): Promise<void> {
    const { supervisor, record, news } = this.#options;
    const { facts } = supervisor;
    const account = this.#heldAccount();
    await record.accept(account);
    facts.bound = account;
    news.accepted(account);
    this.#options.onOtherAccount();
    supervisor.look();
  }

  /** The account that is logged in is logged out; a QR code for the right one follows. */
  async rejectAccount(): Promise<void> {
    const { supervisor, news } = this.#options;
    this.#heldAccount();
    news.forget();
    this.#leave(async () => {
      await this.#logOutDriver();
      supervisor.lives.hurry();
      supervisor.lives.end();
    });
  }

  /** The bot is removed: its account is logged out, nothing is told. */
  async abandon(): Promise<void> {
    const { supervisor } = this.#options;
    supervisor.facts.desired = 'off';
    this.#leave(async () => {
      await this.#logOutDriver();
      await supervisor.lives.stop();
    });
    await this.#leaving;
  }

  /** Ends the driver, not the account's session; the next life is one that `build` makes. */
  rebuild(build: () => Driver): void {
    const { supervisor, holder } = this.#options;
    this.#after(async () => {
      await supervisor.lives.stop();
      holder.replace(build);
    });
    this.#begin();
  }

  /** Writes what is wanted; memory is ahead, so that no event comes in between. */
  async #want(desired: Desired): Promise<void> {
    const { supervisor, record } = this.#options;
    const before = supervisor.facts.desired;
    supervisor.facts.desired = desired;
    try {
      await record.want(desired);
    } catch (error) {
      supervisor.facts.desired = before;
      throw error;
    }
  }

  /** The account's session is over; `work` brings the driver to know. */
  #leave(work: () => Promise<void>): void {
    const { supervisor } = this.#options;
    this.#after(work);
    supervisor.forgetSession();
    supervisor.look();
  }

  /** Does `work` once what is under way is done; the driver is not heard until then. */
  #after(work: () => Promise<void>): void {
    const { supervisor, logger } = this.#options;
    supervisor.leaving = true;
    const leaving = this.#leaving
      .then(work)
      .catch((error: unknown) => logger.error({ err: error }, 'the driver could not be left'))
      .then(() => {
        if (this.#leaving === leaving) supervisor.leaving = false;
      });
    this.#leaving = leaving;
  }

  #begin(): void {
    const { supervisor } = this.#options;
    const leaving = this.#leaving.then(() => {
      if (this.#leaving === leaving) supervisor.leaving = false;
      if (supervisor.facts.desired === 'on') supervisor.lives.begin();
    });
    this.#leaving = leaving;
  }

  /** @returns whether the other side confirmed it */
  async #logOutDriver(): Promise<boolean> {
    const { holder, sessions, logger, botcode } = this.#options;
    let confirmed = true;
    try {
      await holder.call(logoutLimit, (driver) => driver.logout());
    } catch (error) {
      confirmed = false;
      logger.warn({ err: error }, 'the log-out was not confirmed');
    }
    await sessions.forget(botcode).catch((error: unknown) => {
      logger.error({ err: error }, 'the kept session could not be removed');
    });
    return confirmed;
  }

  #heldAccount(): { id: string; name: string } {
    const { state, facts } = this.#options.supervisor;
    if (state === 'wrong-account' && facts.account !== undefined) return facts.account;
    throw new AppError('conflict', {
      zh: '没有等待决定的微信号',
      en: 'there is no account to decide on',
    });
  }
}
