import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BotNotice, BotRegistry } from '../../bot/automation/bots/bot-port.ts';
import type {
  NewSend,
  SendContent,
  SendTarget,
  SendView,
} from '../../bot/automation/sends/send-types.ts';
import { Sends } from '../../bot/automation/sends/sends.ts';
import { VirtualClock } from '../../bot/clock.ts';
import type { BotEvent } from '../../bot/events.ts';
import { Fetcher } from '../../bot/fetcher.ts';
import { Files } from '../../bot/files.ts';
import type { Pacing } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import type { Database } from '../../store/database.ts';
import { FileStore } from '../../store/files.ts';
import { migrate } from '../../store/migrator.ts';
import { PacingStore } from '../../store/pacing.ts';
import { SendStore } from '../../store/sends.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { EventTape } from './bots-rig.ts';
import { SendBot } from './send-bot.ts';

export const unpaced: Pacing = { perMinute: 0, perRoomPerMinute: 0, jitterMs: [0, 0] };

export interface SendRigOptions {
  pacing?: Pacing;
  onUnknown?: Record<string, 'report' | 'resend'>;
  botcodes?: string[];
  random?: () => number;
  fetchAllow?: string[];
  /** Puts something between the sends and their database. */
  wrap?: (db: Database) => Database;
}

/** Sends over scripted bots on a virtual clock; queue, store and events are real. */
export class SendRig {
  readonly clock = new VirtualClock();
  readonly dataDir = mkdtempSync(join(tmpdir(), 'wxrc-sends-'));
  readonly tape = new EventTape();
  readonly bots = new Map<string, SendBot>();
  readonly options: SendRigOptions;
  readonly #listeners = new Set<(botcode: string, notice: BotNotice) => void>();
  readonly #opened: SqliteDatabase[] = [];
  log = '';
  db: SqliteDatabase;
  sends: Sends;
  #txcode = 0;
  #syncs = 0;

  private constructor(options: SendRigOptions) {
    this.options = options;
    this.db = this.#openDb();
    for (const botcode of options.botcodes ?? ['bot01']) {
      const tell = (notice: BotNotice): void => this.tell(botcode, notice);
      this.bots.set(botcode, new SendBot(botcode, this.clock, tell));
    }
    this.sends = this.#build(options.wrap);
  }

  static async open(options: SendRigOptions = {}): Promise<SendRig> {
    const rig = new SendRig(options);
    await migrate(rig.db, { now: rig.clock.now() });
    for (const botcode of rig.bots.keys()) {
      await rig.db.transaction((tx) =>
        tx.run(
          `INSERT INTO bots (botcode, settings, source, desired, created_at, updated_at)
           VALUES (?, '{}', 'config', 'on', 0, 0)`,
          [botcode],
        ),
      );
    }
    await rig.sends.start();
    return rig;
  }

  get bot(): SendBot {
    const [bot] = this.bots.values();
    if (bot === undefined) throw new Error('no bot');
    return bot;
  }

  tell(botcode: string, notice: BotNotice): void {
    for (const listener of this.#listeners) listener(botcode, notice);
  }

  /** A send of channel `demo` into the room named `hall`, unless `changes` says otherwise. */
  draft(changes: Partial<NewSend> = {}): NewSend {
    this.#txcode += 1;
    return {
      botcode: 'bot01',
      chid: 'demo',
      txcode: `t${this.#txcode}`,
      target: { kind: 'room', topic: 'hall' },
      content: { kind: 'text', text: `text ${this.#txcode}`, mentions: [] },
      expiresAt: this.clock.now() + 86_400_000,
      ...changes,
    };
  }

  /** Prepares and accepts. @returns its msgid */
  async send(changes: Partial<NewSend> = {}): Promise<number> {
    const prepared = await this.sends.prepare(this.draft(changes));
    const accepted = await this.db.transaction((tx) => this.sends.accept(tx, prepared));
    return accepted.msgid;
  }

  text(text: string, topic = 'hall', more: Partial<NewSend> = {}): Promise<number> {
    const target: SendTarget = { kind: 'room', topic };
    const content: SendContent = { kind: 'text', text, mentions: [] };
    return this.send({ target, content, ...more });
  }

  async view(msgid: number): Promise<SendView> {
    const [view] = await this.sends.status({ msgid });
    if (view === undefined) throw new Error(`no send ${msgid}`);
    return view;
  }

  /** sendStatus events of a send, in order. */
  told(msgid: number): (BotEvent & { type: 'sendStatus' })[] {
    return this.tape.events.filter(
      (event) => event.type === 'sendStatus' && event.msgid === msgid,
    ) as (BotEvent & { type: 'sendStatus' })[];
  }

  async steps(msgid: number): Promise<string[]> {
    return (await this.sends.trace(msgid)).map((step) => step.step);
  }

  /** Moves time on; whatever that starts is done when it resolves. */
  async pass(ms: number): Promise<void> {
    await this.settle();
    await this.clock.advance(ms, () => this.settle());
  }

  /** Lets the event loop turn until for `rounds` turns on end nothing was written. */
  async settle(rounds = 24): Promise<void> {
    let quiet = 0;
    for (let turn = 0; turn < 2000 && quiet < rounds; turn += 1) {
      const before = this.#syncs;
      await new Promise((resolve) => setImmediate(resolve));
      quiet = this.#syncs === before ? quiet + 1 : 0;
    }
  }

  /** Settles until `probe` holds; for work whose length in turns of the loop nobody knows. */
  async until(what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + 20_000;
    while (!(await probe())) {
      if (performance.now() > end) throw new Error(`not so: ${what}`);
      await this.settle(1);
    }
  }

  /** The process dies: nothing of it runs on; another one starts on the same files. */
  async crash(): Promise<void> {
    this.#listeners.clear();
    this.db = this.#openDb();
    this.sends = this.#build();
    await this.sends.start();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.db.close();
    this.db = this.#openDb();
    this.sends = this.#build();
    await this.sends.start();
  }

  async stop(): Promise<void> {
    let stopped = false;
    const done = this.sends.stop().finally(() => {
      stopped = true;
    });
    for (let i = 0; i < 10 && !stopped; i += 1) await this.pass(i === 0 ? 0 : 1000);
    await done;
  }

  async close(): Promise<void> {
    await this.stop();
    for (const db of this.#opened) await db.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  #openDb(): SqliteDatabase {
    // The disk is not what is tested here: a sync costs a turn of the event loop.
    const sync = (_fd: number, done: (error: Error | null) => void): void => {
      this.#syncs += 1;
      setImmediate(() => done(null));
    };
    const db = new SqliteDatabase({ file: join(this.dataDir, 'wxrc.db'), sync });
    this.#opened.push(db);
    return db;
  }

  #build(wrap: (db: Database) => Database = (db) => db): Sends {
    const { clock, dataDir, options } = this;
    const db = wrap(this.db);
    const registry: BotRegistry = {
      get: (botcode) => this.bots.get(botcode),
      list: () => [...this.bots.values()],
      on: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
    return new Sends({
      db,
      store: new SendStore(db),
      pacing: new PacingStore(db),
      bots: registry,
      channels: {
        get: (chid) => ({ settings: { onUnknown: options.onUnknown?.[chid] ?? 'report' } }),
      },
      events: this.tape,
      files: new Files({ dataDir, store: new FileStore(db), clock }),
      fetcher: new Fetcher({
        allow: options.fetchAllow ?? [],
        maxBytes: 20 * 1_048_576,
        timeoutMs: 5000,
      }),
      clock,
      logger: createLogger('debug', {
        write: (line: string) => {
          this.log += line;
        },
      }),
      defaults: { pacing: options.pacing ?? unpaced },
      language: 'en',
      random: options.random ?? (() => 0.5),
    });
  }
}
