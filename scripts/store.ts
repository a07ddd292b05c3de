import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabasePresence } from '../bot/storage.ts';
import type { Logger } from '../config/logger.ts';
import type { Vault } from '../config/secrets.ts';
import type { Database, DatabaseFatal } from '../store/database.ts';
import { DatabaseHealth } from '../store/database-health.ts';
import { migrate } from '../store/migrator.ts';
import { openDatabase, spelled } from '../store/open-database.ts';
import { OpenedFile } from '../store/opened-file.ts';
import { leaveUnknown, savedName } from '../store/saved-database.ts';
import type { SqliteDatabase } from '../store/sqlite.ts';
import { SyncMeter } from '../store/sync-meter.ts';
import { areLeft, countSealed, markSealed, sealTyped } from '../store/typed-secrets.ts';
import { assertVault, openVaultOf } from '../store/vault-check.ts';

export interface StoreOptions {
  dataDir: string;
  /** Epoch ms, for the name of the backup before a migration. */
  now: number;
  /** The database cannot be relied on any more. */
  onFatal: (error: DatabaseFatal) => void;
  logger: Logger;
  wrap?: ((db: Database) => Database) | undefined;
}

/** Opens the data directory: the vault, and the database with its schema brought up to date. */
export async function openStore(options: StoreOptions) {
  const { dataDir, now, onFatal, wrap, logger } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'wxrc.db');
  const syncs = new SyncMeter();
  const health = new DatabaseHealth();
  const opened = openDatabase({ file, onFatal, sync: syncs.sync, health });
  const db = wrap?.(opened) ?? opened;
  let vault: Vault;
  try {
    vault = await openVaultOf(db, dataDir);
    const { current } = await migrate(db, { now, backupFile: file, logger });
    await assertVault(db, vault);
    if (current === 0) await markSealed(db);
    else await seal(db, vault, opened, logger);
  } catch (error) {
    await db.close().catch(() => {});
    throw spelled(error);
  }
  // Without its log the database lacks what was acknowledged last.
  const inUse = [new OpenedFile(file), new OpenedFile(`${file}-wal`)];
  let saved: string | undefined;
  return {
    ...{ vault, file, syncs, health, db },
    /** In free pages; only a start can change that. */
    secretsLeft: await areLeft(db),
    presence: {
      isThere: async () => {
        const there = await Promise.all(inUse.map((one) => one.isThere()));
        return there.every(Boolean);
      },
      save: async (at, { exact }) => {
        const name = saved ?? savedName(dataDir, at);
        rmSync(`${name}.part`, { force: true });
        await opened.save(`${name}.part`);
        if (!exact) leaveUnknown(`${name}.part`, at);
        renameSync(`${name}.part`, name);
        saved = name;
      },
      forget: () => {
        if (saved !== undefined) rmSync(saved, { force: true });
        saved = undefined;
      },
    } satisfies DatabasePresence,
    /** Gives free pages back to the disk. */
    reclaim: (pages: number) => opened.reclaim(pages),
  };
}

/** What older versions wrote in clear; and whether what is sealed can be opened. */
async function seal(
  db: Database,
  vault: Vault,
  opened: SqliteDatabase,
  logger: Logger,
): Promise<void> {
  const rewrite = async (): Promise<void> => {
    logger.info('writing the database anew, so that no secret is left in clear: takes a while');
    await opened.rewrite();
    logger.info('the database is written anew');
  };
  const onLeft = (error: unknown): void => {
    const left = 'what was typed as a secret before may lie in free pages of the database';
    logger.warn(
      { err: error },
      `${left}: it could not be written anew; the next start tries again`,
    );
  };
  await sealTyped(db, vault, rewrite, onLeft);
  const { lost } = await countSealed(db, vault);
  if (lost === 0) return;
  const instead = 'in their place stands https://lost.invalid/, type them again';
  logger.error({ lost }, `addresses or sources cannot be opened with this secret.key: ${instead}`);
}
