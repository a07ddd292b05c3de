import type { Database, Tx } from './database.ts';

export interface PushTokenRow {
  appid: number;
  uid: number;
  kind: string;
  /** Sealed. */
  token: Uint8Array;
  /** Epoch ms of binding. */
  at: number;
}

/** Tokens of push services, by user and kind. */
export class PushTokenStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  of(tx: Tx, { appid, uid }: { appid: number; uid: number }): Promise<PushTokenRow[]> {
    return tx.all('SELECT * FROM im_push_tokens WHERE appid = ? AND uid = ?', [appid, uid]);
  }

  async put(tx: Tx, row: PushTokenRow): Promise<void> {
    await tx.run(
      `INSERT INTO im_push_tokens (appid, uid, kind, token, at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (appid, uid, kind) DO UPDATE SET token = excluded.token, at = excluded.at`,
      [row.appid, row.uid, row.kind, row.token, row.at],
    );
  }

  async remove(
    tx: Tx,
    { appid, uid, kind }: { appid: number; uid: number; kind: string },
  ): Promise<void> {
    await tx.run('DELETE FROM im_push_tokens WHERE appid = ? AND uid = ? AND kind = ?', [
      appid,
      uid,
      kind,
    ]);
  }
}
