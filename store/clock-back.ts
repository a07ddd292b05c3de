import type { Database } from './database.ts';

/** Times at which something is tried next, all of them planned by the clock. */
const planned = [
  `UPDATE events SET run_at = run_at - ? WHERE state = 'due' AND run_at > ?`,
  `UPDATE sends SET run_at = run_at - ? WHERE state = 'queued' AND run_at > ?`,
  `UPDATE wechat_outbox SET run_at = run_at - ? WHERE head = 1 AND run_at > ?`,
  'UPDATE imbot_notices SET due_at = due_at - ? WHERE due_at > ?',
  `UPDATE alarm_messages SET run_at = run_at - ? WHERE state IN ('due', 'sending') AND run_at > ?`,
  'UPDATE bots SET breaker_until = breaker_until - ? WHERE breaker_until > ?',
];

/** What a clock that was set back left in the future. */
export class ClockBackStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** What was to be tried in a moment is tried in a moment, not in a moment and a day. */
  async pullBack(byMs: number, now: number): Promise<void> {
    for (const sql of planned) await this.#db.transaction((tx) => tx.run(sql, [byMs, now]));
  }
}
