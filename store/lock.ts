import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { ToldError } from '../config/told-error.ts';

export interface Lock {
  /** Idempotent. */
  release(): void;
}

/** Another process holds the data directory. */
export class StoreLocked extends ToldError {
  override readonly name = 'StoreLocked';
  /** Process id of the holder, where it could be read. */
  readonly pid: number | undefined;
  constructor(dataDir: string, pid: number | undefined) {
    const holder =
      pid === undefined
        ? { zh: '另一个进程', en: 'another process' }
        : { zh: `进程 ${pid}`, en: `the process ${pid}` };
    super({
      zh: `${dataDir} 正被${holder.zh}使用：一个数据目录只能有一个守护进程`,
      en: `${dataDir} is in use by ${holder.en}: one daemon per data directory`,
    });
    this.pid = pid;
  }
}

/**
 * Takes the data directory for this process. The lock is one of the operating system on a file of
 * its own, held through SQLite: it dies with the process, whatever way that ends, so there is no
 * stale lock to clean up.
 * @throws StoreLocked
 */
export function acquireLock(dataDir: string): Lock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const pidFile = join(dataDir, 'lock.pid');
  const db = new Sqlite(join(dataDir, 'lock.db'), { timeout: 0 });
  try {
    // A rollback journal, not WAL: only there does EXCLUSIVE lock other processes out of the file.
    db.pragma('journal_mode = DELETE');
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (!isBusy(error)) throw error;
    throw new StoreLocked(dataDir, readPid(pidFile));
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  let held = true;
  return {
    release: () => {
      if (!held) return;
      held = false;
      rmSync(pidFile, { force: true });
      db.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8').trim());
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
