import type { ChannelSettings } from '../config/config.ts';
import { AddressList } from './address-list.ts';
import type { Clock } from './clock.ts';
import type { RateLimit } from './rate-limit.ts';

/** What is known of a channel besides its keys. */
export type ChannelFacts = Omit<ChannelSettings, 'key' | 'oldKey'>;

/**
 * A business system that commands us, as of now: after a change `Channels.get` answers a new
 * object, while `keys` of each object follow the clock.
 */
export interface Channel {
  readonly chid: string;
  readonly settings: ChannelFacts;
  /** Live signature keys, newest first; a key whose time ran out is no longer among them. */
  readonly keys: readonly string[];
  readonly source: 'config' | 'admin';
  /** Why its deliveries are held; undefined: they are not. Commands go on. */
  readonly pausedReason: string | undefined;
  /** May command this bot and is told of it. */
  sees(botcode: string): boolean;
  mayUse(command: string): boolean;
  mayCallFrom(address: string): boolean;
  /** Counts one command; answers 0, or the milliseconds until one is allowed (not counted). */
  takeTurn(): number;
}

export interface LiveKey {
  key: string;
  /** Epoch ms; undefined: until it is replaced. */
  expiresAt: number | undefined;
}

export interface ChannelParts {
  settings: ChannelFacts;
  /** Newest first. */
  keys: readonly LiveKey[];
  source: 'config' | 'admin';
  pausedReason: string | undefined;
  clock: Clock;
  rate: RateLimit;
}

export class LiveChannel implements Channel {
  readonly chid: string;
  readonly settings: ChannelFacts;
  readonly source: 'config' | 'admin';
  readonly pausedReason: string | undefined;
  readonly #keys: readonly LiveKey[];
  /** The keys where none of them ends: the usual case. */
  readonly #lasting: readonly string[] | undefined;
  readonly #bots: ReadonlySet<string> | undefined;
  readonly #commands: ReadonlySet<string> | undefined;
  readonly #addresses: AddressList | undefined;
  readonly #clock: Clock;
  readonly #rate: RateLimit;

  constructor(parts: ChannelParts) {
    const { settings, keys } = parts;
    this.chid = settings.chid;
    this.settings = settings;
    this.source = parts.source;
    this.pausedReason = parts.pausedReason;
    this.#clock = parts.clock;
    this.#rate = parts.rate;
    this.#keys = keys;
    this.#lasting = keys.every((one) => one.expiresAt === undefined)
      ? keys.map((one) => one.key)
      : undefined;
    this.#bots = named(settings.bots);
    this.#commands = named(settings.commands);
    this.#addresses =
      settings.addresses.length === 0 ? undefined : new AddressList(settings.addresses);
  }

  get keys(): readonly string[] {
    if (this.#lasting !== undefined) return this.#lasting;
    const now = this.#clock.now();
    return this.#keys
      .filter((one) => one.expiresAt === undefined || one.expiresAt > now)
      .map((one) => one.key);
  }

  sees(botcode: string): boolean {
    return this.#bots === undefined || this.#bots.has(botcode);
  }

  mayUse(command: string): boolean {
    return this.#commands === undefined || this.#commands.has(command);
  }

  mayCallFrom(address: string): boolean {
    return this.#addresses === undefined || this.#addresses.has(address);
  }

  takeTurn(): number {
    return this.#rate.take(this.#clock.now());
  }
}

/** A list of names, or undefined for "all of them". */
function named(list: '*' | readonly string[]): ReadonlySet<string> | undefined {
  return list === '*' || list.includes('*') ? undefined : new Set(list);
}
