import type { Database, Tx } from './database.ts';

export type AlarmState = 'pending' | 'raised' | 'over';

export interface AlarmRow {
  id: string;
  key: string;
  kind: string;
  subject: string;
  state: AlarmState;
  stage: number;
  told_stage: number;
  flapping: number;
  text: string;
  since: number;
  raised_at: number | null;
  calm_since: number | null;
  over_at: number | null;
  acked_at: number | null;
  acked_by: string | null;
  note: string | null;
}

export interface SilenceRow {
  id: string;
  kind: string | null;
  subject: string | null;
  until: number;
  note: string;
  created_at: number;
  created_by: string;
}

export interface AlarmFilter {
  state?: 'open' | 'over' | undefined;
  kind?: string | undefined;
  subject?: string | undefined;
  /** Only older ones than this id. */
  before?: string | undefined;
  limit: number;
}

const columns = `id, key, kind, subject, state, stage, told_stage, flapping, text, since, raised_at,
  calm_since, over_at, acked_at, acked_by, note`;

/** Alarms and silences. */
export class AlarmStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  open(): Promise<AlarmRow[]> {
    return this.db.read<AlarmRow>(
      `SELECT ${columns} FROM alarms WHERE state <> 'over' ORDER BY id`,
    );
  }

  /** How often it was raised since then. */
  async timesRaised(key: string, since: number): Promise<number> {
    const rows = await this.db.read<{ count: number }>(
      'SELECT count(*) AS count FROM alarms WHERE key = ? AND raised_at >= ?',
      [key, since],
    );
    return Number(rows[0]?.count ?? 0);
  }

  async get(id: string): Promise<AlarmRow | undefined> {
    const rows = await this.db.read<AlarmRow>(`SELECT ${columns} FROM alarms WHERE id = ?`, [id]);
    return rows[0];
  }

  /** Newest first; what never was raised is nobody's business. Off the event loop. */
  list(filter: AlarmFilter): Promise<AlarmRow[]> {
    const where = ['raised_at IS NOT NULL'];
    const params: (string | number)[] = [];
    if (filter.state !== undefined) {
      where.push(filter.state === 'open' ? `state <> 'over'` : `state = 'over'`);
    }
    for (const [column, value] of [
      ['kind =', filter.kind],
      ['subject =', filter.subject],
      ['id <', filter.before],
    ] as const) {
      if (value === undefined) continue;
      where.push(`${column} ?`);
      params.push(value);
    }
    return this.db.readLong<AlarmRow>(
      `SELECT ${columns} FROM alarms WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ?`,
      [...params, filter.limit],
    );
  }

  async put(tx: Tx, row: AlarmRow): Promise<void> {
    await tx.run(
      `INSERT INTO alarms (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, stage = excluded.stage,
         told_stage = excluded.told_stage, flapping = excluded.flapping, text = excluded.text,
         since = excluded.since, raised_at = excluded.raised_at, calm_since = excluded.calm_since,
         over_at = excluded.over_at, acked_at = excluded.acked_at, acked_by = excluded.acked_by,
         note = excluded.note`,
      [
        ...[row.id, row.key, row.kind, row.subject, row.state, row.stage, row.told_stage],
        ...[row.flapping, row.text, row.since, row.raised_at, row.calm_since, row.over_at],
        ...[row.acked_at, row.acked_by, row.note],
      ],
    );
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.run('DELETE FROM alarms WHERE id = ?', [id]);
  }

  silences(): Promise<SilenceRow[]> {
    return this.db.read<SilenceRow>(
      `SELECT id, kind, subject, until, note, created_at, created_by FROM alarm_silences ORDER BY id`,
    );
  }

  async addSilence(tx: Tx, row: SilenceRow): Promise<void> {
    await tx.run(
      `INSERT INTO alarm_silences (id, kind, subject, until, note, created_at, created_by)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [row.id, row.kind, row.subject, row.until, row.note, row.created_at, row.created_by],
    );
  }

  /** @returns whether there was one */
  async removeSilence(tx: Tx, id: string): Promise<boolean> {
    return (await tx.run('DELETE FROM alarm_silences WHERE id = ?', [id])) > 0;
  }

  /** Alarms that were over by then with what was told of them, a bounded number; how many went. */
  async forget(tx: Tx, before: number, limit: number): Promise<number> {
    const old = await tx.all<{ id: string }>(
      `SELECT id FROM alarms WHERE state = 'over' AND over_at < ? ORDER BY over_at LIMIT ?`,
      [before, limit],
    );
    for (const { id } of old) {
      await tx.run('DELETE FROM alarm_messages WHERE alarm = ?', [id]);
      await tx.run('DELETE FROM alarms WHERE id = ?', [id]);
    }
    await tx.run(`DELETE FROM alarm_messages WHERE done_at < ? AND alarm = ''`, [before]);
    await tx.run('DELETE FROM alarm_tries WHERE at < ?', [before]);
    await tx.run('DELETE FROM alarm_silences WHERE until < ?', [before]);
    return old.length;
  }
}
