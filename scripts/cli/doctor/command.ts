import { cliCommand, text } from '../command.ts';
import type { CliContext } from '../context.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import { type Check, type CheckStatus, checkName, type Finding } from './check.ts';
import { checkConfig, checkFonts, checkNode } from './machine.ts';
import { checkDaemon, checkPeers, checkPort } from './network.ts';
import { checkDataDir, checkStore, checkSync } from './storage.ts';
import { checkBackups, checkConsole, checkDatabases, checkLanes, checkLog } from './watching.ts';

const checks: readonly Check[] = [
  checkNode,
  checkConfig,
  checkDataDir,
  checkSync,
  checkStore,
  checkPort,
  checkDaemon,
  checkPeers,
  checkFonts,
  checkLog,
  checkBackups,
  checkLanes,
  checkConsole,
  checkDatabases,
];

const signs: Record<CheckStatus, string> = { ok: '✓', info: '·', warn: '!', fail: '✗' };

export const doctorCommands = [
  cliCommand({
    name: 'doctor',
    usage: '[--time-url URL]',
    summary: {
      zh: '检查配置、时钟、磁盘、端口、对端、权限、备份、告警',
      en: 'check config, clock, disk, ports, peers, permissions, backups, alarms',
    },
    details: {
      zh: '--time-url 另与该地址的 HTTP Date 比对时钟。有失败项时退出码为 1。',
      en: '--time-url compares the clock with the HTTP Date of that address too. Exit code 1 when a check fails.',
    },
    options: { 'time-url': text },
    run: async (context, values) => {
      const findings: Finding[] = [];
      for (const check of checks) {
        findings.push(...(await attempt(check, context, values['time-url'])));
      }
      const ok = findings.every((one) => one.status !== 'fail');
      const told = findings.map(({ check, status, text: said }) => ({
        check,
        status,
        detail: context.say(said),
      }));
      context.print({ ok, findings: told }, () =>
        told
          .map(({ status, check, detail }) => context.part(signs[status], checkName(check), detail))
          .join('\n'),
      );
      return ok ? exitCodes.ok : exitCodes.failed;
    },
  }),
];

/** With a faulty config some checks have nothing to look at: its faults are told already. */
async function attempt(
  check: Check,
  context: CliContext,
  timeUrl: string | undefined,
): Promise<Finding[]> {
  try {
    return await check(context, { timeUrl });
  } catch (error) {
    if (error instanceof CliFailure && error.exitCode === exitCodes.config) return [];
    throw error;
  }
}
