import type { BotSettings } from '../../../config/config.ts';
import type { Logger } from '../../../config/logger.ts';
import type { BotRow, BotStore } from '../../../store/bots.ts';
import type { Database } from '../../../store/database.ts';
import type { QrStore } from '../../../store/qr-codes.ts';
import type { RoomStore } from '../../../store/rooms.ts';
import type { Clock } from '../../clock.ts';
import type { Text } from '../../errors.ts';
import type { EventRecorder } from '../../events.ts';
import type { Capabilities, Driver, DriverContact, Sessions } from '../driver.ts';
import { BotCommands } from './bot-commands.ts';
import { BotEars } from './bot-ears.ts';
import { BotNews } from './bot-news.ts';
import type { BotHandle, BotNotice, BotSession } from './bot-port.ts';
import { BotRecord } from './bot-record.ts';
import type { BotView } from './bot-state.ts';
import { Supervisor } from './bot-supervisor.ts';
import { deriveState, newFacts, waitReasonOf } from './bot-truth.ts';
import { viewOf } from './bot-view.ts';
import { Contacts } from './contacts.ts';
import { DriverHolder } from './driver-holder.ts';
import { LiveRooms } from './room-directory.ts';
import type { StartGate } from './start-gate.ts';

export interface BotOptions {
  row: BotRow;
  settings: BotSettings;
  build: (settings: BotSettings) => Driver;
  sessions: Sessions;
  db: Database;
  store: BotStore;
  rooms: RoomStore;
  qrCodes: QrStore;
  events: EventRecorder;
  clock: Clock;
  logger: Logger;
  gate: StartGate;
  random: () => number;
  notify: (notice: BotNotice) => void;
}

/** Limits in ms of calls that no state waits for. */
const callLimits = { rooms: 60_000, room: 30_000, contacts: 30_000 };
/** On real drivers a complete sync costs many calls. */
const syncInterval = 5000;
const stopPatience = 2000;
/** Of a driver that could not be built: what it is asked for waits until it can. */
const unknownCapabilities: Capabilities = {
  text: true,
  image: true,
  miniProgram: true,
  file: true,
  realMention: false,
  messageIds: false,
  stableIds: true,
  echo: false,
};

/** One bot: what the rest of the daemon sees of it, and the commands it takes. */
export class Bot implements BotHandle {
  readonly botcode: string;
  readonly rooms: LiveRooms;
  readonly commands: BotCommands;
  readonly #options: BotOptions;
  readonly #holder: DriverHolder;
  readonly #record: BotRecord;
  readonly #news: BotNews;
  readonly #supervisor: Supervisor;
  readonly #contacts: Contacts;
  #settings: BotSettings;
  #attached = false;

  constructor(options: BotOptions) {
    const { row, settings, db, store, rooms, qrCodes, events, clock, gate, random } = options;
    const { botcode } = settings;
    this.#options = options;
    this.#settings = settings;
    this.botcode = botcode;
    const logger = options.logger.child({ botcode });
    this.#holder = new DriverHolder({
      build: () => options.build(this.#settings),
      clock,
      logger,
      onEvent: (event) => ears.hear(event),
    });
    const bound =
      row.accountId === undefined ? undefined : { id: row.accountId, name: row.accountName };
    this.#record = new BotRecord({
      botcode,
      told: row.told,
      bound,
      db,
      store,
      qrCodes,
      events,
      clock,
      logger,
    });
    this.#news = new BotNews(this.#record);
    this.#supervisor = new Supervisor({
      facts: newFacts(row.desired, bound, clock.now()),
      holder: this.#holder,
      news: this.#news,
      clock,
      logger,
      gate,
      random,
      onState: () => this.#options.notify({ type: 'state' }),
      onUp: () => this.#attachRooms(),
      onDown: () => this.#detachRooms(),
    });
    this.rooms = new LiveRooms({
      botcode,
      db,
      store: rooms,
      clock,
      logger,
      random,
      minInterval: () => (this.#settings.driver === 'simulator' ? 0 : syncInterval),
      onChange: () => this.#options.notify({ type: 'rooms' }),
      onSynced: () => this.#onSynced(),
    });
    this.#contacts = new Contacts({
      clock,
      read: () => this.#holder.call(callLimits.contacts, (driver) => driver.contacts()),
    });
    const ears = new BotEars({
      supervisor: this.#supervisor,
      record: this.#record,
      news: this.#news,
      clock,
      logger,
      capabilities: () => this.capabilities(),
      notify: (notice) => this.#options.notify(notice),
      onLogin: (fresh) => this.#onLogin(fresh),
      onLeft: () => this.#detachRooms(),
      onRooms: (event) => {
        if (event !== undefined) this.rooms.onRoomEvent(event);
        else void this.rooms.sync();
      },
    });
    this.commands = new BotCommands({
      botcode,
      supervisor: this.#supervisor,
      holder: this.#holder,
      record: this.#record,
      news: this.#news,
      sessions: options.sessions,
      clock,
      logger,
      onOtherAccount: () => this.#onLogin(true),
    });
  }

  get settings(): BotSettings {
    return this.#settings;
  }

  /** Begins the first life after `delayMs`, if the bot is wanted. */
  async start(delayMs: number): Promise<void> {
    this.#holder.prepare();
    if (this.capabilities().stableIds) await this.rooms.load();
    if (this.#supervisor.facts.desired === 'on') this.#supervisor.lives.begin(delayMs);
    this.#supervisor.look();
  }

  /** Leaves WeChat without telling anybody: the account's session goes on. */
  async stop(): Promise<void> {
    await this.#supervisor.stop();
    // A log-out that hangs is not waited for.
    await Promise.race([this.commands.settled(), this.#options.clock.sleep(stopPatience)]);
    await this.#record.stop();
  }

  view(): BotView {
    return viewOf({
      settings: this.#settings,
      supervisor: this.#supervisor,
      roomsAt: this.rooms.syncedAt,
      now: this.#options.clock.now(),
    });
  }

  capabilities(): Capabilities {
    return this.#holder.capabilities() ?? unknownCapabilities;
  }

  session(): BotSession | undefined {
    const { facts } = this.#supervisor;
    const driver = this.#holder.live;
    if (driver === undefined || facts.account === undefined || facts.process !== 'up') {
      return undefined;
    }
    if (deriveState(facts, this.#options.clock.now()) !== 'ready') return undefined;
    return { driver, accountId: facts.account.id, generation: this.#holder.generation };
  }

  waitReason(): Text | undefined {
    if (this.session() !== undefined) return undefined;
    const state = deriveState(this.#supervisor.facts, this.#options.clock.now());
    return waitReasonOf(state) ?? waitReasonOf('starting');
  }

  contacts(): Promise<DriverContact[]> {
    return this.#contacts.list();
  }

  noteSent(): void {
    this.#supervisor.facts.canSendAt = this.#options.clock.now();
    this.#supervisor.proveAccount();
  }

  /** Other settings; `rebuild`: such that only a new driver knows them. */
  changeSettings(settings: BotSettings, rebuild: boolean): void {
    this.#settings = settings;
    if (rebuild) this.commands.rebuild(() => this.#options.build(this.#settings));
  }

  /** Bound by an operator's settings. */
  bindTo(accountId: string): void {
    this.#supervisor.facts.bound = { id: accountId, name: undefined };
    this.#supervisor.look();
  }

  #onLogin(fresh: boolean): void {
    this.#detachRooms();
    if (fresh) {
      this.rooms.clear();
      this.#contacts.forget();
    }
    this.#attachRooms();
  }

  /** Syncs once both are so: the bound account is logged in, and the driver has started. */
  #attachRooms(): void {
    const { account, bound, process } = this.#supervisor.facts;
    if (this.#attached || account === undefined || process !== 'up') return;
    if (bound?.id !== account.id) return;
    this.#attached = true;
    this.rooms.attach({
      rooms: () => this.#holder.call(callLimits.rooms, (driver) => driver.rooms()),
      room: (id) => this.#holder.call(callLimits.room, (driver) => driver.room(id)),
    });
  }

  #detachRooms(): void {
    if (!this.#attached) return;
    this.#attached = false;
    this.rooms.detach();
  }

  #onSynced(): void {
    this.#supervisor.facts.synced = true;
    this.#supervisor.proveAccount();
    this.#supervisor.look();
  }
}
