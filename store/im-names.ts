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

  /** Behind a place in the order of the numbers; the newest is left out: numbers go on from it. */
  async after(uid: number, limit: number): Promise<number[]> {
    const rows = await this.db.read<{ uid: number }>(
      `SELECT uid FROM im_names WHERE uid > ? AND uid < (SELECT max(uid) FROM im_names)
       ORDER BY uid LIMIT ?`,
      [uid, limit],
    );
    return rows.map((row) => row.uid);
  }

  /** @returns false when something refers to it still */
  async forget(tx: Tx, uid: number): Promise<boolean> {
    return (await tx.run(forgetSql, [uid])) > 0;
  }
}

/** Everything that knows somebody by his number or his name. */
const references = [
  'im_inbox AS r WHERE r.appid = -1 AND r.uid = n.uid',
  'im_conversations AS r WHERE r.appid = -1 AND r.uid = n.uid',
  'im_conversations AS r WHERE r.agent = n.name',
  'im_conversations AS r WHERE r.contact = n.name',
  'imbot_users AS r WHERE r.id = n.name',
  'imbot_pairs AS r WHERE r.receiver = n.uid',
  'imbot_pairs AS r WHERE r.sender = n.uid',
  'imbot_notices AS r WHERE r.receiver = n.uid',
  'official_readers AS r WHERE r.uid = n.uid',
];

const forgetSql = `DELETE FROM im_names WHERE uid IN (SELECT n.uid FROM im_names AS n WHERE n.uid = ?
  ${references.map((one) => `AND NOT EXISTS (SELECT 1 FROM ${one})`).join('\n  ')})`;
