import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '../../bot/clock.ts';
import { Hub } from '../../bot/im/hub.ts';
import { MessageLog } from '../../bot/im/message-log.ts';
import { Names } from '../../bot/im/names.ts';
import { ImbotMessages } from '../../bot/imbot/messages.ts';
import { NoticeTeller } from '../../bot/imbot/notice-teller.ts';
import { Notices } from '../../bot/imbot/notices.ts';
import { Pairs } from '../../bot/imbot/pairs.ts';
import type { Notice, WechatPort } from '../../bot/imbot/ports.ts';
import { ImbotUsers } from '../../bot/imbot/users.ts';
import { createLogger } from '../../config/logger.ts';
import type { Tx } from '../../store/database.ts';
import { ImMessageStore } from '../../store/im-messages.ts';
import { ImNameStore } from '../../store/im-names.ts';
import { ImbotNoticeStore } from '../../store/imbot-notices.ts';
import { ImbotPairStore } from '../../store/imbot-pairs.ts';
import { ImbotUserStore } from '../../store/imbot-users.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { StatementLog } from './statement-log.ts';

/** A POST of a notice: answered as `answer` says. */
export interface Posted {
  address: string;
  body: unknown;
}

interface Parts {
  names: Names;
  log: MessageLog;
  pairs: Pairs;
  users: ImbotUsers;
  notices: Notices;
  messages: ImbotMessages;
}

/** Remembers statements, and fails one where it is told to. */
class FaultyLog extends StatementLog {
  failing: RegExp | undefined;

  override transaction<T>(
    work: (tx: Tx) => Promise<T> | T,
    options?: { unguarded: true },
  ): Promise<T> {
    const faulty = (tx: Tx): Tx => ({
      run: (sql, params) => {
        if (this.failing?.test(sql) === true) throw new Error('full');
        return tx.run(sql, params);
      },
      get: (sql, params) => tx.get(sql, params),
      all: (sql, params) => tx.all(sql, params),
      onDurable: (after) => tx.onDurable(after),
      onRollback: (after) => tx.onRollback(after),
    });
    return super.transaction((tx) => work(faulty(tx)), options);
  }
}

/** The mini-program IM over a real database, without its edge. */
export class ImbotRig {
  readonly folder = mkdtempSync(join(tmpdir(), 'wxrc-imbot-'));
  readonly file = join(this.folder, 'wxrc.db');
  readonly clock = new VirtualClock(1_700_000_000_000);
  readonly disk: SqliteDatabase;
  readonly db: FaultyLog;
  lines = '';
  /** Form ids of people, oldest first. */
  readonly forms = new Map<string, string[]>();
  readonly posted: Posted[] = [];
  readonly sent: Notice[] = [];
  /** What becomes of a POST. */
  answer: (address: string) => Promise<number> = async () => 200;
  #parts: Parts;

  static async open(): Promise<ImbotRig> {
    const rig = new ImbotRig();
    await migrate(rig.disk, { now: 0 });
    return rig;
  }

  private constructor() {
    this.disk = new SqliteDatabase({ file: this.file });
    this.db = new FaultyLog(this.disk);
    this.#parts = this.#build(30_000);
  }

  get names(): Names {
    return this.#parts.names;
  }

  get log(): MessageLog {
    return this.#parts.log;
  }

  get pairs(): Pairs {
    return this.#parts.pairs;
  }

  get users(): ImbotUsers {
    return this.#parts.users;
  }

  get notices(): Notices {
    return this.#parts.notices;
  }

  /** What a new process would know: nothing is in memory. */
  restart(waitMs = 30_000): void {
    this.#parts = this.#build(waitMs);
  }

  #build(waitMs: number): Parts {
    const { db, clock } = this;
    const logger = createLogger('debug', {
      write: (line: string) => {
        this.lines += line;
      },
    });
    const hub = new Hub();
    const names = new Names(new ImNameStore(db));
    const log = new MessageLog({ store: new ImMessageStore(db), hub, clock, logger });
    const pairs = new Pairs({ db, store: new ImbotPairStore(db), log });
    const users = new ImbotUsers({ store: new ImbotUserStore(db), clock });
    const wechat: WechatPort = {
      takeForm: async (_tx, openId) => this.forms.get(openId)?.shift(),
      sendNotice: async (notice) => {
        this.sent.push(notice);
        return { errcode: 0, errmsg: 'ok' };
      },
    };
    const callback = {
      objection: (address: string) => (address.includes('forbidden') ? 'not allowed' : undefined),
      post: async (address: string, json: string) => {
        const status = await this.answer(address);
        this.posted.push({ address, body: JSON.parse(json) });
        return status;
      },
    };
    const isOwn = (address: string): boolean => address === 'http://own/template_msg';
    const teller = new NoticeTeller({ wechat, callback, isOwn, clock });
    const store = new ImbotNoticeStore(db);
    const parts = { store, pairs, names, wechat, teller, clock, logger };
    const notices = new Notices({ ...parts, waitMs });
    const all = { names, log, pairs, users, notices };
    return { ...all, messages: new ImbotMessages({ db, ...all, service: undefined }) };
  }

  say(from: string, to: string, msg: Record<string, unknown>, templateUrl?: string): Promise<void> {
    const body = Buffer.from(JSON.stringify(msg));
    const at = Number(msg['timestamp'] ?? 0);
    return new Promise((resolve, reject) => {
      this.#parts.messages.say({ from, to, body, at, templateUrl }, (error) =>
        error === undefined ? resolve() : reject(error),
      );
    });
  }

  /** The number of a pair that has written. */
  async pair(from: string, to: string): Promise<number> {
    const pair = await this.pairs.find(await this.names.get(from), await this.names.get(to));
    if (pair === undefined) throw new Error(`${from} has never written to ${to}`);
    return pair;
  }

  async take(from: string, to: string): Promise<unknown[]> {
    return (await this.pairs.take(await this.pair(from, to))).map((body) => JSON.parse(body));
  }

  async close(): Promise<void> {
    await this.notices.stop();
    await this.disk.close();
    rmSync(this.folder, { recursive: true });
  }
}
