import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { assertNothingSaved } from './saved-database.ts';
import { SqliteDatabase, type SqliteOptions } from './sqlite.ts';
import { assertWal, DatabaseUnusable } from './wal-check.ts';

/**
 * Opens a database that a daemon is to rely on, or says in words why it cannot.
 * @throws DatabaseUnusable
 */
export function openDatabase(options: SqliteOptions): SqliteDatabase {
  const { file } = options;
  assertWritable(file);
  assertNothingSaved(file);
  assertWal(file);
  try {
    return new SqliteDatabase(options);
  } catch (error) {
    throw spelled(error);
  }
}

/** What SQLite said, in words; anything else as it is. */
export function spelled(error: unknown): unknown {
  // A port that may not be used says EACCES, too.
  if (error instanceof Error && 'syscall' in error && error.syscall === 'listen') return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const unusable = (zh: string, en: string) => new DatabaseUnusable({ zh, en }, { cause: error });
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS' || code === 'EACCES') {
    return unusable('数据库只读，什么也存不下', 'the database is read-only: nothing could be kept');
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return unusable(
      '数据库已损坏，请恢复最近的备份',
      'the database is damaged: restore the newest backup',
    );
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') {
    return unusable(
      '磁盘已满，请腾出空间后再启动',
      'the disk is full: make room, then start again',
    );
  }
  if (code.startsWith('SQLITE_IOERR') || code === 'SQLITE_CANTOPEN' || code === 'EIO') {
    return unusable(
      `数据库无法读写（${code}）`,
      `the database cannot be read or written (${code})`,
    );
  }
  return error;
}

function assertWritable(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
    if (existsSync(file)) accessSync(file, constants.W_OK);
  } catch (error) {
    throw spelled(error);
  }
}
