import type { Database, Tx } from './database.ts';

/** Place in `commands`, in the order of its key. */
export interface CommandKey {
  chid: string;
  txcode: string;
  day: string;
}

/**
 * What may be forgotten. Keys are found off the event loop and deleted by key, so that no
 * transaction looks for rows while commands wait for it.
 */
export class RetentionStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** Sends settled before a time, oldest first. The newest send stays: numbers go on from it. */
  oldSends(before: number, limit: number): Promise<{ msgid: number }[]> {
    return this.db.readLong(
      `SELECT msgid FROM sends WHERE settled_at IS NOT NULL AND settled_at < ?
         AND msgid < (SELECT max(msgid) FROM sends) ORDER BY settled_at LIMIT ?`,
      [before, limit],
    );
  }

  async forgetSend(tx: Tx, msgid: number): Promise<void> {
    await tx.run('DELETE FROM send_steps WHERE msgid = ?', [msgid]);
    await tx.run('DELETE FROM sends WHERE msgid = ?', [msgid]);
  }

  oldWaits(before: number, limit: number): Promise<{ id: number }[]> {
    return this.db.readLong('SELECT id FROM bot_waits WHERE at < ? ORDER BY id LIMIT ?', [
      before,
      limit,
    ]);
  }

  async forgetWait(tx: Tx, id: number): Promise<void> {
    await tx.run('DELETE FROM bot_waits WHERE id = ?', [id]);
  }

  /**
   * The key `window` rows behind `after`, or undefined when there are fewer: commands have no index
   * by age, as it would cost each of them, so they are looked through in bounded steps.
   */
  async commandsEnd(after: CommandKey, window: number): Promise<CommandKey | undefined> {
    const rows = await this.db.readLong<CommandKey>(
      `SELECT chid, txcode, day FROM commands WHERE (chid, txcode, day) > (?, ?, ?)
       ORDER BY chid, txcode, day LIMIT 1 OFFSET ?`,
      [after.chid, after.txcode, after.day, window - 1],
    );
    return rows[0];
  }

  /** Commands answered before a time with `after < key <= upTo` (undefined: to the end). */
  oldCommands(
    before: number,
    after: CommandKey,
    upTo: CommandKey | undefined,
  ): Promise<CommandKey[]> {
    const end = upTo === undefined ? '' : 'AND (chid, txcode, day) <= (?, ?, ?)';
    return this.db.readLong<CommandKey>(
      `SELECT chid, txcode, day FROM commands
       WHERE (chid, txcode, day) > (?, ?, ?) ${end} AND at < ?`,
      [
        after.chid,
        after.txcode,
        after.day,
        ...(upTo === undefined ? [] : [upTo.chid, upTo.txcode, upTo.day]),
        before,
      ],
    );
  }

  async forgetCommand(tx: Tx, key: CommandKey): Promise<void> {
    await tx.run('DELETE FROM commands WHERE chid = ? AND txcode = ? AND day = ?', [
      key.chid,
      key.txcode,
      key.day,
    ]);
  }

  async forgetQrCodes(tx: Tx, before: number): Promise<void> {
    await tx.run('DELETE FROM qr_codes WHERE expires_at < ?', [before]);
  }

  async forgetBuckets(tx: Tx, before: number): Promise<void> {
    await tx.run('DELETE FROM pacing WHERE at < ?', [before]);
  }
}
