import type { Database, Tx } from './database.ts';

export interface ImUserRow {
  appid: number;
  uid: number;
  name: string;
  avatar: string;
  /** Sealed; null once it was revoked. */
  token: Uint8Array | null;
  token_hash: string | null;
  forbidden: number;
  mute: number;
  created_at: number;
}

export const namesAtOnce = 100;

/** Users of applications, and the conversations that they want no notice of. */
export class ImUserStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async get(appid: number, uid: number): Promise<ImUserRow | undefined> {
    const rows = await this.db.read<ImUserRow>(
      'SELECT * FROM im_users WHERE appid = ? AND uid = ?',
      [appid, uid],
    );
    return rows[0];
  }

  find(tx: Tx, appid: number, uid: number): Promise<ImUserRow | undefined> {
    return tx.get('SELECT * FROM im_users WHERE appid = ? AND uid = ?', [appid, uid]);
  }

  /** At most `namesAtOnce` of them; one statement whatever their number. */
  names(appid: number, uids: readonly number[]): Promise<{ uid: number; name: string }[]> {
    const marks = Array.from({ length: namesAtOnce }, () => '?').join(', ');
    const padding = Array.from({ length: namesAtOnce - uids.length }, () => null);
    return this.db.read(
      `SELECT uid, name FROM im_users WHERE appid = ? AND uid IN (${marks}) AND name <> ''`,
      [appid, ...uids, ...padding],
    );
  }

  async byToken(hash: string): Promise<ImUserRow | undefined> {
    const rows = await this.db.read<ImUserRow>('SELECT * FROM im_users WHERE token_hash = ?', [
      hash,
    ]);
    return rows[0];
  }

  async add(tx: Tx, row: { appid: number; uid: number; name: string; now: number }): Promise<void> {
    await tx.run(
      `INSERT INTO im_users (appid, uid, name, created_at) VALUES (?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      [row.appid, row.uid, row.name, row.now],
    );
  }

  async setToken(
    tx: Tx,
    { appid, uid }: { appid: number; uid: number },
    token: { sealed: Uint8Array; hash: string } | null,
  ): Promise<boolean> {
    const changed = await tx.run(
      'UPDATE im_users SET token = ?, token_hash = ? WHERE appid = ? AND uid = ?',
      [token?.sealed ?? null, token?.hash ?? null, appid, uid],
    );
    return changed > 0;
  }

  async set(
    tx: Tx,
    { appid, uid }: { appid: number; uid: number },
    column: 'name' | 'avatar' | 'forbidden' | 'mute',
    value: string | number,
  ): Promise<void> {
    await tx.run(`UPDATE im_users SET ${column} = ? WHERE appid = ? AND uid = ?`, [
      value,
      appid,
      uid,
    ]);
  }

  async setQuiet(
    tx: Tx,
    row: { appid: number; uid: number; kind: string; target: number },
    on: boolean,
  ): Promise<void> {
    const key = [row.appid, row.uid, row.kind, row.target];
    if (on) {
      await tx.run(
        `INSERT INTO im_quiet (appid, uid, kind, target) VALUES (?, ?, ?, ?)
         ON CONFLICT DO NOTHING`,
        key,
      );
    } else {
      await tx.run(
        'DELETE FROM im_quiet WHERE appid = ? AND uid = ? AND kind = ? AND target = ?',
        key,
      );
    }
  }

  /** Users who may not speak in chat rooms. */
  forbidden(): Promise<{ appid: number; uid: number }[]> {
    return this.db.read('SELECT appid, uid FROM im_users WHERE forbidden = 1');
  }

  async quiet(appid: number, uid: number, kind: string): Promise<number[]> {
    const rows = await this.db.read<{ target: number }>(
      'SELECT target FROM im_quiet WHERE appid = ? AND uid = ? AND kind = ?',
      [appid, uid, kind],
    );
    return rows.map((row) => row.target);
  }

  /** By application and uid, from behind a place; names and uids that hold `text`. */
  search(
    filter: { appid: number | undefined; text: string },
    after: { appid: number; uid: number },
    limit: number,
  ): Promise<ImUserRow[]> {
    const where = ['(appid > ? OR (appid = ? AND uid > ?))'];
    const params: (string | number)[] = [after.appid, after.appid, after.uid];
    if (filter.appid !== undefined) {
      where.push('appid = ?');
      params.push(filter.appid);
    }
    if (filter.text !== '') {
      where.push(`(name LIKE ? ESCAPE '!' OR CAST(uid AS TEXT) = ?)`);
      params.push(`%${filter.text.replace(/[!%_]/g, '!$&')}%`, filter.text);
    }
    return this.db.readLong(
      `SELECT * FROM im_users WHERE ${where.join(' AND ')} ORDER BY appid, uid LIMIT ?`,
      [...params, limit],
    );
  }
}
