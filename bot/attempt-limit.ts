import { isIPv6 } from 'node:net';

interface Failures {
  count: number;
  /** Epoch ms before which no further attempt is looked at. */
  until: number;
  last: number;
}

const firstDelayMs = 1000;
const longestDelayMs = 15 * 60_000;
const forgottenAfterMs = 60 * 60_000;
const mostAddresses = 10_000;

/**
 * Slows down guessing: after some failures from an address each further one doubles the wait, up
 * to a quarter of an hour. IPv6 addresses count by their /64, which one host can fill by itself.
 */
export class AttemptLimit {
  readonly #failures = new Map<string, Failures>();
  readonly #free: number;

  /** @param free so many wrong ones cost nothing: a typing error is not an attack */
  constructor(free = 3) {
    this.#free = free;
  }

  /** Milliseconds until an attempt from this address is looked at; 0 = now. */
  waitMs(address: string, now: number): number {
    const known = this.#failures.get(sourceOf(address));
    return known === undefined ? 0 : Math.max(0, known.until - now);
  }

  failed(address: string, now: number): void {
    const key = sourceOf(address);
    const known = this.#failures.get(key);
    const count = known === undefined || now - known.last > forgottenAfterMs ? 1 : known.count + 1;
    const delay =
      count <= this.#free
        ? 0
        : Math.min(longestDelayMs, firstDelayMs * 2 ** (count - this.#free - 1));
    // Set anew at the end: the map's order is that of the last failure.
    this.#failures.delete(key);
    this.#failures.set(key, { count, until: now + delay, last: now });
    if (this.#failures.size > mostAddresses) this.#forgetOldest();
  }

  succeeded(address: string): void {
    this.#failures.delete(sourceOf(address));
  }

  #forgetOldest(): void {
    for (const key of this.#failures.keys()) {
      this.#failures.delete(key);
      return;
    }
  }
}

/** Whoever an address stands for: of IPv6 its /64. */
export function sourceOf(address: string): string {
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('%')[0]?.toLowerCase().split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  return [...front, ...zeros, ...back].slice(0, 4).join(':');
}
