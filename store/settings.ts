import type { Database, Tx } from './database.ts';

/** Values of the whole installation, by name. */
export class SettingStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async read(name: string): Promise<string | undefined> {
    const [row] = await this.db.read<{ value: string }>(
      'SELECT value FROM settings WHERE name = ?',
      [name],
    );
    return row?.value;
  }

  async write(tx: Tx, name: string, value: string): Promise<void> {
    await tx.run(
      `INSERT INTO settings (name, value) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      [name, value],
    );
  }
}
