import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import type { SealOrder } from './backup.ts';
import { filesToBackUp } from './backup-files.ts';
import { sha256Of } from './sha256.ts';
import { syncPath } from './sync-path.ts';

// Thread of backup.ts: puts what lies beside the database into the copy, and checks it.
const { copy, dataDir, at } = workerData as SealOrder;
chmodSync(copy, 0o600);
const db = new Sqlite(copy);
db.pragma('journal_mode = DELETE');
db.exec('CREATE TABLE backup_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)');
db.exec('CREATE TABLE backup_parts (name TEXT PRIMARY KEY, bytes BLOB NOT NULL)');
const fact = db.prepare('INSERT INTO backup_facts VALUES (?, ?)');
fact.run('format', '1');
fact.run('at', String(at));
const part = db.prepare('INSERT INTO backup_parts VALUES (?, ?)');
part.run('secret.key', readFileSync(join(dataDir, 'secret.key')));
for await (const { name } of filesToBackUp(dataDir)) {
  const bytes = readIfThere(join(dataDir, name));
  if (bytes !== undefined) part.run(name, bytes);
}
const [check] = db.pragma('integrity_check(1)') as { integrity_check: string }[];
if (check?.integrity_check !== 'ok') throw new Error('the copy is damaged');
db.close();
syncPath(copy);
parentPort?.postMessage(sha256Of(copy));

/** One that was forgotten meanwhile is not missed. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
