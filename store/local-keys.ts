import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/**
 * Sealed live keys of a channel, newest first, read from a data directory whether a daemon uses it
 * or not. Undefined: there is no database. Blocks; for the command line only.
 */
export function sealedKeys(dataDir: string, chid: string, now: number): Buffer[] | undefined {
  const file = join(dataDir, 'wxrc.db');
  if (!existsSync(file)) return undefined;
  const db = new Sqlite(file, { readonly: true, timeout: 2000 });
  try {
    const rows = db
      .prepare(
        `SELECT sealed FROM channel_keys WHERE chid = ? AND (expires_at IS NULL OR expires_at > ?)
         ORDER BY id DESC`,
      )
      .all(chid, now);
    return rows.map((row) => (row as { sealed: Buffer }).sealed);
  } finally {
    db.close();
  }
}
