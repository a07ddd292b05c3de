import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
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
    (error: unknown) =>
      post({ id: request.id, error: error instanceof Error ? error.message : String(error) }),
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
    case 'close':
      db.close();
      return undefined;
  }
}

function post(message: HelperAnswer): void {
  parentPort?.postMessage(message);
}
