import type { Database, Tx } from './database.ts';

/** People known by a text. */
export class ImNameStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async find(name: string): Promise<number | undefined> {
    const rows = await this.db.read<{ uid: number }>('SELECT uid FROM im_names WHERE name = ?', [
      name,
    ]);
    return rows[0]?.uid;
  }

  async findIn(tx: Tx, name: string): Promise<number | undefined> {
    const row = await tx.get<{ uid: number }>('SELECT uid FROM im_names WHERE name = ?', [name]);
    return row?.uid;
  }

  async nextUid(tx: Tx): Promise<number> {
    const row = await tx.get<{ last: number | null }>('SELECT max(uid) AS last FROM im_names');
    return (row?.last ?? 0) + 1;
  }

  async add(tx: Tx, uid: number, name: string): Promise<void> {
    await tx.run('INSERT INTO im_names (uid, name) VALUES (?, ?)', [uid, name]);
  }

  async nameIn(tx: Tx, uid: number): Promise<string | undefined> {
    const sql = 'SELECT name FROM im_names WHERE uid = ?';
    return (await tx.get<{ name: string }>(sql, [uid]))?.name;
  }

  async nameOf(uid: number): Promise<string | undefined> {
    const rows = await this.db.read<{ name: string }>('SELECT name FROM im_names WHERE uid = ?', [
      uid,
    ]);
    return rows[0]?.name;
  }
}
