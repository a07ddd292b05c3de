import type { Database, Tx } from './database.ts';

export type MessageState = 'due' | 'sending' | 'sent' | 'superseded' | 'dead';
export type MessageWhat = 'raised' | 'changed' | 'over' | 'test';

export interface AlarmMessageRow {
  id: string;
  /** Id of the alarm; '' for a trial. */
  alarm: string;
  what: MessageWhat;
  text: string;
  state: MessageState;
  batch: string | null;
  lane: string | null;
  attempts: number;
  created_at: number;
  run_at: number;
  done_at: number | null;
  last_error: string | null;
}

export interface AlarmTryRow {
  lane: string;
  batch: string;
  at: number;
  took_ms: number;
  error: string | null;
}

/** What is known of a lane. */
export interface LaneFacts {
  lane: string;
  last_ok_at: number | null;
  last_error_at: number | null;
  last_error: string | null;
}

const columns = `id, alarm, what, text, state, batch, lane, attempts, created_at, run_at, done_at,
  last_error`;

/** What people are told of alarms, and every try to do so. */
export class AlarmMessageStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** Not settled, oldest first. */
  open(): Promise<AlarmMessageRow[]> {
    return this.db.read<AlarmMessageRow>(
      `SELECT ${columns} FROM alarm_messages WHERE state IN ('due', 'sending') ORDER BY id`,
    );
  }

  ofAlarm(alarm: string): Promise<AlarmMessageRow[]> {
    return this.db.read<AlarmMessageRow>(
      `SELECT ${columns} FROM alarm_messages WHERE alarm = ? ORDER BY id`,
      [alarm],
    );
  }

  async get(id: string): Promise<AlarmMessageRow | undefined> {
    const rows = await this.db.read<AlarmMessageRow>(
      `SELECT ${columns} FROM alarm_messages WHERE id = ?`,
      [id],
    );
    return rows[0];
  }

  triesOf(batch: string): Promise<AlarmTryRow[]> {
    return this.db.read<AlarmTryRow>(
      'SELECT lane, batch, at, took_ms, error FROM alarm_tries WHERE batch = ? ORDER BY id',
      [batch],
    );
  }

  /** When something was told over each lane since then. */
  told(since: number): Promise<{ lane: string; at: number }[]> {
    return this.db.read(
      'SELECT lane, at FROM alarm_tries WHERE at >= ? AND error IS NULL ORDER BY at',
      [since],
    );
  }

  async factsOf(lane: string): Promise<LaneFacts> {
    const [ok] = await this.db.read<{ at: number }>(
      'SELECT at FROM alarm_tries WHERE lane = ? AND error IS NULL ORDER BY at DESC LIMIT 1',
      [lane],
    );
    const [bad] = await this.db.read<{ at: number; error: string }>(
      'SELECT at, error FROM alarm_tries WHERE lane = ? AND error IS NOT NULL ORDER BY at DESC LIMIT 1',
      [lane],
    );
    return {
      lane,
      last_ok_at: ok?.at ?? null,
      last_error_at: bad?.at ?? null,
      last_error: bad?.error ?? null,
    };
  }

  async put(tx: Tx, row: AlarmMessageRow): Promise<void> {
    await tx.run(
      `INSERT INTO alarm_messages (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, batch = excluded.batch,
         lane = excluded.lane, attempts = excluded.attempts, run_at = excluded.run_at,
         done_at = excluded.done_at, last_error = excluded.last_error`,
      [
        ...[row.id, row.alarm, row.what, row.text, row.state, row.batch, row.lane, row.attempts],
        ...[row.created_at, row.run_at, row.done_at, row.last_error],
      ],
    );
  }

  async addTry(tx: Tx, row: AlarmTryRow): Promise<void> {
    await tx.run(
      'INSERT INTO alarm_tries (lane, batch, at, took_ms, error) VALUES (?, ?, ?, ?, ?)',
      [row.lane, row.batch, row.at, row.took_ms, row.error],
    );
  }
}
