import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { filesToBackUp } from './backup-files.ts';
import type { Database } from './database.ts';
import { fileStamp } from './file-stamp.ts';

export interface BackupFacts {
  /** Name of the file, without its folder. */
  file: string;
  bytes: number;
  /** Epoch ms. */
  at: number;
  /** Made by itself: rotation may take it away. */
  auto: boolean;
}

/** A backup that was just made, and checked. */
export interface MadeBackup extends BackupFacts {
  /** Of the whole file; also in `<file>.sha256`, as `sha256sum -c` reads it. */
  sha256: string;
}

/** What the thread that seals a backup is told. */
export interface SealOrder {
  /** The copy of the database. */
  copy: string;
  dataDir: string;
  at: number;
}

/** There is less room in the folder than a backup needs. */
export class NoRoomForBackup extends Error {
  override readonly name = 'NoRoomForBackup';
}

const day = 24 * 60 * 60 * 1000;
const pattern = /^wxrc-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z(-auto)?\.backup$/;

/** Where backups lie unless the config says otherwise. */
export function backupFolder(dataDir: string): string {
  return join(dataDir, 'backups');
}

/**
 * Backs the data directory up, while it is in use, into one file: a copy of the database that also
 * holds the vault's key, the uploaded files and those of reports, so that it is enough by itself. Whoever has the file
 * has everything: mode 0600. Runs in worker threads; what is made is whole, or it is not there.
 * @throws NoRoomForBackup
 */
export async function createBackup(options: {
  db: Database;
  dataDir: string;
  now: number;
  /** Default: `backups` in the data directory. */
  folder?: string | undefined;
  auto?: boolean;
}): Promise<MadeBackup> {
  const { db, dataDir, now, auto = false } = options;
  const folder = options.folder ?? backupFolder(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  removeParts(folder, now);
  await assertRoom(dataDir, folder);
  const stamp = fileStamp(now);
  const file = `wxrc-${stamp}${auto ? '-auto' : ''}.backup`;
  const copy = join(folder, `.${file}.part`);
  rmSync(copy, { force: true });
  let sha256: string;
  try {
    await db.backup(copy);
    sha256 = await seal({ copy, dataDir, at: now });
    writeFileSync(join(folder, `${file}.sha256`), `${sha256}  ${file}\n`, { mode: 0o600 });
    renameSync(copy, join(folder, file));
  } finally {
    rmSync(copy, { force: true });
  }
  return { file, bytes: statSync(join(folder, file)).size, at: now, auto, sha256 };
}

/** Newest first. */
export function listBackups(folder: string): BackupFacts[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const found = names.flatMap((file) => {
    const at = timeOf(file);
    if (at === undefined) return [];
    // One that was taken away meanwhile is not there.
    const found = statSync(join(folder, file), { throwIfNoEntry: false });
    if (found === undefined) return [];
    return [{ file, bytes: found.size, at, auto: file.endsWith('-auto.backup') }];
  });
  return found.sort((a, b) => b.at - a.at);
}

/** Takes one away, with its checksum. Only what bears the name of a backup. */
export function removeBackup(folder: string, file: string): void {
  if (timeOf(file) === undefined) throw new Error('not the name of a backup');
  rmSync(join(folder, file), { force: true });
  rmSync(join(folder, `${file}.sha256`), { force: true });
}

/** What a process that was killed left unfinished. Others may be making one in the same folder. */
function removeParts(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    if (!/^\.wxrc-.*\.backup\.part(-journal|-wal|-shm)?$/.test(name)) continue;
    const path = join(folder, name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (now - changed > day) rmSync(path, { force: true });
  }
}

function timeOf(file: string): number | undefined {
  const [whole, year, month, day, hour, minute, second, ms] = pattern.exec(file) ?? [];
  if (whole === undefined) return undefined;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}

/** Better no backup than a disk that it fills: then nothing else could be written either. */
async function assertRoom(dataDir: string, folder: string): Promise<void> {
  const size = (path: string): number =>
    statSync(join(dataDir, path), { throwIfNoEntry: false })?.size ?? 0;
  let data = size('wxrc.db') + size('wxrc.db-wal');
  for await (const { bytes } of filesToBackUp(dataDir)) data += bytes;
  const needed = data * 1.1 + 16 * 1024 * 1024;
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= needed) return;
  const mb = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);
  throw new NoRoomForBackup(
    `a backup needs about ${mb(needed)} MB, ${mb(bavail * bsize)} MB are free`,
  );
}

/** @returns the checksum of what was made */
function seal(order: SealOrder): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./backup-worker.ts', import.meta.url), {
      workerData: order,
    });
    let sha256: string | undefined;
    worker.on('message', (told: string) => {
      sha256 = told;
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (code === 0 && sha256 !== undefined) resolve(sha256);
      else reject(new Error('the backup could not be sealed'));
    });
  });
}
