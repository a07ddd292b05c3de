import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DrillReport } from '../../bot/backups/backups.ts';
import { drillSays } from '../../bot/backups/drill-words.ts';
import { parseConfig } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import { type BackupContents, restoreBackup } from '../../store/restore.ts';
import { sha256Of } from '../../store/sha256.ts';
import { countSealed } from '../../store/typed-secrets.ts';
import { createDaemon } from '../daemon.ts';
import { forbidOutgoing } from './no-network.ts';

// Process of backup-drill.ts: BACKUP FOLDER in, a report on stdout.
const [backup = '', folder = ''] = process.argv.slice(2);
const steps: DrillReport['steps'] = [];
const began = performance.now();
let contents: BackupContents | undefined;

/** One step; what it returns is what is told of it. */
async function step(name: string, work: () => Promise<string> | string): Promise<boolean> {
  try {
    steps.push({ name, ok: true, detail: await work() });
    return true;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // Where on this machine is nobody's business.
    const detail = text.replaceAll(folder, '').replaceAll(backup, basename(backup));
    steps.push({ name, ok: false, detail });
    return false;
  }
}

const done =
  (await step('restore', () => {
    contents = restoreBackup({ backup, dataDir: folder, now: Date.now(), queued: 'unknown' });
    const { schema, channels, bots, sends, users, messages, files } = contents;
    return drillSays('restored', schema, channels, bots, sends, users, messages, files);
  })) &&
  (await step('files', checkFiles)) &&
  (await daemonWorks());

const report: DrillReport = {
  ok: done,
  file: basename(backup),
  madeAt: contents?.at ?? 0,
  tookMs: Math.round(performance.now() - began),
  steps,
};
process.stdout.write(JSON.stringify(report), () => process.exit(done ? 0 : 1));

/** Every uploaded file is there and is what its name says. */
function checkFiles(): string {
  const found = filesBelow(join(folder, 'files'));
  for (const path of found) {
    if (sha256Of(path) !== basename(path)) throw new Error(drillSays('fileChanged'));
  }
  const wanted = contents?.files ?? 0;
  if (found.length !== wanted) throw new Error(drillSays('filesMissing', found.length, wanted));
  return drillSays('filesWhole', found.length);
}

/** A daemon starts on it and is ready; what the backup says is in it is there. */
async function daemonWorks(): Promise<boolean> {
  const allow = forbidOutgoing();
  const daemon = await createDaemon(
    parseConfig({ dataDir: folder, http: { port: 0 }, chatbot: { starter: false } }),
    { logger: createLogger('warn'), onFatal: () => process.exit(1), quiet: true },
  );
  try {
    return (
      (await step('start', async () => {
        await daemon.start();
        return drillSays('started');
      })) &&
      (await step('ready', async () => {
        allow(Number(new URL(daemon.url).port));
        const response = await fetch(`${daemon.url}/ready`);
        const { reasons } = (await response.json()) as { reasons: string[] };
        if (!response.ok) throw new Error(reasons.join('; '));
        return drillSays('ready');
      })) &&
      (await step('counts', () => compareCounts(daemon.core.db.read.bind(daemon.core.db)))) &&
      (await step('keys', async () => {
        const channels = daemon.core.channels.list();
        const without = channels.filter(
          (one) => one.keys.length === 0 && one.settings.publicKey === undefined,
        );
        if (without.length > 0) throw new Error(drillSays('keysLost', without.length));
        const { sealed, lost } = await countSealed(daemon.core.db, daemon.core.vault);
        if (lost > 0) throw new Error(drillSays('sourcesLost', lost));
        return drillSays('keys', channels.length, sealed);
      }))
    );
  } finally {
    await daemon.stop().catch(() => {});
  }
}

type Read = <T>(sql: string) => Promise<T[]>;

async function compareCounts(read: Read): Promise<string> {
  if (contents === undefined) throw new Error(drillSays('nothing'));
  // A restoration adds rows that stand for numbers given out since.
  const wanted = [
    ['channels', contents.channels],
    ['bots', contents.bots],
    ['sends', contents.sends + 1],
    ['im_users', contents.users],
    ['im_messages', contents.messages],
  ] as const;
  for (const [table, count] of wanted) {
    const [row] = await read<{ count: number }>(`SELECT count(*) AS count FROM ${table}`);
    const found = Number(row?.count);
    if (found < count) throw new Error(drillSays('rowsMissing', table, found, count));
  }
  return drillSays('counted');
}

function filesBelow(root: string): string[] {
  try {
    return readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => /[0-9a-f]{64}$/.test(name))
      .map((name) => join(root, name));
  } catch {
    return [];
  }
}
