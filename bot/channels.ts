import { randomBytes } from 'node:crypto';
import type { ChannelSettings } from '../config/config.ts';
import type { Logger } from '../config/logger.ts';
import type { Vault } from '../config/secrets.ts';
import type { ChannelKeyRow, ChannelSource, ChannelStore } from '../store/channels.ts';
import type { Tx } from '../store/database.ts';
import { type Channel, type ChannelFacts, LiveChannel, type LiveKey } from './channel.ts';
import { type ChannelInput, type ChannelPatch, checkFacts, parseFacts } from './channel-facts.ts';
import type { Clock } from './clock.ts';
import { AppError } from './errors.ts';
import { RateLimit } from './rate-limit.ts';

export type { Channel, ChannelFacts } from './channel.ts';
export type { ChannelInput, ChannelPatch } from './channel-facts.ts';

export interface ChannelsOptions {
  store: ChannelStore;
  vault: Vault;
  clock: Clock;
  logger: Logger;
}

/**
 * All channels, in memory and durable. What the config file declares is applied at start and wins
 * over what operators changed; what operators added stays. Keys lie sealed in the database.
 *
 * A key that was rotated away stays refused over restarts although the config file still names it,
 * until the file's own keys change.
 */
export class Channels {
  readonly #store: ChannelStore;
  readonly #vault: Vault;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #channels = new Map<string, LiveChannel>();
  readonly #rates = new Map<string, RateLimit>();
  readonly #listeners = new Set<() => void>();

  constructor(options: ChannelsOptions) {
    this.#store = options.store;
    this.#vault = options.vault;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** Loads what the database knows. */
  async start(): Promise<void> {
    await this.#store.db.transaction(async (tx) => {
      for (const { chid } of await this.#store.all(tx)) await this.#reload(tx, chid);
    });
  }

  get(chid: string): Channel | undefined {
    return this.#channels.get(chid);
  }

  list(): Channel[] {
    return [...this.#channels.values()];
  }

  /** The channels that are told of this bot. */
  seeing(botcode: string): Channel[] {
    return this.list().filter((channel) => channel.sees(botcode));
  }

  /** @returns a function that stops listening */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes the channels of the config file what the file says; those that left it are removed. */
  async applyConfig(list: readonly ChannelSettings[]): Promise<void> {
    await this.#store.db.transaction(async (tx) => {
      const named = new Set(list.map((one) => one.chid));
      for (const row of await this.#store.all(tx)) {
        if (row.source === 'config' && !named.has(row.chid)) await this.#drop(tx, row.chid);
      }
      for (const settings of list) await this.#applyOne(tx, settings);
    });
  }

  /**
   * Adds a channel; without a key one is made.
   * @throws AppError conflict (the chid is taken), field_value (settings at fault)
   */
  async add(input: ChannelInput): Promise<{ channel: Channel; key: string }> {
    const { key: chosen, oldKey, ...rest } = input;
    const settings = checkFacts(rest);
    const key = chosen ?? makeKey();
    const { chid } = settings;
    await this.#store.db.transaction(async (tx) => {
      if ((await this.#store.get(tx, chid)) !== undefined) throw taken(chid);
      await this.#put(tx, settings, 'admin');
      if (oldKey !== undefined) await this.#addKey(tx, chid, oldKey, 'admin');
      await this.#addKey(tx, chid, key, 'admin');
      await this.#reload(tx, chid);
    });
    return { channel: this.#known(chid), key };
  }

  /** @throws AppError not_found, field_value */
  async update(chid: string, patch: ChannelPatch): Promise<Channel> {
    await this.#store.db.transaction(async (tx) => {
      const row = await this.#row(tx, chid);
      const merged: Record<string, unknown> = { ...parseFacts(row.settings), ...patch, chid };
      for (const name of Object.keys(merged)) if (merged[name] == null) delete merged[name];
      await this.#put(tx, checkFacts(merged), row.source);
      await this.#reload(tx, chid);
    });
    return this.#known(chid);
  }

  /** @throws AppError not_found, conflict (declared in the config file) */
  async remove(chid: string): Promise<void> {
    await this.#store.db.transaction(async (tx) => {
      const row = await this.#row(tx, chid);
      if (row.source === 'config') {
        throw new AppError('conflict', {
          zh: `渠道 ${chid} 由配置文件声明，请在配置文件中删除`,
          en: `channel ${chid} is declared in the config file: remove it there`,
        });
      }
      await this.#drop(tx, chid);
    });
  }

  /**
   * Makes a new key. The one before stays valid for the overlap (default: a day), any older one
   * ends at once.
   * @throws AppError not_found
   */
  async rotateKey(chid: string, options: { overlapSeconds?: number } = {}): Promise<string> {
    const overlap = (options.overlapSeconds ?? 86_400) * 1000;
    const key = makeKey();
    await this.#store.db.transaction(async (tx) => {
      const now = this.#clock.now();
      await this.#row(tx, chid);
      const keys = await this.#store.keys(tx, chid);
      const newest = keys.find((one) => one.expires_at === null || one.expires_at > now);
      for (const one of keys) {
        await this.#store.endKey(tx, one.id, one === newest ? now + overlap : now);
      }
      await this.#store.forgetEndedKeys(tx, chid, now);
      await this.#addKey(tx, chid, key, 'admin');
      await this.#reload(tx, chid);
    });
    return key;
  }

  /** Holds the deliveries of a channel. @throws AppError not_found */
  pause(chid: string, reason: string): Promise<void> {
    return this.#setPaused(chid, reason);
  }

  /** @throws AppError not_found */
  resume(chid: string): Promise<void> {
    return this.#setPaused(chid, null);
  }

  async #setPaused(chid: string, reason: string | null): Promise<void> {
    await this.#store.db.transaction(async (tx) => {
      await this.#row(tx, chid);
      await this.#store.setPaused(tx, chid, reason, this.#clock.now());
      await this.#reload(tx, chid);
    });
  }

  async #applyOne(tx: Tx, { key, oldKey, ...settings }: ChannelSettings): Promise<void> {
    const { chid } = settings;
    const before = await this.#store.get(tx, chid);
    await this.#put(tx, settings, 'config');
    const wanted = [key, oldKey].filter((one) => one !== undefined);
    const held = (await this.#store.keys(tx, chid))
      .filter((one) => one.source === 'config')
      .map((one) => this.#open(one)?.key);
    const same = wanted.length === held.length && wanted.every((one, at) => one === held[at]);
    if (before?.source !== 'config' || !same) {
      await this.#store.removeKeys(tx, chid);
      for (const one of wanted.reverse()) await this.#addKey(tx, chid, one, 'config');
    }
    await this.#reload(tx, chid);
  }

  async #put(tx: Tx, settings: ChannelFacts, source: ChannelSource): Promise<void> {
    const now = this.#clock.now();
    const text = JSON.stringify(settings);
    await this.#store.put(tx, { chid: settings.chid, settings: text, source, now });
  }

  async #addKey(tx: Tx, chid: string, key: string, source: ChannelSource): Promise<void> {
    const sealed = this.#vault.seal(key);
    await this.#store.addKey(tx, { chid, sealed, source, now: this.#clock.now() });
  }

  async #drop(tx: Tx, chid: string): Promise<void> {
    await this.#store.remove(tx, chid);
    tx.onDurable(() => {
      this.#channels.delete(chid);
      this.#rates.delete(chid);
      this.#changed();
    });
  }

  /** Reads the channel as the transaction leaves it; it counts once that is on disk. */
  async #reload(tx: Tx, chid: string): Promise<void> {
    const row = await this.#row(tx, chid);
    const keys = (await this.#store.keys(tx, chid)).map((one) => this.#open(one));
    const settings = parseFacts(row.settings);
    tx.onDurable(() => {
      let rate = this.#rates.get(chid);
      if (rate === undefined) rate = new RateLimit(settings.ratePerMinute, this.#clock.now());
      else rate.change(settings.ratePerMinute);
      this.#rates.set(chid, rate);
      const channel = new LiveChannel({
        settings,
        keys: keys.filter((one) => one !== undefined),
        source: row.source,
        pausedReason: row.paused_reason ?? undefined,
        clock: this.#clock,
        rate,
      });
      this.#channels.set(chid, channel);
      this.#changed();
    });
  }

  /** Undefined when it was sealed with another `secret.key`: then the key is not accepted. */
  #open(row: ChannelKeyRow): LiveKey | undefined {
    try {
      return { key: this.#vault.open(row.sealed), expiresAt: row.expires_at ?? undefined };
    } catch {
      this.#logger.error({ chid: row.chid }, 'a key cannot be opened with this secret.key');
      return undefined;
    }
  }

  async #row(tx: Tx, chid: string) {
    const row = await this.#store.get(tx, chid);
    if (row === undefined) throw unknown(chid);
    return row;
  }

  #known(chid: string): Channel {
    const channel = this.#channels.get(chid);
    if (channel === undefined) throw unknown(chid);
    return channel;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function makeKey(): string {
  return randomBytes(24).toString('base64url');
}

function taken(chid: string): AppError {
  return new AppError('conflict', {
    zh: `渠道 ${chid} 已存在`,
    en: `channel ${chid} exists already`,
  });
}

function unknown(chid: string): AppError {
  return new AppError('not_found', { zh: `没有渠道 ${chid}`, en: `there is no channel ${chid}` });
}
