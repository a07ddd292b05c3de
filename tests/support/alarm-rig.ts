import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Alarms } from '../../bot/alarms/alarms.ts';
import type { Lane, Letter } from '../../bot/alarms/lanes/lane.ts';
import type { Trouble } from '../../bot/alarms/trouble.ts';
import { type Clock, VirtualClock } from '../../bot/clock.ts';
import { type AlarmSettings, alarmsSchema } from '../../config/alarm-schema.ts';
import { createLogger } from '../../config/logger.ts';
import { AlarmMessageStore } from '../../store/alarm-messages.ts';
import { AlarmStore } from '../../store/alarms.ts';
import type { Database } from '../../store/database.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';

/** A lane that a test makes take, refuse or keep what it is told. */
export class TestLane implements Lane {
  readonly settings;
  readonly needsDatabase: boolean;
  /** What it took. */
  readonly letters: Letter[] = [];
  /** What it was handed, taken or not. */
  readonly asked: Letter[] = [];
  /** Why it takes nothing. */
  refuses: string | undefined;
  /** Resolves when it may answer. */
  gate: Promise<void> | undefined;

  constructor(name: string, needsDatabase = false) {
    this.settings = {
      ...({ kind: 'webhook', name, url: 'http://127.0.0.1:1/', format: 'json' } as const),
      timeoutSeconds: 5,
    };
    this.needsDatabase = needsDatabase;
  }

  async tell(letter: Letter, signal: AbortSignal): Promise<string | undefined> {
    this.asked.push(letter);
    if (this.refuses !== undefined) return this.refuses;
    if (this.gate !== undefined) {
      const aborted = new Promise<void>((resolve) =>
        signal.addEventListener('abort', () => resolve(), { once: true }),
      );
      await Promise.race([this.gate, aborted]);
      if (signal.aborted) return 'broken off';
    }
    this.letters.push(letter);
    return undefined;
  }

  close(): void {}

  /** Every line it was told, in order: `raised bot:bot01`. */
  get told(): string[] {
    return this.letters.flatMap((one) =>
      one.lines.map(({ what, alarm }) => `${what} ${alarm?.key ?? ''}`),
    );
  }
}

/** Alarms over a real database and a clock that is driven, with troubles that a test makes. */
export class AlarmRig {
  readonly clock = new VirtualClock(Date.UTC(2026, 5, 1));
  readonly folder = mkdtempSync(join(tmpdir(), 'wxrc-alarms-'));
  readonly troubles = new Map<string, Trouble>();
  lanes: TestLane[] = [new TestLane('first')];
  db: Database;
  alarms: Alarms;
  #life = { dead: false };
  readonly #settings: AlarmSettings;
  readonly #wrap: (db: Database) => Database;

  constructor(
    settings: Record<string, unknown> = {},
    wrap: (db: Database) => Database = (db) => db,
  ) {
    this.#settings = alarmsSchema.parse({ clearSeconds: 30, ...settings });
    this.#wrap = wrap;
    this.db = this.#open();
    this.alarms = this.#build();
  }

  get lane(): TestLane {
    const [lane] = this.lanes;
    if (lane === undefined) throw new Error('no lane');
    return lane;
  }

  async start(): Promise<void> {
    await migrate(this.db, { now: this.clock.now() });
    await this.alarms.start();
  }

  /** As after a kill: nothing is told to the parts that were there. */
  async restart(how: 'stop' | 'kill' = 'stop'): Promise<void> {
    if (how === 'stop') await this.alarms.stop();
    this.#life.dead = true;
    const before = this.db;
    this.db = this.#open();
    this.alarms = this.#build();
    await this.alarms.start();
    if (how === 'stop') await before.close();
  }

  async close(): Promise<void> {
    await this.alarms.stop();
    await this.db.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  wrong(key: string, more: Partial<Trouble> = {}): void {
    this.troubles.set(key, {
      key,
      kind: 'bot',
      subject: key,
      stage: 1,
      afterMs: 0,
      text: { zh: `${key} 出错`, en: `${key} is wrong` },
      ...more,
    });
  }

  right(key: string): void {
    this.troubles.delete(key);
  }

  /** Time goes by, with everything that happens in it. */
  async pass(seconds: number): Promise<void> {
    const step = seconds > 300 ? 60 : 5;
    for (let left = seconds; left > 0; left -= step) {
      await this.clock.advance(Math.min(left, step) * 1000, turn);
      await this.alarms.look();
      // Commits wait for a disk, in real time: what stands behind one comes after it.
      for (let turns = 0; turns < 4; turns += 1) {
        await this.db.transaction(() => undefined).catch(() => undefined);
        await turn();
      }
    }
  }

  #open(): Database {
    return this.#wrap(new SqliteDatabase({ file: join(this.folder, 'wxrc.db') }));
  }

  /** What is planned by a process that was killed does not happen. */
  #living(): Clock {
    const life = { dead: false };
    this.#life = life;
    return {
      now: () => this.clock.now(),
      after: (ms, work) => this.clock.after(ms, () => (life.dead ? undefined : work())),
      sleep: (ms, signal) => this.clock.sleep(ms, signal),
    };
  }

  #build(): Alarms {
    const alarms = new Alarms({
      store: new AlarmStore(this.db),
      messages: new AlarmMessageStore(this.db),
      settings: this.#settings,
      makeLanes: () => this.lanes,
      clock: this.#living(),
      logger: createLogger('silent'),
      timezone: 'Asia/Shanghai',
      publicUrl: () => 'http://127.0.0.1:8080',
      graceMs: 50,
    });
    alarms.addSource({
      name: 'test',
      everyMs: 1000,
      troubles: () => [...this.troubles.values()],
    });
    return alarms;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
