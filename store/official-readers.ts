import type { Database, Tx } from './database.ts';

/** A row of `official_readers`. */
export interface ReaderRow {
  uid: number;
  /** Empty: all that name no device. */
  device: string;
  /** Under which its cursor lies; 0 without a device. */
  number: number;
  ackedAt: number | null;
  seenAt: number;
}

/** Who reads which inbox. */
export class OfficialReaderStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async find(uid: number, device: string): Promise<ReaderRow | undefined> {
    const rows = await this.db.read<Row>(findSql, [uid, device]);
    return rows[0] && rowOf(rows[0]);
  }

  async findIn(tx: Tx, uid: number, device: string): Promise<ReaderRow | undefined> {
    const row = await tx.get<Row>(findSql, [uid, device]);
    return row && rowOf(row);
  }

  /** All devices of a user; there are few. */
  async devices(tx: Tx, uid: number): Promise<ReaderRow[]> {
    const rows = await tx.all<Row>(
      `SELECT ${columns} FROM official_readers WHERE uid = ? AND device > ''`,
      [uid],
    );
    return rows.map(rowOf);
  }

  /** Times of one that is there are only replaced by newer ones. */
  async put(tx: Tx, { uid, device, number, ackedAt, seenAt }: ReaderRow): Promise<void> {
    await tx.run(
      `INSERT INTO official_readers (${columns}) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (uid, device) DO UPDATE SET seen_at = excluded.seen_at,
         acked_at = coalesce(excluded.acked_at, official_readers.acked_at)`,
      [uid, device, number, ackedAt, seenAt],
    );
  }

  async remove(tx: Tx, { uid, device }: Pick<ReaderRow, 'uid' | 'device'>): Promise<void> {
    await tx.run('DELETE FROM official_readers WHERE uid = ? AND device = ?', [uid, device]);
  }

  /** Those seen longest ago, before a time. */
  async old(tx: Tx, before: number, limit: number): Promise<ReaderRow[]> {
    const rows = await tx.all<Row>(
      `SELECT ${columns} FROM official_readers WHERE seen_at < ? ORDER BY seen_at LIMIT ?`,
      [before, limit],
    );
    return rows.map(rowOf);
  }
}

const columns = 'uid, device, number, acked_at, seen_at';
const findSql = `SELECT ${columns} FROM official_readers WHERE uid = ? AND device = ?`;

interface Row {
  uid: number;
  device: string;
  number: number;
  acked_at: number | null;
  seen_at: number;
}

function rowOf({ uid, device, number, acked_at, seen_at }: Row): ReaderRow {
  return { uid, device, number, ackedAt: acked_at, seenAt: seen_at };
}
