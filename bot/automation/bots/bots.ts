import { join } from 'node:path';
import type { BotSettings } from '../../../config/config.ts';
import type { Logger } from '../../../config/logger.ts';
import type { Vault } from '../../../config/secrets.ts';
import type { BotRow, BotStore } from '../../../store/bots.ts';
import type { Database } from '../../../store/database.ts';
import type { QrRow, QrStore } from '../../../store/qr-codes.ts';
import type { RoomStore } from '../../../store/rooms.ts';
import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import type { EventRecorder } from '../../events.ts';
import type { Driver, DriverFactory, Sessions } from '../driver.ts';
import { Bot } from './bot.ts';
import type { BotHandle, BotNotice, BotRegistry } from './bot-port.ts';
import { BotRows } from './bot-rows.ts';
import { checkSettings, needsNewDriver, openSettings } from './bot-settings.ts';
import { SealedSessions } from './sessions.ts';
import { StartGate } from './start-gate.ts';

export interface BotsOptions {
  db: Database;
  store: BotStore;
  rooms: RoomStore;
  qrCodes: QrStore;
  events: EventRecorder;
  clock: Clock;
  logger: Logger;
  vault: Vault;
  drivers: Record<BotSettings['driver'], DriverFactory>;
  dataDir: string;
  random?: () => number;
}

type Listener = (botcode: string, notice: BotNotice) => void;

/** Starts are spread over at most this many ms, so that many bots do not start at one moment. */
const spread = { each: 20, most: 1000 };

/** Every bot of this daemon. One that misbehaves harms no other. */
export class Bots implements BotRegistry {
  readonly sessions: Sessions;
  readonly #options: BotsOptions;
  readonly #random: () => number;
  readonly #gate: StartGate;
  readonly #rows: BotRows;
  readonly #bots = new Map<string, Bot>();
  readonly #listeners = new Set<Listener>();
  /** Bots that are on their way out: their rows go last. */
  readonly #leaving = new Set<string>();
  #running = false;
  /** Changes of the list run one after another. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(options: BotsOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.#gate = new StartGate({ clock: options.clock });
    this.#rows = new BotRows(options);
    const { db, store, vault, clock, logger } = options;
    this.sessions = new SealedSessions({ db, store, vault, clock, logger });
  }

  /** Resolves once every bot is known; they log in by themselves from then on. */
  start(): Promise<void> {
    return this.#change(async () => {
      if (this.#running) return;
      this.#running = true;
      const rows = await this.#options.store.list();
      const most = Math.min(spread.most, spread.each * rows.length);
      for (const [index, row] of rows.entries()) {
        await this.#open(row, index === 0 ? 0 : this.#random() * most);
      }
    });
  }

  /** Leaves WeChat with every account still logged in. Tells nobody. */
  stop(): Promise<void> {
    return this.#change(async () => {
      this.#running = false;
      await Promise.all([...this.#bots.values()].map((bot) => bot.stop()));
      this.#bots.clear();
    });
  }

  get(botcode: string): BotHandle | undefined {
    return this.#bots.get(botcode);
  }

  /** By botcode. */
  list(): BotHandle[] {
    return [...this.#bots.values()].sort((a, b) => (a.botcode < b.botcode ? -1 : 1));
  }

  on(listener: Listener): () => void {
    // Its own function, so that a listener that is there twice leaves once.
    const own: Listener = (botcode, notice) => listener(botcode, notice);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** How many bots are remembered, started or not. */
  async count(): Promise<number> {
    return (await this.#options.store.list()).length;
  }

  /**
   * Applies the bots of the config file: its settings win over what operators changed, and bots
   * that it no longer declares are removed (their sessions are kept, should they come back).
   */
  applyConfig(list: readonly BotSettings[]): Promise<void> {
    return this.#change(async () => {
      for (const settings of list) await this.#put(settings, 'config');
      const declared = new Set(list.map((one) => one.botcode));
      for (const row of await this.#options.store.list()) {
        if (row.source === 'config' && !declared.has(row.botcode))
          await this.#drop(row.botcode, false);
      }
    });
  }

  /** @throws AppError conflict, field_value, field_missing */
  add(given: unknown): Promise<BotSettings> {
    return this.#change(async () => {
      const settings = checkSettings(given);
      if ((await this.#options.store.get(settings.botcode)) !== undefined) {
        throw new AppError(
          'conflict',
          { zh: '机器人编号已存在', en: 'there is a bot with this code' },
          { field: 'botcode' },
        );
      }
      await this.#put(settings, 'admin');
      this.#notify(settings.botcode, { type: 'list' });
      return settings;
    });
  }

  /** @throws AppError unknown_bot, field_value, field_missing */
  update(botcode: string, patch: Partial<BotSettings>): Promise<BotSettings> {
    return this.#change(async () => {
      const row = await this.#row(botcode);
      const before = openSettings(row, this.#options.vault);
      const settings = checkSettings({ ...before, ...patch, botcode });
      await this.#put(settings, row.source);
      this.#notify(botcode, { type: 'list' });
      return settings;
    });
  }

  /** Logs the account out and forgets everything about the bot. @throws AppError unknown_bot */
  remove(botcode: string): Promise<void> {
    return this.#change(async () => {
      await this.#row(botcode);
      await this.#drop(botcode, true);
      this.#notify(botcode, { type: 'list' });
    });
  }

  /** @throws AppError unknown_bot */
  async login(botcode: string): Promise<void> {
    await this.#bot(botcode).commands.login();
  }

  /** @throws AppError unknown_bot */
  async logout(botcode: string): Promise<void> {
    await this.#bot(botcode).commands.logout();
  }

  /** Turns the bot off. @throws AppError unknown_bot */
  async release(botcode: string): Promise<void> {
    await this.#bot(botcode).commands.release();
  }

  /** @throws AppError unknown_bot, conflict when no account waits for a decision */
  async acceptAccount(botcode: string): Promise<void> {
    await this.#bot(botcode).commands.acceptAccount();
  }

  /** @throws AppError unknown_bot, conflict when no account waits for a decision */
  async rejectAccount(botcode: string): Promise<void> {
    await this.#bot(botcode).commands.rejectAccount();
  }

  /**
   * The login QR code of that name, while it can be scanned. What a bot of ours shows counts, written
   * or not; a row that lies behind it does not.
   */
  async qr(name: string): Promise<Pick<QrRow, 'text'> | undefined> {
    for (const bot of this.#bots.values()) {
      const shown = bot.view().qr;
      if (shown?.name === name) return shown;
    }
    const row = await this.#options.qrCodes.find(name, this.#options.clock.now());
    const ours =
      row !== undefined && (this.#bots.has(row.botcode) || this.#leaving.has(row.botcode));
    return ours ? undefined : row;
  }

  async #put(settings: BotSettings, source: BotRow['source']): Promise<void> {
    const { botcode, accountId } = settings;
    const rebind = await this.#rows.put(settings, source);
    if (!this.#running) return;
    const bot = this.#bots.get(botcode);
    if (bot === undefined) {
      await this.#open(await this.#row(botcode), 0);
      return;
    }
    if (rebind && accountId !== undefined) bot.bindTo(accountId);
    bot.changeSettings(settings, needsNewDriver(bot.settings, settings));
  }

  async #drop(botcode: string, forGood: boolean): Promise<void> {
    const bot = this.#bots.get(botcode);
    this.#leaving.add(botcode);
    try {
      if (bot !== undefined) {
        this.#bots.delete(botcode);
        if (forGood) await bot.commands.abandon();
        await bot.stop();
      }
      await this.#rows.drop(botcode, forGood);
    } finally {
      this.#leaving.delete(botcode);
    }
  }

  /** Builds and starts one bot; one that cannot be is logged and left out. */
  async #open(row: BotRow, delayMs: number): Promise<void> {
    const { vault, logger, drivers, clock, dataDir } = this.#options;
    const { botcode } = row;
    try {
      const settings = openSettings(row, vault);
      const build = (now: BotSettings): Driver =>
        drivers[now.driver](now, {
          clock,
          logger: logger.child({ driver: now.driver, botcode }),
          sessions: this.sessions,
          dataDir: join(dataDir, now.driver),
        });
      const bot = new Bot({
        ...this.#options,
        row,
        settings,
        build,
        sessions: this.sessions,
        gate: this.#gate,
        random: this.#random,
        notify: (notice) => this.#notify(botcode, notice),
      });
      this.#bots.set(botcode, bot);
      await bot.start(delayMs);
    } catch (error) {
      logger.error({ err: error, botcode }, 'the bot could not be started');
    }
  }

  #notify(botcode: string, notice: BotNotice): void {
    for (const listener of this.#listeners) {
      try {
        listener(botcode, notice);
      } catch (error) {
        this.#options.logger.error({ err: error, botcode }, 'a listener to bots failed');
      }
    }
  }

  #bot(botcode: string): Bot {
    const bot = this.#bots.get(botcode);
    if (bot === undefined) throw unknownBot();
    return bot;
  }

  async #row(botcode: string): Promise<BotRow> {
    const row = await this.#options.store.get(botcode);
    if (row === undefined) throw unknownBot();
    return row;
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const change = this.#changes.then(work);
    this.#changes = change.catch(() => {});
    return change;
  }
}

function unknownBot(): AppError {
  return new AppError(
    'unknown_bot',
    { zh: '没有这个机器人', en: 'there is no such bot' },
    { field: 'botcode' },
  );
}
