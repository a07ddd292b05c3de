import type { Database, Tx } from './database.ts';

export interface ChatUsageRow {
  /** yyyy-mm-dd, in the configured zone. */
  day: string;
  tokens: number;
  calls: number;
}

/** What language models have used, by day. */
export class ChatUsageStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async usedIn(tx: Tx, day: string): Promise<number> {
    const row = await tx.get<{ tokens: number }>('SELECT tokens FROM chat_usage WHERE day = ?', [
      day,
    ]);
    return row?.tokens ?? 0;
  }

  async add(tx: Tx, { day, tokens, calls }: ChatUsageRow): Promise<void> {
    await tx.run(
      `INSERT INTO chat_usage (day, tokens, calls) VALUES (?, ?, ?)
       ON CONFLICT (day) DO UPDATE SET tokens = chat_usage.tokens + excluded.tokens,
         calls = chat_usage.calls + excluded.calls`,
      [day, tokens, calls],
    );
  }

  async of(day: string): Promise<ChatUsageRow> {
    const [row] = await this.db.read<ChatUsageRow>('SELECT * FROM chat_usage WHERE day = ?', [day]);
    return row ?? { day, tokens: 0, calls: 0 };
  }

  /** The newest days first. */
  list(limit: number): Promise<ChatUsageRow[]> {
    return this.db.read('SELECT * FROM chat_usage ORDER BY day DESC LIMIT ?', [limit]);
  }
}
