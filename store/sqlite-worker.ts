import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { sqliteTempDir } from '../config/env.ts';
import type { HelperAnswer, HelperRequest } from './sqlite-helper.ts';

// Thread of sqlite-helper.ts: one connection of its own, so that what takes long holds nobody up.
const { file } = workerData as { file: string };
// Where the file was taken away meanwhile, an empty one in its place would look like the whole.
const db = new Sqlite(file, { timeout: 10_000, fileMustExist: true });
db.pragma('synchronous = NORMAL');
db.pragma('wal_autocheckpoint = 0');

parentPort?.on('message', (request: HelperRequest) => {
  answer(request).then(
    (value) => post({ id: request.id, value }),
    (error: unknown) => post({ id: request.id, error: told(error) }),
  );
});

async function answer(request: HelperRequest): Promise<unknown> {
  switch (request.kind) {
    case 'query':
      return db.prepare(request.sql).all(...request.params);
    case 'checkpoint':
      return db.pragma('wal_checkpoint(PASSIVE)');
    case 'backup':
      // All pages in one step: between steps, each commit would make it begin anew.
      await db.backup(request.file, { progress: () => 0x7fff_ffff });
      return undefined;
    case 'rewrite':
      assertRoom();
      db.pragma('auto_vacuum = INCREMENTAL');
      db.exec('VACUUM');
      // The log still holds pages of before.
      return truncateLog();
    case 'close':
      db.close();
      return undefined;
  }
}

/** All of it goes through the log: a disk that it filled could take nothing else. */
function assertRoom(): void {
  const { size } = statSync(file);
  const data = dirname(file);
  const temp = sqliteTempDir() ?? data;
  const apart = existsSync(temp) && statSync(temp).dev !== statSync(data).dev;
  for (const folder of apart ? [data, temp] : [data]) {
    const { bavail, bsize } = statfsSync(folder);
    // Once in the log, once in a file for a while.
    const needed = Math.ceil(size * (apart ? 1.1 : 2.2)) + 16 * 1024 * 1024;
    if (bavail * bsize >= needed) continue;
    throw new Error(`${folder} has no room to write the database anew: ${needed} bytes`);
  }
}

function truncateLog(): void {
  const [end] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
  if (end?.busy !== 0) throw new Error('the log is in use');
}

function told(error: unknown): { message: string; code: string | undefined } {
  if (!(error instanceof Error)) return { message: String(error), code: undefined };
  return { message: error.message, code: 'code' in error ? String(error.code) : undefined };
}

function post(message: HelperAnswer): void {
  parentPort?.postMessage(message);
}
