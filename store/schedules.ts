import type { Vault } from '../config/secrets.ts';
import type { Database, Tx } from './database.ts';
import type { SealedField } from './sealed-field.ts';
import { sealedFieldOf } from './typed-secrets.ts';

export interface ScheduleRow {
  name: string;
  source: 'config' | 'admin';
  /** JSON. */
  settings: string;
  paused: number;
  paused_reason: string | null;
  /** In a row. */
  failures: number;
  /** Every slot up to here was decided on. */
  decided_to: number;
  /** Rises with every change that another process has to know. */
  revision: number;
  created_at: number;
  updated_at: number;
}

/** As it lies in the database. */
type RawSchedule = ScheduleRow & { sealed: Uint8Array | null };

/** Schedules of reports. Their sources lie sealed. */
export class ScheduleStore {
  readonly db: Database;
  readonly #source: SealedField;

  constructor(db: Database, vault: Vault) {
    this.db = db;
    this.#source = sealedFieldOf('schedules', vault);
  }

  async all(): Promise<ScheduleRow[]> {
    const rows = await this.db.read<RawSchedule>('SELECT * FROM schedules ORDER BY name');
    return rows.map((row) => this.#opened(row));
  }

  /** Revisions alone: cheap enough to be asked often. */
  revisions(): Promise<Pick<ScheduleRow, 'name' | 'revision'>[]> {
    return this.db.read('SELECT name, revision FROM schedules');
  }

  async get(tx: Tx, name: string): Promise<ScheduleRow | undefined> {
    const row = await tx.get<RawSchedule>('SELECT * FROM schedules WHERE name = ?', [name]);
    return row === undefined ? undefined : this.#opened(row);
  }

  /** @returns false when the name is taken */
  async add(
    tx: Tx,
    row: Pick<ScheduleRow, 'name' | 'source' | 'settings' | 'decided_to' | 'created_at'>,
  ): Promise<boolean> {
    const { clear, sealed } = this.#source.part(row.settings);
    const added = await tx.run(
      `INSERT INTO schedules (name, source, settings, sealed, decided_to, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      [row.name, row.source, clear, sealed, row.decided_to, row.created_at, row.created_at],
    );
    return added > 0;
  }

  async change(
    tx: Tx,
    name: string,
    row: Pick<ScheduleRow, 'source' | 'settings' | 'updated_at'>,
  ): Promise<void> {
    const { clear, sealed } = this.#source.part(row.settings);
    await tx.run(
      `UPDATE schedules SET source = ?, settings = ?, sealed = ?, updated_at = ?, revision = revision + 1
       WHERE name = ?`,
      [row.source, clear, sealed, row.updated_at, name],
    );
  }

  /** @param decidedTo from where slots count; undefined: from where they did */
  async pause(
    tx: Tx,
    name: string,
    pause: { paused: boolean; reason: string | null; at: number; decidedTo?: number },
  ): Promise<void> {
    await tx.run(
      `UPDATE schedules SET paused = ?, paused_reason = ?, updated_at = ?, failures = 0,
         decided_to = coalesce(?, decided_to), revision = revision + 1 WHERE name = ?`,
      [pause.paused ? 1 : 0, pause.reason, pause.at, pause.decidedTo ?? null, name],
    );
  }

  async decided(tx: Tx, name: string, upTo: number): Promise<void> {
    await tx.run('UPDATE schedules SET decided_to = ? WHERE name = ?', [upTo, name]);
  }

  /** @returns how many in a row there are now; undefined: it is no more */
  async failed(tx: Tx, name: string): Promise<number | undefined> {
    const row = await tx.get<{ failures: number }>(
      'UPDATE schedules SET failures = failures + 1 WHERE name = ? RETURNING failures',
      [name],
    );
    return row?.failures;
  }

  async succeeded(tx: Tx, name: string): Promise<void> {
    await tx.run('UPDATE schedules SET failures = 0 WHERE name = ? AND failures > 0', [name]);
  }

  async remove(tx: Tx, name: string): Promise<void> {
    await tx.run('DELETE FROM schedules WHERE name = ?', [name]);
  }

  #opened({ sealed, ...row }: RawSchedule): ScheduleRow {
    return { ...row, settings: this.#source.whole({ clear: row.settings, sealed }) };
  }
}
