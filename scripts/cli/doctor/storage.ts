import {
  closeSync,
  existsSync,
  fdatasyncSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { openVault } from '../../../config/secrets.ts';
import { ToldError } from '../../../config/told-error.ts';
import { acquireLock, StoreLocked } from '../../../store/lock.ts';
import { typedSecrets } from '../../../store/migrations/021-typed-secrets.ts';
import { migrationStatus } from '../../../store/migrator.ts';
import { openDatabase } from '../../../store/open-database.ts';
import type { SqliteDatabase } from '../../../store/sqlite.ts';
import { areLeft } from '../../../store/typed-secrets.ts';
import { schemaOf } from '../../../store/upgrade-copy.ts';
import { assertVault, knowsVault } from '../../../store/vault-check.ts';
import { checkWal, DatabaseUnusable } from '../../../store/wal-check.ts';
import { formatBytes } from '../output.ts';
import { type Check, type Finding, finding } from './check.ts';

const syncs = 20;
const slowSyncMs = 20;
const leastFreeBytes = 1024 ** 3;

export const checkDataDir: Check = ({ dataDir }) => {
  if (!existsSync(dataDir)) {
    const found = `${dataDir}`;
    return [finding('data', 'info', `${found} 尚不存在`, `${found} is not there yet`)];
  }
  const findings: Finding[] = [finding('data', 'ok', dataDir, dataDir)];
  for (const [path, most] of [
    [dataDir, 0o700],
    [join(dataDir, 'secret.key'), 0o600],
    [join(dataDir, 'wxrc.db'), 0o644],
  ] as const) {
    if (!existsSync(path)) continue;
    const mode = statSync(path).mode & 0o777;
    if ((mode & ~most) === 0) continue;
    const octal = mode.toString(8);
    findings.push(
      finding(
        'data',
        'warn',
        `${path} 权限 ${octal}，其他用户可访问`,
        `${path} has mode ${octal}: other users can get at it`,
      ),
    );
  }
  findings.push(...copiesInClear(dataDir));
  const { bavail, bsize } = statfsSync(dataDir);
  const free = formatBytes(bavail * bsize);
  const enough = bavail * bsize >= leastFreeBytes;
  findings.push(finding('disk', enough ? 'ok' : 'warn', `可用 ${free}`, `${free} free`));
  return findings;
};

/** Copies for going back hold what is sealed by now. */
function copiesInClear(dataDir: string): Finding[] {
  return readdirSync(dataDir).flatMap((name) => {
    if (!/^wxrc\.db\.before-\d+(\.\w+)?$/.test(name) || name.endsWith('.part')) return [];
    // The name says what it was made before, which may be versions later.
    if ((schemaOf(join(dataDir, name)) ?? 0) >= typedSecrets.version) return [];
    return finding(
      'data',
      'warn',
      `${name} 含未加密的地址与口令，不再回退旧版本时请删除`,
      `${name} holds addresses and passwords in clear: remove it when you will not go back`,
    );
  });
}

/** What each acknowledged command waits for. */
export const checkSync: Check = ({ dataDir }) => {
  const folder = existsSync(dataDir) ? dataDir : dirname(dataDir);
  const path = join(folder, `.doctor-${process.pid}`);
  const times: number[] = [];
  let fd: number;
  try {
    fd = openSync(path, 'wx', 0o600);
  } catch {
    return [finding('sync', 'fail', `${folder} 不可写`, `${folder} cannot be written to`)];
  }
  try {
    const block = Buffer.alloc(4096, 1);
    for (let i = 0; i < syncs; i += 1) {
      writeSync(fd, block);
      const began = performance.now();
      fdatasyncSync(fd);
      times.push(performance.now() - began);
    }
  } finally {
    closeSync(fd);
    rmSync(path, { force: true });
  }
  times.sort((a, b) => a - b);
  const median = times[syncs / 2] ?? 0;
  const worst = times.at(-1) ?? 0;
  const [usual, most] = [`${median.toFixed(2)} ms`, `${worst.toFixed(2)} ms`];
  const slow = median > slowSyncMs;
  return [
    finding(
      'sync',
      slow ? 'warn' : 'ok',
      `一次 ${usual}，最长 ${most}${slow ? '，过慢：每条命令都要等待' : ''}`,
      `the disk syncs in ${usual}, ${most} at most${slow ? ': slow, each command waits for it' : ''}`,
    ),
  ];
};

/** The lock, and the database where nobody holds it. */
export const checkStore: Check = async ({ dataDir }) => {
  const file = join(dataDir, 'wxrc.db');
  if (!existsSync(file) && checkWal(`${file}-wal`) === undefined) {
    return [finding('store', 'info', '尚无数据库', 'no database yet')];
  }
  let lock: ReturnType<typeof acquireLock>;
  try {
    lock = acquireLock(dataDir);
  } catch (error) {
    if (!(error instanceof StoreLocked)) throw error;
    const pid = error.pid ?? '?';
    return [
      finding('store', 'ok', `由守护进程使用中（pid ${pid}）`, `in use by the daemon, pid ${pid}`),
    ];
  }
  let db: SqliteDatabase | undefined;
  try {
    // Refuses as a start does: opened plainly, SQLite would forget commits behind damage.
    db = openDatabase({ file });
    const { current, newest, pending } = await migrationStatus(db);

    const schema = `schema ${current}/${newest}`;
    if (current > newest) {
      return [
        finding('store', 'fail', `${schema}，需要更新的 wxrc`, `${schema}: use a newer wxrc`),
      ];
    }
    const key = await keyFinding(db, dataDir);
    if (key !== undefined) return [key];
    if (pending.length === 0 && (await areLeft(db))) {
      const zh = '空闲页中可能仍有未加密的口令：请腾出空间后重新启动';
      const en = 'secrets in clear may lie in free pages: make room, then start';
      return [finding('store', 'warn', zh, en)];
    }
    return [
      pending.length === 0
        ? finding('store', 'ok', `${schema}，未运行`, `${schema}, not running`)
        : finding(
            'store',
            'info',
            `${schema}，启动时升级`,
            `${schema}, brought up to date at start`,
          ),
    ];
  } catch (error) {
    if (!(error instanceof DatabaseUnusable)) throw error;
    return [finding('store', 'fail', error.text.zh, error.text.en)];
  } finally {
    await db?.close();
    lock.release();
  }
};

/** What is wrong with `secret.key`, which what is sealed in the database cannot be read without. */
async function keyFinding(db: SqliteDatabase, dataDir: string): Promise<Finding | undefined> {
  if (!(await knowsVault(db))) return undefined;
  if (!existsSync(join(dataDir, 'secret.key'))) {
    return finding(
      'key',
      'fail',
      'secret.key 丢失，请从备份恢复',
      'secret.key is missing: a backup has it',
    );
  }
  try {
    await assertVault(db, openVault(dataDir));
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const why = error instanceof ToldError ? error.text : { zh: said, en: said };
    return finding('key', 'fail', why.zh, why.en);
  }
}
