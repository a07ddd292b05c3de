import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { seeded } from './kill.ts';
import { readyUrl, said, spawnNode } from './spawned.ts';

export interface UploadKillOptions {
  times: number;
  seed: number;
  /** The daemon as users run it; else uploads alone, which start in a fraction of the time. */
  whole: boolean;
  print: (line: string) => void;
}

export interface UploadKillReport {
  kills: number;
  /** Uploads that were answered, and those that a kill broke off. */
  answered: number;
  brokenOff: number;
  /** Lives in which drafts were there when they ended: what the next start had to clean. */
  strays: number;
  /** Promises that were not kept; empty when all is well. */
  broken: string[];
}

const uploaders = 6;
/** The beginning of a PNG: enough to be taken for one. */
const head = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000', 'hex');

/**
 * Files are uploaded while the daemon is killed and started again. In each next life every upload
 * that was answered is there and whole, and nothing is left of those that were not.
 */
export async function runUploadKills(options: UploadKillOptions): Promise<UploadKillReport> {
  const random = seeded(options.seed);
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-fault-upload-'));
  const report: UploadKillReport = { kills: 0, answered: 0, brokenOff: 0, strays: 0, broken: [] };
  const answered = new Map<string, string>();
  /** Some contents come again and again. */
  const again = [1, 300_000].map((size) => contentOf(size));
  try {
    const config = writeConfig(folder);
    while (report.kills < options.times && report.broken.length <= 20) {
      // Every second time at a random moment, else at a random transaction.
      const step = [undefined, 'before', undefined, 'durable'][report.kills % 4];
      const trap = step === undefined ? [] : [step, String(1 + Math.floor(random() * 6))];
      const victim = await start(config, options.whole, trap);
      report.broken.push(...draftsIn(folder).map((name) => `${name} was there after a start`));
      const recent = [...answered].slice(-20);
      report.broken.push(...(await missingOf(victim.url, recent)));
      const content = (): Buffer =>
        random() < 0.2
          ? (again[Math.floor(random() * again.length)] ?? head)
          : contentOf(random() < 0.5 ? random() * 5000 : random() * 3_000_000);
      const lives = Array.from({ length: uploaders }, async () => {
        while (!victim.ended()) {
          const bytes = content();
          const url = await upload(victim.url, bytes, random() < 0.1).catch(() => undefined);
          if (url === undefined) report.brokenOff += 1;
          else {
            report.answered += 1;
            answered.set(url, hashOf(bytes));
          }
        }
      });
      const timer = setTimeout(victim.kill, step === undefined ? 20 + random() * 150 : 600);
      await Promise.all([victim.over, ...lives]);
      clearTimeout(timer);
      report.kills += 1;
      if (draftsIn(folder).length > 0) report.strays += 1;
      if (report.kills % 25 === 0) options.print(JSON.stringify(report));
    }
    const last = await start(config, options.whole, []);
    report.broken.push(...(await missingOf(last.url, [...answered])));
    last.kill();
    await last.over;
    report.broken.push(...auditOf(folder, new Set(answered.values())));
    return report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function contentOf(size: number): Buffer {
  return Buffer.concat([head, randomBytes(Math.ceil(size))]);
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** @returns its url; undefined when it was refused because it was left in the middle */
async function upload(base: string, bytes: Buffer, leave: boolean): Promise<string | undefined> {
  const form = new FormData();
  form.set('image', new Blob([new Uint8Array(bytes)]), 'x.png');
  const signal = leave ? AbortSignal.timeout(2) : AbortSignal.timeout(20_000);
  const response = await fetch(`${base}/api/imbot/image`, { method: 'POST', body: form, signal });
  const { url } = (await response.json()) as { url?: string };
  return url;
}

/** Which of these are not served whole. */
async function missingOf(base: string, uploads: [string, string][]): Promise<string[]> {
  const missing: string[] = [];
  for (const [url, sha256] of uploads) {
    const response = await fetch(`${base}/api/imbot/${url}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.status !== 200 || hashOf(bytes) !== sha256) {
      missing.push(`${url} was answered and is not whole: ${response.status}`);
    }
  }
  return missing;
}

function draftsIn(folder: string): string[] {
  try {
    return readdirSync(join(folder, 'files', 'tmp'));
  } catch {
    return [];
  }
}

/** What the last life left: each file has a row, each row its file, and nothing else is there. */
function auditOf(folder: string, answered: ReadonlySet<string>): string[] {
  const db = new Sqlite(join(folder, 'wxrc.db'), { readonly: true });
  const rows = new Set(db.prepare('SELECT sha256 FROM files').pluck().all() as string[]);
  db.close();
  const names = readdirSync(join(folder, 'files'), { recursive: true, withFileTypes: true });
  const kept = new Set(names.filter((one) => one.isFile()).map((one) => one.name));
  return [
    ...[...kept].filter((name) => !rows.has(name)).map((name) => `${name} has no row`),
    ...[...rows].filter((name) => !kept.has(name)).map((name) => `${name} has no file`),
    ...[...answered].filter((name) => !rows.has(name)).map((name) => `${name} is forgotten`),
  ];
}

interface Victim {
  url: string;
  over: Promise<void>;
  ended(): boolean;
  kill(): void;
}

async function start(config: string, whole: boolean, trap: string[]): Promise<Victim> {
  const program = join(import.meta.dirname, 'upload-victim.ts');
  const args = [program, config, whole ? 'whole' : 'alone', ...trap];
  const spawned = spawnNode(args);
  const { child } = spawned;
  let ended = false;
  const over = spawned.ended.then(() => {
    ended = true;
  });
  const [url = ''] = (await said(spawned, readyUrl)) ?? [];
  return { url, over, ended: () => ended, kill: () => child.kill('SIGKILL') };
}

function writeConfig(folder: string): string {
  const file = join(folder, 'config.json');
  const config = {
    ...{ http: { host: '127.0.0.1', port: 0 }, dataDir: folder, admin: { password: 'fault' } },
    ...{ log: 'error', channels: [], bots: [] },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}
