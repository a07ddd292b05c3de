import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '../../bot/clock.ts';
import type { Content } from '../../bot/im/content.ts';
import type { Conversation, FromCustomer } from '../../bot/im/conversation.ts';
import type { Message } from '../../bot/im/message.ts';
import { Accounts } from '../../bot/wechat/account.ts';
import { createIntake, type Intake, type IntakeAnswer } from '../../bot/wechat/intake.ts';
import type { PushKeeping } from '../../bot/wechat/push-retention.ts';
import type { XmlFields } from '../../bot/wechat/xml.ts';
import { createLogger } from '../../config/logger.ts';
import { wechatSchema } from '../../config/wechat-schema.ts';
import type { Database, Tx } from '../../store/database.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { eventually } from './eventually.ts';
import { StatementLog } from './statement-log.ts';
import { Poster } from './wechat-pushes.ts';

/** What a push has caused, in order. */
export interface Fact {
  what: string;
  openId: string;
  about: unknown;
}

export interface IntakeRigOptions {
  settings?: Record<string, unknown>;
  poster?: Poster;
  keep?: PushKeeping;
}

/** The intake over a real database. Whoever it tells writes down in the same transaction what it was told. */
export class IntakeRig {
  readonly clock = new VirtualClock(1_790_000_000_000);
  readonly file: string;
  readonly db: StatementLog;
  readonly poster: Poster;
  readonly lines: string[] = [];
  /** Set: the database answers when it is settled. */
  hold: Promise<unknown> | undefined;
  /** Set: whoever is told of a message throws it. */
  fault: ((said: FromCustomer) => Error | undefined) | undefined;
  media: (mediaId: string) => Promise<{ url: string } | undefined> = async (id) => ({
    url: `image/${id}.jpg`,
  });
  intake: Intake;
  readonly #folder: string;
  readonly #disk: SqliteDatabase;
  readonly #options: IntakeRigOptions;
  readonly #accounts: Accounts;

  static async open(options: IntakeRigOptions = {}): Promise<IntakeRig> {
    const rig = new IntakeRig(options);
    await migrate(rig.#disk, { now: 0 });
    await rig.#disk.transaction((tx) =>
      tx.run('CREATE TABLE facts (id INTEGER PRIMARY KEY, what TEXT, open_id TEXT, about TEXT)'),
    );
    rig.intake.start();
    return rig;
  }

  private constructor(options: IntakeRigOptions) {
    this.#options = options;
    this.#folder = mkdtempSync(join(tmpdir(), 'wxrc-intake-'));
    this.file = join(this.#folder, 'wxrc.db');
    this.#disk = new SqliteDatabase({ file: this.file, onFatal: () => {} });
    this.db = new StatementLog(this.#slow(this.#disk));
    this.poster = options.poster ?? new Poster();
    this.#accounts = new Accounts([
      wechatSchema.parse({ appid: 'wx1', token: 'AAAAA', ...options.settings }),
    ]);
    this.intake = this.#create();
  }

  /** Pushes, each with a try of its own; answers in their order. */
  push(...pushes: XmlFields[]): Promise<IntakeAnswer[]> {
    return Promise.all(
      pushes.map((one) => {
        const { query, body } = this.poster.push(one);
        return this.intake.receive('wx1', query, Buffer.from(body));
      }),
    );
  }

  /** What was caused so far. */
  async facts(): Promise<Fact[]> {
    const rows = await this.#disk.read<{ what: string; open_id: string; about: string }>(
      'SELECT what, open_id, about FROM facts ORDER BY id',
    );
    return rows.map((row) => ({
      what: row.what,
      openId: row.open_id,
      about: JSON.parse(row.about),
    }));
  }

  /** What agents were told. */
  async said(): Promise<{ openId: string; content: Content }[]> {
    const facts = await this.facts();
    return facts
      .filter(({ what }) => what === 'said')
      .map(({ openId, about }) => ({ openId, content: about as Content }));
  }

  /** Once nothing is due. */
  async settled(): Promise<void> {
    await eventually('nothing to be due', async () => {
      const due = await this.intake.list({ state: 'due', limit: 1 });
      return due.length === 0;
    });
  }

  /** Another life on the same data. */
  async restart(): Promise<void> {
    await this.intake.stop();
    this.intake = this.#create();
    this.intake.start();
  }

  /** Runs a statement of the test itself. */
  async run(sql: string): Promise<void> {
    await this.#disk.transaction((tx) => tx.run(sql));
  }

  async close(): Promise<void> {
    await this.intake.stop();
    await this.#disk.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #create(): Intake {
    const note = async (tx: Tx, what: string, openId: string, about: unknown): Promise<void> => {
      await tx.run('INSERT INTO facts (what, open_id, about) VALUES (?, ?, ?)', [
        ...[what, openId, JSON.stringify(about)],
      ]);
    };
    const { keep } = this.#options;
    return createIntake({
      db: this.db,
      accounts: this.#accounts,
      clock: this.clock,
      logger: createLogger('debug', { write: (line: string) => this.lines.push(line) }),
      conversations: {
        fromCustomer: async (tx, said) => {
          await note(tx, 'said', said.customer.contact, said.content);
          const fault = this.fault?.(said);
          if (fault !== undefined) throw fault;
          const { via, account, contact } = said.customer;
          const row = { via, account, contact, id: 5, storeId: said.storeId };
          // All that the intake reads of it.
          const conversation = row as Partial<Conversation> as Conversation;
          return { conversation, message: { id: 77 } as Partial<Message> as Message };
        },
      },
      windows: {
        opened: (tx, account, openId, action, at) =>
          note(tx, 'opened', openId, { account, action, at }),
        forget: (tx, _account, openId) => note(tx, 'window forgotten', openId, {}),
      },
      credits: {
        answered: (tx, _account, openId, choices) => note(tx, 'answered', openId, choices),
        changed: (tx, _account, openId, choices) => note(tx, 'changed', openId, choices),
        sent: (tx, _account, openId, outcomes) => note(tx, 'sent', openId, outcomes),
        forget: (tx, _account, openId) => note(tx, 'credits forgotten', openId, {}),
      },
      profiles: [{ forget: (tx, _account, openId) => note(tx, 'profile forgotten', openId, {}) }],
      media: { download: (_account, mediaId) => this.media(mediaId) },
      door: { send: (tx, { openId, ...out }) => note(tx, 'door', openId, out) },
      ...(keep !== undefined && { keep }),
    });
  }

  /** The database, which may take its time. */
  #slow(db: Database): Database {
    return Object.assign(Object.create(db) as Database, {
      read: db.read.bind(db),
      readLong: db.readLong.bind(db),
      insert: db.insert.bind(db),
      transaction: async (...args: Parameters<Database['transaction']>) => {
        await this.hold;
        return await db.transaction(...args);
      },
    });
  }
}
