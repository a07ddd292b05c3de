import { statSync } from 'node:fs';
import type { Logger } from '../config/logger.ts';
import { ToldError } from '../config/told-error.ts';
import type { Database } from './database.ts';
import { migrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { copyBefore, forgetCopy } from './upgrade-copy.ts';

export interface MigrationStatus {
  current: number;
  newest: number;
  pending: { version: number; name: string }[];
}

/** The database was written by a newer wxrc: this one does not know what it would break. */
export class NewerSchema extends ToldError {
  constructor(current: number, newest: number) {
    super({
      zh: `数据库的结构版本为 ${current}，本版本只认识到 ${newest}：请使用更新的 wxrc`,
      en: `the database has schema ${current}, this version knows up to ${newest}: use a newer wxrc`,
    });
  }
}

export async function migrationStatus(
  db: Database,
  known: readonly Migration[] = migrations,
): Promise<MigrationStatus> {
  await db.transaction((tx) =>
    tx.run(
      'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL)',
    ),
  );
  const rows = await db.read<{ version: number }>('SELECT max(version) AS version FROM migrations');
  const current = rows[0]?.version ?? 0;
  const newest = known.at(-1)?.version ?? 0;
  return {
    current,
    newest,
    pending: known
      .filter((one) => one.version > current)
      .map(({ version, name }) => ({ version, name })),
  };
}

/**
 * Brings the schema up to date. A database that already holds data is copied first to
 * `<file>.before-<version>`.
 * @throws NewerSchema
 */
export async function migrate(
  db: Database,
  options: { now: number; backupFile?: string; known?: readonly Migration[]; logger?: Logger },
): Promise<MigrationStatus> {
  const known = options.known ?? migrations;
  const status = await migrationStatus(db, known);
  if (status.current > status.newest) throw new NewerSchema(status.current, status.newest);
  if (status.current > 0 && status.pending.length > 0 && options.backupFile !== undefined) {
    const { current, newest } = status;
    const { size: bytes } = statSync(options.backupFile);
    options.logger?.info(
      { from: current, to: newest, bytes },
      'upgrade: copying the database first',
    );
    await copyBefore(db, { file: options.backupFile, current, newest, now: options.now });
    options.logger?.info('upgrade: copied');
  }
  // Of an upgrade that an older version took back.
  if (status.pending.length === 0) await db.transaction((tx) => tx.run(forgetCopy));
  for (const migration of known) {
    if (migration.version <= status.current) continue;
    await db.transaction(async (tx) => {
      for (const statement of migration.statements) await tx.run(statement);
      await tx.run('INSERT INTO migrations (version, name, at) VALUES (?, ?, ?)', [
        migration.version,
        migration.name,
        options.now,
      ]);
      if (migration.version === status.newest) await tx.run(forgetCopy);
    });
  }
  return status;
}
