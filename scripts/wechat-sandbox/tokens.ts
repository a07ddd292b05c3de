import { randomBytes } from 'node:crypto';
import { Refusal } from './answers.ts';

interface Token {
  text: string;
  appid: string;
  expiresAt: number;
  /** From when on it is no longer the latest. */
  replacedAt: number;
}

interface Forced {
  at: number;
  day: number;
  times: number;
}

const life = 7200_000;
/** How long a token goes on after the next one was made. */
const overlap = 300_000;
const forcesPerDay = 20;
const forceGap = 30_000;
const stablePerMinute = 10_000;
const plainPerDay = 2000;

/** access_tokens of both kinds, which do not disturb each other. */
export class Tokens {
  readonly #length: number;
  readonly #all = new Map<string, Token>();
  readonly #plain = new Map<string, Token>();
  readonly #stable = new Map<string, Token>();
  readonly #forced = new Map<string, Forced>();
  readonly #counts = new Map<string, number>();
  #made = 0;

  constructor(length: number) {
    this.#length = length;
  }

  /** /cgi-bin/token: a new one each time. */
  plain(appid: string, now: number): { token: string; seconds: number } {
    this.#count(`plain ${appid} ${Math.floor(now / 86_400_000)}`, plainPerDay, 45009);
    const former = this.#plain.get(appid);
    if (former !== undefined) former.replacedAt = now + overlap;
    return answer(this.#make(this.#plain, appid, now), now);
  }

  /** /cgi-bin/stable_token: the same one until shortly before its end, unless forced. */
  stable(appid: string, force: boolean, now: number): { token: string; seconds: number } {
    this.#count(`stable ${appid} ${Math.floor(now / 60_000)}`, stablePerMinute, 45011);
    const former = this.#stable.get(appid);
    if (force && this.#mayForce(appid, now)) {
      if (former !== undefined) former.replacedAt = now;
      return answer(this.#make(this.#stable, appid, now), now);
    }
    const good = former !== undefined && former.replacedAt > now;
    if (good && former.expiresAt - now >= overlap) return answer(former, now);
    return answer(this.#make(this.#stable, appid, now), now);
  }

  /**
   * The appid a token speaks for.
   * @throws Refusal 41001, 40014, 40001 or 42001
   */
  check(text: string | undefined, now: number): string {
    if (text === undefined || text === '') throw new Refusal(41001);
    if (!/^[\w-]{16,512}$/.test(text)) throw new Refusal(40014);
    const token = this.#all.get(text);
    if (token === undefined || token.replacedAt <= now) throw new Refusal(40001);
    if (token.expiresAt <= now) throw new Refusal(42001);
    return token.appid;
  }

  /** Ends one token, or all of an account, before their time: 42001 from now on. */
  expire(which: { text?: string; appid?: string }, now: number): void {
    for (const token of this.#all.values()) {
      if (token.text === which.text || token.appid === which.appid) {
        token.expiresAt = Math.min(token.expiresAt, now);
      }
    }
  }

  #make(kind: Map<string, Token>, appid: string, now: number): Token {
    this.#made += 1;
    const noise = randomBytes(this.#length).toString('base64url');
    const token: Token = {
      text: `${this.#made}_${noise}`.slice(0, this.#length),
      appid,
      expiresAt: now + life,
      replacedAt: Number.POSITIVE_INFINITY,
    };
    kind.set(appid, token);
    this.#all.set(token.text, token);
    return token;
  }

  /** Twice within half a minute: the second time it is not refreshed, without a word. */
  #mayForce(appid: string, now: number): boolean {
    const day = Math.floor(now / 86_400_000);
    const last = this.#forced.get(appid);
    if (last !== undefined && now - last.at < forceGap) return false;
    const times = last !== undefined && last.day === day ? last.times : 0;
    if (times >= forcesPerDay) throw new Refusal(45009);
    this.#forced.set(appid, { at: now, day, times: times + 1 });
    return true;
  }

  #count(key: string, most: number, errcode: number): void {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count > most) throw new Refusal(errcode);
  }
}

function answer(token: Token, now: number): { token: string; seconds: number } {
  return { token: token.text, seconds: Math.floor((token.expiresAt - now) / 1000) };
}
