import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BotNotice } from '../../bot/automation/bots/bot-port.ts';
import type { BotState, BotView } from '../../bot/automation/bots/bot-state.ts';
import { edges } from '../../bot/automation/bots/bot-truth.ts';
import { Bots } from '../../bot/automation/bots/bots.ts';
import type { DriverFactory } from '../../bot/automation/driver.ts';
import { VirtualClock } from '../../bot/clock.ts';
import type { BotEvent, EventRecorder } from '../../bot/events.ts';
import { type BotSettings, botSchema } from '../../config/bot-schema.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import { type BotRow, BotStore } from '../../store/bots.ts';
import type { Tx } from '../../store/database.ts';
import { migrate } from '../../store/migrator.ts';
import { QrStore } from '../../store/qr-codes.ts';
import { RoomStore } from '../../store/rooms.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { type Script, ScriptedDriver, script } from './scripted-driver.ts';

/** Keeps what was recorded, in the order in which it became durable. */
export class EventTape implements EventRecorder {
  readonly events: BotEvent[] = [];
  /** Transactions with an event in them fail. */
  broken = false;

  async record(tx: Tx, event: BotEvent): Promise<void> {
    if (this.broken) throw new Error('disk full');
    tx.onDurable(() => {
      this.events.push(event);
    });
  }

  /** In short: `login`, `logout`, `qrCode`, `userMsg:<text>` … of one bot. */
  of(botcode: string): string[] {
    return this.events
      .filter((event) => event.botcode === botcode)
      .map((event) => {
        if (event.type === 'botStatus') return event.status;
        return event.type === 'userMsg' ? `userMsg:${event.text}` : event.type;
      });
  }

  count(status: string): number {
    return this.events.filter((one) => one.type === 'botStatus' && one.status === status).length;
  }
}

/** Bots with scripted drivers on a virtual clock; everything else is real. */
export class BotsRig {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'wxrc-bots-'));
  readonly clock = new VirtualClock();
  readonly tape = new EventTape();
  readonly scripts = new Map<string, Script>();
  /** Every driver object built, by bot, in order. */
  readonly drivers = new Map<string, ScriptedDriver[]>();
  readonly notices: [string, BotNotice][] = [];
  /** Changes of state that are not in the table. */
  readonly illegal: string[] = [];
  readonly states = new Map<string, BotState[]>();
  log = '';
  db: SqliteDatabase;
  bots: Bots;
  readonly #factory: DriverFactory | undefined;

  constructor(options: { simulator?: DriverFactory } = {}) {
    this.#factory = options.simulator;
    this.db = this.#openDb();
    this.bots = this.#build();
  }

  static async open(options: { simulator?: DriverFactory } = {}): Promise<BotsRig> {
    const rig = new BotsRig(options);
    await migrate(rig.db, { now: rig.clock.now() });
    return rig;
  }

  /** Bots that log in from their scripts, started. */
  async start(...botcodes: string[]): Promise<void> {
    await this.bots.applyConfig(botcodes.map((botcode) => settings(botcode)));
    await this.bots.start();
    await this.settle();
  }

  script(botcode: string, changes: Partial<Script> = {}): Script {
    const known = this.scripts.get(botcode);
    if (known !== undefined) return Object.assign(known, changes);
    const made = script(changes);
    this.scripts.set(botcode, made);
    return made;
  }

  /** The driver object in use. */
  driver(botcode: string): ScriptedDriver {
    const driver = this.drivers.get(botcode)?.at(-1);
    if (driver === undefined) throw new Error(`${botcode} has no driver`);
    return driver;
  }

  view(botcode: string): BotView {
    const view = this.bots.get(botcode)?.view();
    if (view === undefined) throw new Error(`no bot ${botcode}`);
    return view;
  }

  row(botcode: string): Promise<BotRow | undefined> {
    return new BotStore(this.db).get(botcode);
  }

  /** Moves time on; whatever that starts is done when it resolves. */
  async pass(ms: number): Promise<void> {
    await this.settle();
    await this.clock.advance(ms, () => this.settle());
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      await this.db.transaction(() => undefined).catch(() => {});
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The daemon ends and starts again on the same data. */
  async restart(): Promise<void> {
    await this.halt();
    await this.db.close();
    this.db = this.#openDb();
    this.bots = this.#build();
    this.states.clear();
    await this.bots.start();
    await this.settle();
  }

  async close(): Promise<void> {
    await this.halt();
    await this.db.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Stops the bots; time goes on while they stop. */
  async halt(): Promise<void> {
    let stopped = false;
    const done = this.bots.stop().finally(() => {
      stopped = true;
    });
    for (let second = 0; second < 60 && !stopped; second++)
      await this.pass(second === 0 ? 0 : 1000);
    await done;
  }

  #openDb(): SqliteDatabase {
    // The disk is not what is tested here: a sync costs a turn of the event loop.
    const sync = (_fd: number, done: (error: Error | null) => void): void => {
      setImmediate(() => done(null));
    };
    return new SqliteDatabase({ file: join(this.dataDir, 'wxrc.db'), sync });
  }

  #build(): Bots {
    const { db, clock, dataDir } = this;
    const scripted: DriverFactory = (bot) => {
      const driver = new ScriptedDriver({ script: this.script(bot.botcode), clock });
      const built = this.drivers.get(bot.botcode) ?? [];
      this.drivers.set(bot.botcode, [...built, driver]);
      return driver;
    };
    const bots = new Bots({
      db,
      store: new BotStore(db),
      rooms: new RoomStore(db),
      qrCodes: new QrStore(db),
      events: this.tape,
      clock,
      logger: createLogger('debug', {
        write: (line: string) => {
          this.log += line;
        },
      }),
      vault: openVault(dataDir),
      drivers: { simulator: this.#factory ?? scripted, wechaty: scripted },
      dataDir,
      random: () => 0.5,
    });
    bots.on((botcode, notice) => {
      this.notices.push([botcode, notice]);
      if (notice.type !== 'state') return;
      const state = bots.get(botcode)?.view().state;
      if (state === undefined) return;
      const seen = this.states.get(botcode) ?? [];
      const last = seen.at(-1);
      if (last === state) return;
      if (last !== undefined && !edges[last].includes(state))
        this.illegal.push(`${last} > ${state}`);
      this.states.set(botcode, [...seen, state]);
    });
    return bots;
  }
}

export function settings(botcode: string, changes: Record<string, unknown> = {}): BotSettings {
  return botSchema.parse({ botcode, driver: 'simulator', ...changes });
}
