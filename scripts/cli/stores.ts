import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { DrillReport } from '../../bot/backups/backups.ts';
import { drillSteps } from '../../bot/backups/drill-words.ts';
import { knownSayings } from '../../bot/known-sayings.ts';
import { ConfigError } from '../../config/config.ts';
import { openVault } from '../../config/secrets.ts';
import { type BackupFacts, backupFolder, createBackup, listBackups } from '../../store/backup.ts';
import { acquireLock } from '../../store/lock.ts';
import { migrate, migrationStatus } from '../../store/migrator.ts';
import { inspectBackup, restoreBackup } from '../../store/restore.ts';
import { acceptVault, openVaultOf } from '../../store/vault-check.ts';
import { checkWal, cutWal } from '../../store/wal-check.ts';
import { drillBackup } from '../drills/backup-drill.ts';
import { cliCommand, flag, text } from './command.ts';
import type { CliContext } from './context.ts';
import { CliFailure, exitCodes, usageFailure } from './failure.ts';
import { locked, refusing } from './locked.ts';
import { formatBytes } from './output.ts';

const ended = { well: { zh: '成功', en: 'OK' }, badly: { zh: '失败', en: 'FAILED' } };

export const storeCommands = [
  cliCommand({
    name: 'backup',
    usage: '[--out FILE]',
    summary: { zh: '备份全部数据为一个文件', en: 'back everything up into one file' },
    details: {
      zh: '含数据库、密钥、上传的文件、报表目录中的文件；守护进程运行与否均可。请妥善保管：文件内含全部密钥。',
      en: 'Database, keys, uploaded files and those of reports, whether the daemon runs or not. Keep it safe: it holds every secret.',
    },
    options: { out: text },
    run: async (context, { out }) => {
      if (out !== undefined) assertFolder(dirname(resolve(out)));
      const facts = await back(context);
      const made = join(backupsOf(context), facts.file);
      if (out !== undefined) await copyFile(made, out);
      const path = out ?? made;
      context.print({ ...facts, path }, () => `${path}  ${formatBytes(facts.bytes)}`);
    },
  }),
  cliCommand({
    name: 'backup list',
    usage: '',
    summary: { zh: '列出备份', en: 'list backups' },
    run: async (context) => {
      context.printTable(listBackups(backupsOf(context)), {
        FILE: (one) => one.file,
        TIME: (one) => context.time(one.at),
        SIZE: (one) => formatBytes(one.bytes),
        BY: (one) => context.word('cause', one.auto ? 'schedule' : 'operator'),
      });
    },
  }),
  cliCommand({
    name: 'backup drill',
    usage: '[FILE]',
    summary: {
      zh: '恢复演练：在隔离环境里恢复一份备份并启动，核对后清除',
      en: 'restore a backup for a trial, away from everything, and check it',
    },
    details: {
      zh: '默认用最新的备份。机器人与一切外发都不启动；演练不动现有数据。失败时退出码为 1。',
      en: 'The newest unless one is named. No bot is started and nothing goes out; what is there is not touched. Exit code 1 when it fails.',
    },
    words: [0, 1],
    run: async (context, _values, [file]) => {
      const report = await drill(context, file);
      context.print(report, () =>
        [
          `${report.file}  ${context.time(report.madeAt)}`,
          ...report.steps.map(({ ok, name, detail }) =>
            context.part(ok ? '✓' : '✗', drillSteps[name] ?? name, known(context, detail)),
          ),
          `${context.say(ended[report.ok ? 'well' : 'badly'])}  ${(report.tookMs / 1000).toFixed(1)} s`,
        ].join('\n'),
      );
      return report.ok ? exitCodes.ok : exitCodes.failed;
    },
  }),
  cliCommand({
    name: 'restore',
    usage: 'FILE [--check] [--yes] [--queued unknown|resume]',
    summary: {
      zh: '用备份替换数据目录（守护进程须已停止）',
      en: 'put a backup in the place of the data directory (stop the daemon first)',
    },
    details: {
      zh: `--check 只校验；原有数据保留在 replaced-<时间> 目录
--queued：备份时排队的消息可能已经发出。unknown（默认）不再发送，等待证实；resume 继续发送`,
      en: `--check only verifies. What was there is kept in replaced-<time>.
--queued: what was queued then may have left since. unknown (default): not sent again, waits for proof; resume: sent.`,
    },
    words: [1, 1],
    options: { check: flag, yes: flag, queued: text },
    run: async (context, { check, yes, queued = 'unknown' }, [backup = '']) => {
      if (queued !== 'unknown' && queued !== 'resume') {
        throw usageFailure('--queued：unknown 或 resume', '--queued: unknown or resume');
      }
      if (check !== true && yes !== true) {
        throw usageFailure('恢复会替换数据，请加 --yes', 'it replaces the data: add --yes');
      }
      const { dataDir } = context;
      const done = refusing(context, () =>
        check === true
          ? { ...inspectBackup(backup), replaced: undefined }
          : restoreBackup({ backup, dataDir, now: Date.now(), queued }),
      );
      context.print(done, () => {
        const facts = `${context.time(done.at)}  ${context.say({
          zh: `渠道 ${done.channels}  机器人 ${done.bots}  消息 ${done.sends}  操作员 ${done.operators}  IM 用户 ${done.users}  IM 消息 ${done.messages}  文件 ${done.files}  报表文件 ${done.reportFiles}`,
          en: `channels ${done.channels}  bots ${done.bots}  sends ${done.sends}  operators ${done.operators}  IM users ${done.users}  IM messages ${done.messages}  files ${done.files}  report files ${done.reportFiles}`,
        })}`;
        if (check === true) return `${context.say({ zh: '完好', en: 'OK' })}  ${facts}`;
        const kept = done.replaced === undefined ? '' : `\n${done.replaced}`;
        return `${context.say({ zh: '已恢复', en: 'restored' })} ${facts}${kept}`;
      });
    },
  }),
  cliCommand({
    name: 'wal cut',
    usage: '[--yes]',
    summary: {
      zh: '数据库日志损坏时：查看损失，或放弃损坏处之后的提交',
      en: 'the log of the database is damaged: see what is lost, or give it up',
    },
    details: {
      zh: '守护进程须已停止。--yes：原日志另存为 wxrc.db-wal.damaged-<时间>，之后即可启动。有备份时应先考虑恢复备份。',
      en: 'Stop the daemon first. --yes: the log is kept as wxrc.db-wal.damaged-<time>, and the daemon starts again. Think of the newest backup first.',
    },
    options: { yes: flag },
    run: async (context, { yes }) => {
      const lock = refusing(context, () => acquireLock(context.dataDir));
      try {
        const file = join(context.dataDir, 'wxrc.db-wal');
        const found = checkWal(file) ?? { commits: 0, goodBytes: 0, lostCommits: 0 };
        const kept = yes === true && found.lostCommits > 0 ? cutWal(file, Date.now()) : undefined;
        context.print(
          { ...found, kept },
          () =>
            `${context.say({ zh: `提交 ${found.commits} 个，损坏 ${found.lostCommits} 个`, en: `commits ${found.commits}, lost ${found.lostCommits}` })}${kept === undefined ? '' : `\n${kept}`}`,
        );
      } finally {
        lock.release();
      }
    },
  }),
  cliCommand({
    name: 'secret accept',
    usage: '--yes',
    summary: {
      zh: 'secret.key 丢失且没有备份时：改用现有的',
      en: 'secret.key was lost and no backup has it: go on with the one that is there',
    },
    details: {
      zh: '守护进程须已停止。原密钥保护的内容无法再读取：渠道须换新密钥，机器人须重新扫码，回调地址、规则所问的地址、报表数据源须重新填写（其处显示 https://lost.invalid/）。',
      en: 'Stop the daemon first. What the old one protected cannot be read any more: channels need new keys, bots new scans; addresses of receivers and rules, and sources of reports, have to be typed again (https://lost.invalid/ stands there).',
    },
    options: { yes: flag },
    run: async (context, { yes }) => {
      if (yes !== true) {
        throw usageFailure(
          '旧密钥保护的内容将无法读取，请加 --yes',
          'what the old one protects is given up: add --yes',
        );
      }
      const file = join(context.dataDir, 'wxrc.db');
      await locked(context, file, (db) => acceptVault(db, openVault(context.dataDir)));
    },
  }),
  cliCommand({
    name: 'migrate',
    usage: '[--status]',
    summary: { zh: '升级数据库结构，或查看其版本', en: 'bring the schema up to date, or show it' },
    details: {
      zh: '守护进程启动时会自动升级（先自动备份）；--status 只查看。',
      en: 'A start does it by itself, after a copy. --status only shows it.',
    },
    options: { status: flag },
    run: async (context, { status }) => {
      const file = join(context.dataDir, 'wxrc.db');
      const done = await locked(context, file, async (db) => {
        if (status === true) return migrationStatus(db);
        await openVaultOf(db, context.dataDir);
        await migrate(db, { now: Date.now(), backupFile: file });
        return migrationStatus(db);
      });
      context.print(done, () => {
        const pending = done.pending.map((one) => `${one.version} ${one.name}`).join(', ');
        return `schema ${done.current}/${done.newest}${pending === '' ? '' : `  pending: ${pending}`}`;
      });
    },
  }),
];

/** Before one is made: it would lie where nobody wanted it. */
function assertFolder(folder: string): void {
  if (existsSync(folder)) return;
  throw usageFailure(
    `--out：没有目录 ${folder}，请先创建`,
    `--out: there is no folder ${folder}: make it first`,
  );
}

/** By the daemon that runs on the data directory, or by ourselves. */
async function back(context: CliContext): Promise<BackupFacts> {
  if (context.values.url !== undefined) {
    throw usageFailure(
      '备份写在守护进程所在机器上，请在该机运行（不加 --url）',
      'a backup is made on the machine of the daemon: run it there, without --url',
    );
  }
  if (context.note() !== undefined) {
    try {
      return await context.client().post<BackupFacts>('/api/v1/backups');
    } catch (error) {
      // The note of one that was killed stays behind.
      if (!(error instanceof CliFailure) || error.exitCode !== exitCodes.noDaemon) throw error;
    }
  }
  const { dataDir } = context;
  return locked(context, join(dataDir, 'wxrc.db'), (db) =>
    createBackup({ db, dataDir, folder: backupsOf(context), now: Date.now() }),
  );
}

/** Where backups lie: as the config says, also where the rest of it is faulty. */
function backupsOf(context: CliContext): string {
  const config = context.tryConfig();
  const folder = config instanceof ConfigError ? undefined : config.backup.folder;
  return folder ?? backupFolder(context.dataDir);
}

/** By the daemon, which remembers it; or by ourselves. */
async function drill(context: CliContext, file: string | undefined): Promise<DrillReport> {
  if (context.note() !== undefined || context.values.url !== undefined) {
    try {
      const body = file === undefined ? {} : { file: basename(file) };
      return await context.client().post<DrillReport>('/api/v1/backups/drill', body, 30 * 60_000);
    } catch (error) {
      if (!(error instanceof CliFailure) || error.exitCode !== exitCodes.noDaemon) throw error;
    }
  }
  const folder = backupsOf(context);
  const [newest] = listBackups(folder);
  const chosen = file ?? newest?.file;
  if (chosen === undefined) {
    throw new CliFailure(exitCodes.failed, { zh: '还没有备份', en: 'there is no backup yet' });
  }
  const inFolder = join(folder, chosen);
  return drillBackup(existsSync(inFolder) ? inFolder : chosen, context.dataDir);
}

function known(context: CliContext, said: string): string {
  return knownSayings.in(context.language, said);
}
