import { randomBytes } from 'node:crypto';
import type { Seen, UserOptions, UserView } from './types.ts';
import { Windows } from './windows.ts';

/** A WeChat user as one account sees him. */
export class User {
  readonly appid: string;
  readonly openid: string;
  nickname = '';
  unionid: string | undefined;
  subscribed = true;
  /** Wants no messages from the account. */
  blocked = false;
  risky = false;
  sessionKey = '';
  readonly windows = new Windows();
  /** Accepted subscribe messages not yet sent, by template. */
  readonly credits = new Map<string, number>();
  /** Last message either way. */
  lastExchange = Number.NEGATIVE_INFINITY;
  typingUntil = Number.NEGATIVE_INFINITY;
  /** When he logged in, for the minute quota. */
  logins: number[] = [];
  readonly #seen: Seen[] = [];

  constructor(appid: string, openid: string) {
    this.appid = appid;
    this.openid = openid;
    this.nickname = openid.slice(0, 12);
  }

  change(given: UserOptions): void {
    this.nickname = given.nickname ?? this.nickname;
    this.unionid = given.unionid ?? this.unionid;
    this.subscribed = given.subscribed ?? this.subscribed;
    this.risky = given.risky ?? this.risky;
  }

  /** A new one for every login, as WeChat does sooner or later. */
  newSessionKey(): string {
    this.sessionKey = randomBytes(16).toString('base64');
    return this.sessionKey;
  }

  see(what: Omit<Seen, 'seq'>): Seen {
    const seen = { seq: this.#seen.length + 1, ...what };
    this.#seen.push(seen);
    return seen;
  }

  /** What came to his eyes, in order; `own`: with what he said himself. */
  seen(own: boolean): Seen[] {
    return this.#seen.filter((one) => own || one.via !== 'own');
  }

  view(now: number): UserView {
    return {
      openid: this.openid,
      appid: this.appid,
      nickname: this.nickname,
      ...(this.unionid === undefined ? {} : { unionid: this.unionid }),
      subscribed: this.subscribed,
      blocked: this.blocked,
      risky: this.risky,
      windows: this.windows.open(now),
      credits: Object.fromEntries(this.credits),
    };
  }
}
