import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Database } from './database.ts';

export interface BackupFacts {
  /** Name of the file, without its folder. */
  file: string;
  bytes: number;
  /** Epoch ms. */
  at: number;
}

/** What the thread that seals a backup is told. */
export interface SealOrder {
  /** The copy of the database. */
  copy: string;
  dataDir: string;
  at: number;
}

const pattern = /^wxrc-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.backup$/;

/**
 * Backs the data directory up, while it is in use, into one file below `<dataDir>/backups`: a copy
 * of the database that also holds the vault's key and the uploaded files, so that it is enough by
 * itself. Whoever has the file has everything: mode 0600. Runs in worker threads.
 */
export async function createBackup(options: {
  db: Database;
  dataDir: string;
  now: number;
}): Promise<BackupFacts> {
  const { db, dataDir, now } = options;
  const folder = join(dataDir, 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = `wxrc-${new Date(now).toISOString().replace(/[-:.]/g, '')}.backup`;
  const copy = join(folder, `.${file}.part`);
  rmSync(copy, { force: true });
  try {
    await db.backup(copy);
    await seal({ copy, dataDir, at: now });
    renameSync(copy, join(folder, file));
  } finally {
    rmSync(copy, { force: true });
  }
  return { file, bytes: statSync(join(folder, file)).size, at: now };
}

/** Newest first. */
export function listBackups(dataDir: string): BackupFacts[] {
  let names: string[];
  try {
    names = readdirSync(join(dataDir, 'backups'));
  } catch {
    return [];
  }
  const found = names
    .filter((name) => pattern.test(name))
    .map((file) => {
      const [, year, month, day, hour, minute, second, ms] = pattern.exec(file) ?? [];
      const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
      return { file, bytes: statSync(join(dataDir, 'backups', file)).size, at };
    });
  return found.sort((a, b) => b.at - a.at);
}

function seal(order: SealOrder): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./backup-worker.ts', import.meta.url), {
      workerData: order,
    });
    worker.once('error', reject);
    worker.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error('the backup could not be sealed')),
    );
  });
}
