import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frameOf, storedFrame } from '../../api/official/frame.ts';
import { VirtualClock } from '../../bot/clock.ts';
import { contentOf } from '../../bot/im/content-of.ts';
import { createIm, type Im } from '../../bot/im/im.ts';
import type { Session } from '../../bot/im/session.ts';
import { createOfficial, type Official } from '../../bot/official/official.ts';
import type { Pushed } from '../../bot/official/pushes.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { StatementLog } from './statement-log.ts';

/** The core of the official-account component over a real database, in a time of its own. */
export class OfficialRig {
  readonly folder = mkdtempSync(join(tmpdir(), 'wxrc-official-'));
  readonly file = join(this.folder, 'wxrc.db');
  readonly clock = new VirtualClock();
  readonly db: StatementLog;
  readonly keepMs = 7 * 86_400_000;
  im: Im;
  official: Official;
  readonly #disk: SqliteDatabase;

  static async open(): Promise<OfficialRig> {
    const rig = new OfficialRig();
    await migrate(rig.#disk, { now: 0 });
    return rig;
  }

  private constructor() {
    this.#disk = new SqliteDatabase({ file: this.file });
    this.db = new StatementLog(this.#disk);
    [this.im, this.official] = this.#build();
  }

  /** What a new process would know. */
  async restart(): Promise<void> {
    await this.official.stop();
    await this.im.stop();
    [this.im, this.official] = this.#build();
  }

  push(receivers: string[], content: string, toMany = false, key?: string): Promise<Pushed> {
    const at = this.clock.now();
    const kind = 'text';
    const data = { kind, name: '', avatar: '', contactId: '', companyId: '', msg: { content }, at };
    const order = { receivers, toMany, sender: undefined, content: storedFrame({ ...data, kind }) };
    const named = key === undefined ? undefined : { name: key, digest: content };
    return this.official.pushes.push({ ...order, key: named });
  }

  /** What somebody would get who has nothing. */
  async waiting(name: string, id = 0): Promise<string[]> {
    const user = await this.im.names.get(name);
    const texts: string[] = [];
    let position = await this.official.frames.after(user, id);
    for (let more = true; more; ) {
      const found = await this.official.frames.read(user, position, 250);
      for (const { message } of found.placed) {
        const isOver = message.kind === 'official' && message.at < this.clock.now() - this.keepMs;
        const content = contentOf(message);
        if (!isOver)
          texts.push(content.type === 'text' ? content.text : frameOf(0, message.content));
      }
      ({ position, more } = found);
    }
    return texts;
  }

  /** Somebody is there, and takes no notice. */
  async connect(name: string): Promise<Session> {
    const { appid, uid } = await this.im.names.get(name);
    const nothing = (): void => {};
    const session: Session = {
      ...{ id: this.im.hub.nextId(), appid, uid, device: 0, platform: 0, since: 0 },
      duty: 'certain',
      ...{ transport: 'websocket', address: '', inbox: nothing, group: nothing },
      ...{ chatRoom: nothing, realtime: nothing, notification: nothing },
      ...{ flush: nothing, close: nothing },
    };
    this.im.hub.add(session);
    return session;
  }

  async count(table: string): Promise<number> {
    const [row] = await this.db.read<{ count: number }>(`SELECT count(*) AS count FROM ${table}`);
    return row?.count ?? 0;
  }

  async close(): Promise<void> {
    await this.official.stop();
    await this.im.stop();
    await this.#disk.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #build(): [Im, Official] {
    const { db, clock } = this;
    const logger = createLogger('silent');
    const im = createIm({ db, vault: openVault(this.folder), clock, logger });
    return [im, createOfficial({ db, im, keepDays: 7, clock, logger })];
  }
}
