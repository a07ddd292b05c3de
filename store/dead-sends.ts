import type { Database, Tx } from './database.ts';

/** Sends that did not leave, as operators deal with them. */
export class DeadSendStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** @returns false when it is no dead letter, or none any more */
  async clear(tx: Tx, msgid: number, now: number): Promise<boolean> {
    const changed = await tx.run(
      `UPDATE sends SET cleared_at = ? WHERE msgid = ? AND cleared_at IS NULL
       AND state IN ('absent', 'failed', 'expired')`,
      [now, msgid],
    );
    return changed > 0;
  }

  /** How many of those that ended after a moment are dealt with. */
  async clearedOf(after: number): Promise<number> {
    const rows = await this.#db.read<{ cleared: number }>(
      'SELECT count(*) AS cleared FROM sends WHERE cleared_at IS NOT NULL AND settled_at >= ?',
      [after],
    );
    return Number(rows[0]?.cleared ?? 0);
  }
}
