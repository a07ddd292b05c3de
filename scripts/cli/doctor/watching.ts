import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mostAge } from '../../../bot/backups/due.ts';
import { type Config, ConfigError } from '../../../config/config.ts';
import { backupFolder, listBackups } from '../../../store/backup.ts';
import { checkWal } from '../../../store/wal-check.ts';
import { consoleHash, consoleOutput } from '../../console-build.ts';
import { formatAge, formatBytes } from '../output.ts';
import { type Check, type Finding, finding } from './check.ts';
import { reach } from './reach.ts';

/** Backups are planned, there, and young enough; their folder can be written and has room. */
export const checkBackups: Check = (context) => {
  const config = context.tryConfig();
  if (config instanceof ConfigError) return [];
  const { dataDir } = context;
  const folder = config.backup.folder ?? backupFolder(dataDir);
  const most = mostAge(config.backup);
  const findings: Finding[] = [];
  if (most === undefined) {
    findings.push(
      finding(
        'backups',
        'warn',
        '未配置定时备份（backup.at）',
        'none are made by themselves (backup.at)',
      ),
    );
  }
  findings.push(...folderFindings(folder));
  const [newest] = listBackups(folder);
  if (newest === undefined) {
    if (most !== undefined) {
      findings.push(finding('backups', 'info', '还没有备份', 'there is none yet'));
    }
    return findings;
  }
  const age = Date.now() - newest.at;
  const size = formatBytes(newest.bytes);
  const old = most !== undefined && age > most;
  const told = [
    `最近的备份 ${formatAge(age)} 前，${size}`,
    `the newest is ${formatAge(age)} old, ${size}`,
  ];
  findings.push(finding('backups', old ? 'warn' : 'ok', told[0] ?? '', told[1] ?? ''));
  return findings;
};

/** The log of the database, of a stopped daemon, is whole. */
export const checkLog: Check = ({ dataDir }) => {
  const found = checkWal(join(dataDir, 'wxrc.db-wal'));
  if (found === undefined || found.lostCommits === 0) return [];
  const damaged = found.lostCommits > 1;
  return [
    finding(
      'log',
      damaged ? 'fail' : 'info',
      `wxrc.db-wal 末尾有 ${found.lostCommits} 个提交不完整`,
      `commits at the end of wxrc.db-wal that are not whole: ${found.lostCommits}`,
    ),
  ];
};

/** Ways to tell a person are there, and can be reached. */
export const checkLanes: Check = async (context) => {
  const config = context.tryConfig();
  if (config instanceof ConfigError) return [];
  const { lanes } = config.alarms;
  if (lanes.length === 0) {
    return [
      finding(
        'alarms',
        'warn',
        '没有告警通道（alarms.lanes）：出了问题不会通知任何人',
        'there are no lanes (alarms.lanes): nobody is told when something is wrong',
      ),
    ];
  }
  return (await Promise.all(lanes.map((lane) => laneFinding(lane, config)))).flat();
};

/** The console was built, or will be at the next start. */
export const checkConsole: Check = ({ dataDir }) => {
  const hash = consoleHash();
  if (hash === undefined) return [];
  const built = [consoleOutput, join(dataDir, 'console')].some((folder) =>
    existsSync(join(folder, hash, 'index.html')),
  );
  return [
    built
      ? finding('console', 'ok', '已构建', 'built')
      : finding('console', 'info', '尚未构建，启动时构建', 'not built yet: a start does that'),
  ];
};

/** PostgreSQL that reports read from. */
export const checkDatabases: Check = async (context) => {
  const config = context.tryConfig();
  if (config instanceof ConfigError) return [];
  const { databases } = config.reporting;
  return await Promise.all(
    Object.entries(databases).map(([name, one]) => databaseFinding(name, one)),
  );
};

async function databaseFinding(name: string, one: Database): Promise<Finding> {
  const check = `postgres ${name}`;
  let text = one.url ?? '';
  try {
    if (one.urlFile !== undefined) text = readFileSync(one.urlFile, 'utf8').trim();
  } catch {
    const file = one.urlFile ?? '';
    return finding(check, 'fail', `${file} 无法读取`, `${file} cannot be read`);
  }
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text)) {
    return finding(check, 'fail', '不是 postgres:// 地址', 'it is no postgres:// address');
  }
  const { hostname, port } = new URL(text);
  return await reach(check, hostname.replace(/^\[|\]$/g, ''), Number(port) || 5432);
}

type Lane = Config['alarms']['lanes'][number];
type Database = Config['reporting']['databases'][string];

async function laneFinding(lane: Lane, config: Config): Promise<Finding[]> {
  const check = `alarms ${lane.name}`;
  switch (lane.kind) {
    case 'email':
      return [await reach(check, lane.host, lane.port)];
    case 'webhook': {
      const { hostname, port, protocol } = new URL(lane.url);
      const host = hostname.replace(/^\[|\]$/g, '');
      return [await reach(check, host, Number(port) || (protocol === 'https:' ? 443 : 80))];
    }
    case 'room': {
      const { bot } = lane;
      // Operators add bots, too; those are in no file.
      if (config.bots === undefined || config.bots.some((one) => one.botcode === bot)) {
        return [finding(check, 'ok', `机器人 ${bot}`, `bot ${bot}`)];
      }
      return [finding(check, 'warn', `配置中没有机器人 ${bot}`, `bot ${bot} is not in the config`)];
    }
  }
}

function folderFindings(folder: string): Finding[] {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    accessSync(there, constants.W_OK);
    if (!statSync(there).isDirectory()) throw new Error('it is a file');
  } catch {
    return [finding('backups', 'fail', `${folder} 不可写`, `${folder} cannot be written to`)];
  }
  const { bavail, bsize } = statfsSync(there);
  const free = formatBytes(bavail * bsize);
  const enough = bavail * bsize > 1024 ** 3;
  return enough
    ? []
    : [finding('backups', 'warn', `${folder} 仅剩 ${free}`, `${folder} has only ${free} left`)];
}
