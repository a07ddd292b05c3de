import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  createReadStream,
  type Dirent,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import type { SealOrder } from './backup.ts';

/** Each is read as a whole; larger ones are databases, which have backups of their own. */
const largestReportFile = 64 * 1024 * 1024;

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
for (const name of [...filesBelow('files', uploaded), ...filesBelow('reports', anyFile)]) {
  const bytes = readIfThere(join(dataDir, name));
  if (bytes !== undefined) part.run(name, bytes);
}
const [check] = db.pragma('integrity_check(1)') as { integrity_check: string }[];
if (check?.integrity_check !== 'ok') throw new Error('the copy is damaged');
db.close();
const fd = openSync(copy, 'r');
fsyncSync(fd);
closeSync(fd);
parentPort?.postMessage(await sha256Of(copy));

async function sha256Of(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
  return digest.digest('hex');
}

/** Uploads that are whole. */
function uploaded({ name }: { name: string }): boolean {
  return /^[0-9a-f]{2}\/[0-9a-f]{64}$/.test(name);
}

/** Of what operators put there: files, no links. */
function anyFile({ bytes }: { bytes: number }): boolean {
  return bytes <= largestReportFile;
}

/** Paths of plain files, relative to the data directory. */
function filesBelow(
  folder: string,
  wanted: (file: { name: string; bytes: number }) => boolean,
): string[] {
  let found: Dirent[];
  try {
    found = readdirSync(join(dataDir, folder), { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
  return found
    .filter((one) => one.isFile())
    .flatMap((one) => {
      const path = join(one.parentPath, one.name);
      const name = relative(join(dataDir, folder), path).split(sep).join('/');
      const bytes = statSync(path, { throwIfNoEntry: false })?.size;
      return bytes !== undefined && wanted({ name, bytes }) ? [`${folder}/${name}`] : [];
    });
}

/** One that was forgotten meanwhile is not missed. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
