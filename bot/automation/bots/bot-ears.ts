import type { Logger } from '../../../config/logger.ts';
import type { Clock } from '../../clock.ts';
import type { Account, Capabilities, DriverEvent, IncomingMessage } from '../driver.ts';
import type { BotNews } from './bot-news.ts';
import type { BotNotice } from './bot-port.ts';
import type { BotRecord } from './bot-record.ts';
import type { Supervisor } from './bot-supervisor.ts';
import { limits } from './bot-truth.ts';
import { isHelp, SeenIds } from './incoming.ts';
import { newQrName } from './qr.ts';

type EventOf<T extends DriverEvent['type']> = Extract<DriverEvent, { type: T }>;

export interface BotEarsOptions {
  supervisor: Supervisor;
  record: BotRecord;
  news: BotNews;
  clock: Clock;
  logger: Logger;
  capabilities: () => Capabilities;
  notify: (notice: BotNotice) => void;
  /** The bound account is logged in; `fresh`: what was known of rooms and contacts does not hold. */
  onLogin: (fresh: boolean) => void;
  /** The account is not logged in any more. */
  onLeft: () => void;
  onRooms: (event: EventOf<'room'> | undefined) => void;
}

/** A session that ended this soon makes the next attempt wait twice as long. */
const goodSession = 60_000;
const longestPause = 300_000;

/** Turns what the driver says into facts and news. */
export class BotEars {
  readonly #options: BotEarsOptions;
  readonly #seen = new SeenIds();
  /** The code that was last shown: late news of it after a login mean nothing. */
  #lastCode: string | undefined;
  #loggedInAt = 0;
  #shortSessions = 0;

  constructor(options: BotEarsOptions) {
    this.#options = options;
  }

  hear(event: DriverEvent): void {
    const { supervisor } = this.#options;
    if (supervisor.facts.desired !== 'on' || supervisor.leaving) return;
    // A driver that announces its end proves nothing else.
    if (event.type !== 'down' && event.type !== 'refused') supervisor.hearStream();
    switch (event.type) {
      case 'scan':
        this.#onScan(event);
        break;
      case 'login':
        this.#onLogin(event.account);
        break;
      case 'logout':
        this.#onLogout(event.reason);
        break;
      case 'message':
        this.#onMessage(event.message);
        break;
      case 'room':
        this.#options.onRooms(event);
        break;
      case 'ready':
        this.#options.onRooms(undefined);
        break;
      case 'down':
        supervisor.endLife(event.reason);
        break;
      case 'refused':
        supervisor.fail(event.reason);
        break;
      case 'alive':
        break;
    }
    supervisor.look();
  }

  #onScan({ code, status, expiresAt }: EventOf<'scan'>): void {
    const { supervisor, record, news, clock, notify } = this.#options;
    const { facts } = supervisor;
    const now = clock.now();
    const { qr } = facts;
    if (status === 'expired' || status === 'cancelled') {
      // Its successor has ten seconds to come.
      if (qr === undefined) return;
      facts.qr = { ...qr, status: 'waiting', expiresAt: now };
      record.extendQr(facts.qr);
      return;
    }
    const expires = expiresAt !== undefined && expiresAt > now ? expiresAt : undefined;
    if (qr !== undefined && qr.text === code && now < qr.expiresAt) {
      const longer = expires !== undefined && expires > qr.expiresAt;
      const statusAt = status === qr.status ? qr.statusAt : now;
      facts.qr = { ...qr, status, statusAt, expiresAt: longer ? expires : qr.expiresAt };
      if (longer) record.extendQr(facts.qr);
      if (status !== qr.status) notify({ type: 'state' });
      return;
    }
    if (facts.account !== undefined && (status !== 'waiting' || code === this.#lastCode)) return;
    this.#lastCode = code;
    const accountId = facts.account?.id ?? facts.bound?.id;
    facts.account = undefined;
    facts.synced = false;
    facts.failure = undefined;
    facts.offline = undefined;
    facts.lostAt = undefined;
    facts.qr = {
      name: newQrName(),
      text: code,
      status,
      createdAt: now,
      expiresAt: expires ?? now + limits.qr,
      statusAt: now,
    };
    this.#options.onLeft();
    // WeChat asks for a new scan only when there is no session any more.
    news.newQr(facts.qr, 'the session ended: WeChat asks for a new scan', accountId);
    supervisor.lives.noteProof();
    notify({ type: 'state' });
  }

  #onLogin(given: Account): void {
    const { supervisor, news, clock, notify, onLogin, onLeft } = this.#options;
    const { facts } = supervisor;
    const account = this.#sameAccount({ id: String(given.id), name: String(given.name) });
    const stable = this.#options.capabilities().stableIds;
    const before = facts.account;
    facts.accountAt = clock.now();
    if (before?.id === account.id && stable) return;
    if (before !== undefined && before.id !== account.id) {
      news.ended('another account logged in', before.id);
    }
    facts.account = account;
    facts.synced = false;
    facts.qr = undefined;
    facts.failure = undefined;
    facts.offline = undefined;
    facts.lostAt = undefined;
    this.#loggedInAt = clock.now();
    supervisor.lives.noteProof();
    facts.bound ??= account;
    if (facts.bound.id === account.id) {
      facts.bound = account;
      news.login(account);
      onLogin(!stable);
    } else {
      onLeft();
      news.trouble(`wrong ${account.id}`, wrongAccount(account, facts.bound), account.id);
    }
    notify({ type: 'state' });
  }

  #onLogout(reason: string): void {
    const { supervisor, record, news, clock, onLeft, notify } = this.#options;
    const { account, bound } = supervisor.facts;
    // Nobody was logged in, and nobody was told so.
    if (account === undefined && record.told !== 'login') return;
    const short = clock.now() - this.#loggedInAt < goodSession;
    this.#shortSessions = short ? this.#shortSessions + 1 : 0;
    news.ended(reason, account?.id ?? bound?.id);
    onLeft();
    const pause = supervisor.offlinePause() * 2 ** Math.min(this.#shortSessions, 10);
    supervisor.goOffline(reason, Math.min(pause, longestPause));
    notify({ type: 'state' });
  }

  #onMessage(message: IncomingMessage): void {
    const { supervisor, record, clock, notify } = this.#options;
    const { facts } = supervisor;
    const { account, bound } = facts;
    // What is said to another account is none of this bot's channels' business.
    if (account !== undefined && bound !== undefined && bound.id !== account.id) return;
    if (message.id !== '' && !this.#seen.add(message.id)) return;
    facts.accountAt = clock.now();
    if (message.self) facts.canSendAt = clock.now();
    // The keyword is answered by whoever listens to messages; it is not the channels' business.
    else if (!isHelp(message, account?.name)) record.message(message);
    notify({ type: 'message', message });
  }

  /**
   * Where ids hold for one login only, the account is known again by its name, and keeps the id it
   * is bound under. A name that could not be read does not replace a known one.
   */
  #sameAccount(account: Account): Account {
    const { bound } = this.#options.supervisor.facts;
    if (bound === undefined) return account;
    if (bound.id === account.id) return { ...account, name: account.name || (bound.name ?? '') };
    const again = !this.#options.capabilities().stableIds && bound.name === account.name;
    return again ? { ...account, id: bound.id } : account;
  }
}

function wrongAccount(account: Account, bound: { id: string; name: string | undefined }): string {
  const wanted = bound.name === undefined ? bound.id : `${bound.name} (${bound.id})`;
  return `account ${account.name} (${account.id}) is logged in, this bot is bound to ${wanted}`;
}
