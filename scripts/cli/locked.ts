import { existsSync } from 'node:fs';
import { acquireLock, StoreLocked } from '../../store/lock.ts';
import { NewerSchema } from '../../store/migrator.ts';
import { openDatabase } from '../../store/open-database.ts';
import { BackupFault } from '../../store/restore.ts';
import type { SqliteDatabase } from '../../store/sqlite.ts';
import { DatabaseUnusable } from '../../store/wal-check.ts';
import type { CliContext } from './context.ts';
import { CliFailure, exitCodes } from './failure.ts';

/** Opens the database of a data directory that nobody uses. */
export async function locked<T>(
  context: CliContext,
  file: string,
  work: (db: SqliteDatabase) => Promise<T>,
): Promise<T> {
  if (!existsSync(file)) {
    throw new CliFailure(exitCodes.failed, {
      zh: `${context.dataDir} 中没有数据库`,
      en: `there is no database in ${context.dataDir}`,
    });
  }
  const lock = refusing(context, () => acquireLock(context.dataDir));
  let db: SqliteDatabase | undefined;
  try {
    // As a start does: SQLite would forget what stands behind damage, without a word.
    db = openDatabase({ file });
    return await work(db);
  } catch (error) {
    const unusable = error instanceof DatabaseUnusable;
    if (!unusable && !(error instanceof NewerSchema)) throw error;
    const code = unusable ? exitCodes.database : exitCodes.failed;
    throw new CliFailure(code, error.text);
  } finally {
    await db?.close();
    lock.release();
  }
}

/** Who holds the data directory, and what is wrong with a backup, as a failure of the command. */
export function refusing<T>(context: CliContext, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof StoreLocked) {
      throw new CliFailure(exitCodes.inUse, {
        zh: `${context.dataDir} 正被守护进程使用（pid ${error.pid ?? '?'}），请先停止它`,
        en: `${context.dataDir} is in use by the daemon (pid ${error.pid ?? '?'}): stop it first`,
      });
    }
    if (error instanceof BackupFault) {
      throw new CliFailure(exitCodes.failed, error.text);
    }
    throw error;
  }
}
