import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DrillReport } from '../../bot/backups/backups.ts';

/** Larger ones take longer; a drill that hangs must not hang for ever. */
const mostMs = 30 * 60_000;
const prefix = 'drill-';

/**
 * Restores a backup into a folder of its own below the data directory and starts a daemon on it in
 * a process that reaches nobody. Everything is removed afterwards.
 * @param stop ends it at once; it rejects
 */
export async function drillBackup(
  backup: string,
  dataDir: string,
  stop?: AbortSignal,
): Promise<DrillReport> {
  sweep(dataDir);
  const folder = mkdtempSync(join(dataDir, prefix));
  try {
    return await run(backup, folder, stop);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a drill that was killed left behind: it holds secrets. */
function sweep(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    if (/^drill-\w{6}$/.test(name)) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

function run(backup: string, folder: string, stop: AbortSignal | undefined): Promise<DrillReport> {
  const script = join(import.meta.dirname, 'restored-daemon.ts');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, backup, folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const end = (): void => void child.kill('SIGKILL');
    const timer = setTimeout(end, mostMs);
    stop?.addEventListener('abort', end);
    if (stop?.aborted) end();
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err = (err + chunk.toString()).slice(-2000);
    });
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      stop?.removeEventListener('abort', end);
      try {
        // Of our own writing.
        resolve(JSON.parse(out) as DrillReport);
      } catch {
        reject(new Error(`the drill ended without a report: ${err.replaceAll(folder, '').trim()}`));
      }
    });
  });
}
