import type { Database, Tx } from './database.ts';

export interface StepRow {
  at: number;
  step: string;
  detail: string | null;
}

export interface WaitRow {
  at: number;
  /** JSON of a text in both languages; null: the queue moves again. */
  reason: string | null;
}

/** The flight recorder: what happened to a send, and why a bot's queue stood still. */
export class StepStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add(
    tx: Tx,
    msgid: number,
    step: { at: number; step: string; detail?: string | undefined },
  ): Promise<void> {
    await tx.run('INSERT INTO send_steps (msgid, at, step, detail) VALUES (?, ?, ?, ?)', [
      msgid,
      step.at,
      step.step,
      step.detail ?? null,
    ]);
  }

  of(msgid: number): Promise<StepRow[]> {
    return this.#db.read(
      'SELECT at, step, detail FROM send_steps WHERE msgid = ? ORDER BY id LIMIT 1000',
      [msgid],
    );
  }

  async addWait(tx: Tx, botcode: string, at: number, reason: string | null): Promise<void> {
    await tx.run('INSERT INTO bot_waits (botcode, at, reason) VALUES (?, ?, ?)', [
      botcode,
      at,
      reason,
    ]);
  }

  /** Latest wait of a bot, ended (null) or not. */
  async lastWait(botcode: string): Promise<WaitRow | undefined> {
    const rows = await this.#db.read<WaitRow>(
      'SELECT at, reason FROM bot_waits WHERE botcode = ? ORDER BY at DESC, id DESC LIMIT 1',
      [botcode],
    );
    return rows[0];
  }

  /** Waits that began between two times, at most 200, and the one under way when they began. */
  async waits(botcode: string, from: number, to: number): Promise<WaitRow[]> {
    const before = await this.#db.read<WaitRow>(
      'SELECT at, reason FROM bot_waits WHERE botcode = ? AND at < ? ORDER BY at DESC, id DESC LIMIT 1',
      [botcode, from],
    );
    const within = await this.#db.read<WaitRow>(
      `SELECT at, reason FROM bot_waits WHERE botcode = ? AND at >= ? AND at <= ?
       ORDER BY at, id LIMIT 200`,
      [botcode, from, to],
    );
    return [...before, ...within];
  }
}
