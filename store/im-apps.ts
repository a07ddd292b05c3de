import type { Database, Tx } from './database.ts';

export interface ImAppRow {
  appid: number;
  name: string;
  /** Sealed. */
  secret: Uint8Array;
  app_key: Uint8Array | null;
  store_id: number | null;
  /** Behind it inboxes begin that have no message yet. */
  first_key: number;
  source: 'config' | 'admin';
  created_at: number;
}

/** Third-party applications. */
export class ImAppStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  all(tx: Tx): Promise<ImAppRow[]> {
    return tx.all('SELECT * FROM im_apps ORDER BY appid');
  }

  find(tx: Tx, appid: number): Promise<ImAppRow | undefined> {
    return tx.get('SELECT * FROM im_apps WHERE appid = ?', [appid]);
  }

  async put(tx: Tx, row: ImAppRow): Promise<void> {
    await tx.run(
      `INSERT INTO im_apps (appid, name, secret, app_key, store_id, first_key, source, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (appid) DO UPDATE SET name = excluded.name, secret = excluded.secret,
         app_key = excluded.app_key, store_id = excluded.store_id,
         first_key = excluded.first_key, source = excluded.source`,
      [
        row.appid,
        row.name,
        row.secret,
        row.app_key,
        row.store_id,
        row.first_key,
        row.source,
        row.created_at,
      ],
    );
  }

  async remove(tx: Tx, appid: number): Promise<boolean> {
    return (await tx.run('DELETE FROM im_apps WHERE appid = ?', [appid])) > 0;
  }
}
