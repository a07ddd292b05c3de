import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, VirtualClock } from '../../bot/clock.ts';
import { Fetcher } from '../../bot/fetcher.ts';
import { Files } from '../../bot/files.ts';
import type { Content } from '../../bot/im/content.ts';
import type { AgentNotice } from '../../bot/im/conversation.ts';
import type { Account } from '../../bot/wechat/account.ts';
import type { WindowAction } from '../../bot/wechat/ports.ts';
import { createWechat, type Wechat, type WechatOptions } from '../../bot/wechat/wechat.ts';
import { parseConfig } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import type { Database, Tx } from '../../store/database.ts';
import { FileStore } from '../../store/files.ts';
import { migrate } from '../../store/migrator.ts';
import { Signals } from '../../store/signals.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import type { OutboxRow } from '../../store/wechat-outbox.ts';
import { StatementLog } from './statement-log.ts';

export interface WechatRigOptions {
  apiBase: string;
  /** Of the account `wx1`. */
  settings?: Record<string, unknown>;
  clock?: Clock;
  /** Data of a rig before this one; it is not removed. */
  folder?: string;
  /** Between the parts and the database; what the rig itself looks at is not wrapped. */
  wrap?: (db: Database) => Database;
  allow?: string[];
}

/** Told to an agent, as it lies in the database: so it was written with what caused it. */
export type Told = AgentNotice & { agent: string };

/** What is sent to WeChat, over a real database; who is told writes down what he was told. */
export class WechatRig {
  readonly folder: string;
  readonly file: string;
  readonly clock: Clock;
  readonly db: StatementLog;
  readonly files: Files;
  readonly lines: string[] = [];
  /** Set: an agent cannot be told. */
  fault: Error | undefined;
  wechat: Wechat;
  readonly #disk: Database;
  readonly #options: WechatRigOptions;

  static async open(options: WechatRigOptions): Promise<WechatRig> {
    const rig = new WechatRig(options);
    await migrate(rig.#disk, { now: 0 });
    await rig.#disk.transaction((tx) =>
      tx.run('CREATE TABLE IF NOT EXISTS told (id INTEGER PRIMARY KEY, notice TEXT)'),
    );
    await rig.files.start();
    return rig;
  }

  private constructor(options: WechatRigOptions) {
    this.#options = options;
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), 'wxrc-wechat-'));
    this.file = join(this.folder, 'wxrc.db');
    this.clock = options.clock ?? new VirtualClock(1_790_000_000_000);
    this.#disk = new SqliteDatabase({ file: this.file, onFatal: () => {} });
    this.db = new StatementLog(options.wrap?.(this.#disk) ?? this.#disk);
    this.files = new Files({
      store: new FileStore(this.db),
      dataDir: this.folder,
      clock: this.clock,
    });
    this.wechat = this.create();
  }

  /** What a new process would have. */
  create(settings: Record<string, unknown> = {}): Wechat {
    const { apiBase, allow = ['127.0.0.1'] } = this.#options;
    const account = { appid: 'wx1', secret: 'SECRET', apiBase, ...this.#options.settings };
    const logger = createLogger('debug', { write: (line: string) => void this.lines.push(line) });
    this.wechat = createWechat({
      accounts: parseConfig({ wechat: [{ ...account, ...settings }] }).wechat,
      ...{ db: this.db, clock: this.clock, files: this.files, logger, signals: new Signals() },
      vault: openVault(this.folder),
      fetcher: new Fetcher({ allow, maxBytes: 20_000_000, timeoutMs: 5000 }),
      // Pushes are not what is looked at here.
      conversations: {
        tellAgent: (tx: Tx, agent: string, notice: AgentNotice) => this.#tell(tx, agent, notice),
      } as unknown as WechatOptions['conversations'],
      ...{ timezone: 'Asia/Shanghai', language: 'en', publicUrl: () => 'https://wxrc.example' },
    });
    return this.wechat;
  }

  get account(): Account {
    const account = this.wechat.accounts.get('wx1');
    if (account === undefined) throw new Error('no account');
    return account;
  }

  /** The user did something just now. */
  opened(openId: string, action: WindowAction = 'message', at = this.clock.now()): Promise<void> {
    return this.db.transaction((tx) => this.wechat.windows.opened(tx, 'wx1', openId, action, at));
  }

  /** An agent says something. */
  say(openId: string, content: Content | string, messageId = 1, ai?: true): Promise<void> {
    return this.db.transaction((tx) =>
      this.wechat.outbox.send(tx, {
        ...{ account: 'wx1', openId, messageId, conversation: 7, agent: 'kim' },
        content: typeof content === 'string' ? { type: 'text', text: content } : content,
        ...(ai !== undefined && { ai }),
      }),
    );
  }

  /** All that is due now is done, and a virtual clock has gone on by `ms`. */
  async settle(ms = 0): Promise<void> {
    const { outbox } = this.wechat;
    // What was just put on disk has yet to wake it.
    await this.db.transaction(() => undefined);
    await outbox.quiet();
    if (this.clock instanceof VirtualClock && ms > 0) {
      await this.clock.advance(ms, () => outbox.quiet());
    }
    await outbox.quiet();
  }

  rows(): Promise<OutboxRow[]> {
    return this.#disk.read<OutboxRow>('SELECT * FROM wechat_outbox ORDER BY id');
  }

  /** Each row as `id state errcode`. */
  async states(): Promise<string[]> {
    return (await this.rows()).map(({ id, state, errcode }) => `${id} ${state} ${errcode ?? '-'}`);
  }

  async told(): Promise<Told[]> {
    const rows = await this.#disk.read<{ notice: string }>('SELECT * FROM told ORDER BY id');
    return rows.map(({ notice }) => JSON.parse(notice) as Told);
  }

  async close(): Promise<void> {
    await this.wechat.stop();
    await this.#disk.close();
    if (this.#options.folder === undefined) rmSync(this.folder, { recursive: true });
  }

  /** Its process is dead: nothing is stopped. */
  async abandon(): Promise<void> {
    await this.#disk.close();
  }

  async #tell(tx: Tx, agent: string, notice: AgentNotice): Promise<void> {
    if (this.fault !== undefined) throw this.fault;
    await tx.run('INSERT INTO told (notice) VALUES (?)', [JSON.stringify({ agent, ...notice })]);
  }
}
