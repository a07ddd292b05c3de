import type { Clock } from '../clock.ts';
import { RateLimits } from '../rate-limits.ts';

/** The same words of the same person, so soon again, are not answered again. */
const repeatMs = 60_000;
/** What we said so lately is not answered when it comes back from somebody else. */
const ownMs = 600_000;
const most = 10_000;

/** Keeps a bot from talking to bots, itself included, and from filling a room. */
export class RoomGuard {
  readonly #clock: Clock;
  readonly #asked: Recent;
  readonly #said: Recent;
  #rates: RateLimits;
  #perMinute: number;

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock;
    this.#asked = new Recent(repeatMs);
    this.#said = new Recent(ownMs);
    this.#rates = new RateLimits(perMinute);
    this.#perMinute = perMinute;
  }

  setRate(perMinute: number): void {
    if (perMinute === this.#perMinute) return;
    this.#perMinute = perMinute;
    this.#rates = new RateLimits(perMinute);
  }

  /** Whether something said in a room may be answered; if so it counts as answered. */
  admits(room: string, from: string, text: string): boolean {
    const now = this.#clock.now();
    if (this.#said.has(`${room}\n${text.trim()}`, now)) return false;
    const key = `${room}\n${from}\n${text.trim()}`;
    if (this.#asked.has(key, now)) return false;
    if (this.#rates.take(room, now) > 0) return false;
    this.#asked.add(key, now);
    return true;
  }

  /** We said this in a room. */
  said(room: string, text: string): void {
    this.#said.add(`${room}\n${text.trim()}`, this.#clock.now());
  }
}

/** Remembers what happened lately. */
class Recent {
  readonly #ms: number;
  /** When; the latest last. */
  readonly #at = new Map<string, number>();

  constructor(ms: number) {
    this.#ms = ms;
  }

  has(key: string, now: number): boolean {
    const at = this.#at.get(key);
    return at !== undefined && at <= now && now - at < this.#ms;
  }

  add(key: string, now: number): void {
    this.#at.delete(key);
    this.#at.set(key, now);
    for (const [oldest, at] of this.#at) {
      if (this.#at.size <= most && now - at < this.#ms) break;
      this.#at.delete(oldest);
    }
  }
}
