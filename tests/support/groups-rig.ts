import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '../../bot/clock.ts';
import { Cursors } from '../../bot/im/cursors.ts';
import { Groups } from '../../bot/im/groups.ts';
import { Hub } from '../../bot/im/hub.ts';
import type { Placed, User } from '../../bot/im/message.ts';
import { MessageLog } from '../../bot/im/message-log.ts';
import type { Session } from '../../bot/im/session.ts';
import { Users } from '../../bot/im/users.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import { ImCursorStore } from '../../store/im-cursors.ts';
import { ImGroupStore } from '../../store/im-groups.ts';
import { ImMessageStore } from '../../store/im-messages.ts';
import { ImUserStore } from '../../store/im-users.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { StatementLog } from './statement-log.ts';

export const appid = 7;
export const user = (uid: number): User => ({ appid, uid });

/** Groups over a real database and message log. */
export class GroupsRig {
  readonly folder: string;
  readonly file: string;
  readonly db: StatementLog;
  readonly clock = new VirtualClock(1_700_000_000_123);
  readonly hub = new Hub();
  readonly log: MessageLog;
  readonly cursors: Cursors;
  readonly users: Users;
  groups: Groups;
  /** Set: every notice fails with it. */
  fault: Error | undefined;
  readonly #disk: SqliteDatabase;

  static async open(options: { mostMembers?: number } = {}): Promise<GroupsRig> {
    const rig = new GroupsRig(options);
    await migrate(rig.#disk, { now: 0 });
    return rig;
  }

  private constructor(options: { mostMembers?: number }) {
    this.folder = mkdtempSync(join(tmpdir(), 'wxrc-groups-'));
    this.file = join(this.folder, 'wxrc.db');
    this.#disk = new SqliteDatabase({ file: this.file });
    const db = new StatementLog(this.#disk);
    this.db = db;
    const { clock, hub } = this;
    const logger = createLogger('silent');
    const vault = openVault(this.folder);
    this.log = new MessageLog({ store: new ImMessageStore(db), hub, clock, logger });
    this.cursors = new Cursors({ store: new ImCursorStore(db), clock, logger });
    const apps = { get: () => undefined };
    this.users = new Users({ store: new ImUserStore(db), vault, hub, apps, clock });
    this.groups = this.restarted(options);
  }

  /** What a new process would know: nothing is in memory. */
  restarted(options: { mostMembers?: number } = {}): Groups {
    const { db, users, cursors, clock } = this;
    this.groups = new Groups({
      ...{ db, users, cursors, clock, ...options },
      store: new ImGroupStore(db),
      logger: createLogger('silent'),
      log: {
        lastOfGroupIn: (tx, gid) => this.log.lastOfGroupIn(tx, gid),
        appendIn: async (tx, draft) => {
          const outcome = await this.log.appendIn(tx, draft);
          if (this.fault !== undefined) throw this.fault;
          return outcome;
        },
      },
    });
    return this.groups;
  }

  async close(): Promise<void> {
    await this.cursors.stop();
    await this.#disk.close();
    rmSync(this.folder, { recursive: true });
  }

  /** The texts in a user's inbox, oldest first. */
  async inbox(uid: number, app = appid): Promise<string[]> {
    return (await this.log.read({ appid: app, uid }, 0, 1000)).map(textOf);
  }

  /** The texts in a super group's inbox. */
  async groupInbox(gid: number): Promise<string[]> {
    return (await this.log.readGroup(gid, 0, 1000)).map(textOf);
  }

  /** A session of this user; what it is told is handed on. */
  listen(uid: number, heard: (placed: Placed, pushed: boolean, gid?: number) => void): void {
    const session: Session = {
      ...{ id: uid, appid, uid, device: 0, platform: 3, since: 0 },
      ...{ transport: 'tcp', address: '' },
      inbox: (placed, pushed) => heard(placed, pushed),
      group: (gid, placed, pushed) => heard(placed, pushed, gid),
      chatRoom: () => {},
      realtime: () => {},
      notification: () => {},
      flush: () => {},
      close: () => {},
    };
    this.hub.add(session);
  }
}

function textOf({ message }: Placed): string {
  return message.content.toString();
}
