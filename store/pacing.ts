import type { Database, Tx } from './database.ts';

export interface BucketRow {
  botcode: string;
  bucket: string;
  /** JSON [[at, count], …]. */
  taken: string;
  at: number;
}

export interface BreakerRow {
  botcode: string;
  breaker_until: number;
  breaker_level: number;
}

/** What restarts must not forget of budgets and of refusals for sending too fast. */
export class PacingStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Buckets of all bots: read once, at start. */
  buckets(): Promise<BucketRow[]> {
    return this.#db.read('SELECT botcode, bucket, taken, at FROM pacing');
  }

  async save(tx: Tx, row: BucketRow): Promise<void> {
    await tx.run(
      `INSERT INTO pacing (botcode, bucket, taken, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (botcode, bucket) DO UPDATE SET taken = excluded.taken, at = excluded.at`,
      [row.botcode, row.bucket, row.taken, row.at],
    );
  }

  /** Buckets of a bot that are full again say nothing. */
  async forget(tx: Tx, botcode: string, before: number): Promise<void> {
    await tx.run('DELETE FROM pacing WHERE botcode = ? AND at < ?', [botcode, before]);
  }

  breakers(): Promise<BreakerRow[]> {
    return this.#db.read(
      'SELECT botcode, breaker_until, breaker_level FROM bots WHERE breaker_level > 0',
    );
  }

  async saveBreaker(
    tx: Tx,
    botcode: string,
    breaker: { until: number; level: number },
  ): Promise<void> {
    await tx.run('UPDATE bots SET breaker_until = ?, breaker_level = ? WHERE botcode = ?', [
      breaker.until,
      breaker.level,
      botcode,
    ]);
  }
}
