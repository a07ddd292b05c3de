import type { Database, Tx } from './database.ts';

export interface FileRow {
  sha256: string;
  /** Media type, told by content. */
  type: string;
  extension: string;
  size: number;
  created_at: number;
}

/** Which files we keep; their bytes lie in the data directory. */
export class FileStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async get(sha256: string): Promise<FileRow | undefined> {
    const rows = await this.db.read<FileRow>('SELECT * FROM files WHERE sha256 = ?', [sha256]);
    return rows[0];
  }

  /** The same content again only makes it young again. @returns the row there is */
  async put(tx: Tx, row: FileRow): Promise<FileRow> {
    const kept = await tx.get<FileRow>(
      `INSERT INTO files (sha256, type, extension, size, created_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (sha256) DO UPDATE SET created_at = excluded.created_at
       RETURNING *`,
      [row.sha256, row.type, row.extension, row.size, row.created_at],
    );
    return kept ?? row;
  }

  /** Files nobody put since a time; some hundreds a day at most are looked at. */
  old(before: number, limit: number): Promise<FileRow[]> {
    return this.db.readLong(
      'SELECT * FROM files WHERE created_at < ? ORDER BY created_at LIMIT ?',
      [before, limit],
    );
  }

  /** @returns false when it was put again meanwhile */
  async remove(tx: Tx, sha256: string, before: number): Promise<boolean> {
    const sql = 'DELETE FROM files WHERE sha256 = ? AND created_at < ?';
    return (await tx.run(sql, [sha256, before])) > 0;
  }
}
