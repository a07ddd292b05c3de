import { ConfigError } from '../../config/config.ts';
import { configWarnings } from '../config-warnings.ts';
import { cliCommand } from './command.ts';
import type { CliContext } from './context.ts';
import { CliFailure, exitCodes } from './failure.ts';
import { formatAge, formatBytes, table } from './output.ts';

interface StatusView {
  version: string;
  pid: number;
  time: number;
  startedAt: number;
  url: string;
  memoryBytes: number;
  configFault: string | null;
  ready: { status: string; reasons: string[]; warnings: string[] };
  bots: {
    botcode: string;
    state: string;
    userAction: string;
    account: string | null;
    queued: number;
  }[];
  channels: { chid: string; pausedReason: string | null; due: number; dead: number }[];
}

export const daemonCommands = [
  cliCommand({
    name: 'start',
    usage: '[--config FILE] [--data DIR] [--port N] [--host ADDR]',
    summary: { zh: '启动守护进程（前台）', en: 'start the daemon, in the foreground' },
    // Called before the options are read: the daemon reads its own.
    run: async () => exitCodes.ok,
  }),
  cliCommand({
    name: 'status',
    usage: '',
    summary: { zh: '守护进程概览', en: 'the daemon at a glance' },
    run: async (context) => {
      const view = await context.client().get<StatusView>('/api/v1/status');
      context.print(view, () =>
        [
          `wxrc ${view.version}  ${view.url}  pid ${view.pid}  ${context.word('health', view.ready.status)}  ${upFor(context, view)}  ${formatBytes(view.memoryBytes)}`,
          ...view.ready.reasons.map((one) => `✗ ${one}`),
          ...view.ready.warnings.map((one) => `! ${one}`),
          ...(view.configFault === null ? [] : [`! ${view.configFault}`]),
          '',
          table(
            context.heads(['BOTCODE', 'STATE', 'ACTION', 'ACCOUNT', 'QUEUED']),
            view.bots.map((one) => [
              one.botcode,
              context.word('bot', one.state),
              context.word('toDo', one.userAction),
              one.account,
              one.queued,
            ]),
          ),
          '',
          table(
            context.heads(['CHID', 'DUE', 'DEAD', 'PAUSED']),
            view.channels.map((one) => [one.chid, one.due, one.dead, one.pausedReason]),
          ),
        ].join('\n'),
      );
    },
  }),
  cliCommand({
    name: 'reload',
    usage: '',
    summary: { zh: '重新读取配置文件', en: 'read the config file again' },
    run: async (context) => {
      const { waiting } = await context.client().post<{ waiting: string[] }>('/api/v1/reload');
      const keys = waiting.join(', ');
      context.print({ reloaded: true, waiting }, () =>
        context.say(
          waiting.length === 0
            ? { zh: '配置已重新读取', en: 'the config was read again' }
            : {
                zh: `配置已重新读取；需要重启才生效：${keys}`,
                en: `the config was read again; these need a restart: ${keys}`,
              },
        ),
      );
    },
  }),
  cliCommand({
    name: 'log',
    usage: '[silent|error|warn|info|debug]',
    summary: { zh: '查看或修改日志级别', en: 'show or change what is logged' },
    words: [0, 1],
    run: async (context, _values, [level]) => {
      const client = context.client();
      const view =
        level === undefined
          ? await client.get<{ level: string }>('/api/v1/log-level')
          : await client.put<{ level: string }>('/api/v1/log-level', { level });
      context.print(view, () => view.level);
    },
  }),
  cliCommand({
    name: 'config check',
    usage: '[--config FILE]',
    summary: { zh: '校验配置文件，列出全部问题', en: 'check the config file, naming every fault' },
    details: {
      zh: '有误则不能启动，退出码 78。以“!”开头的能启动，但现在行不通：缺少文件、机器人、数据库等。',
      en: 'With a fault nothing starts: exit code 78. What begins with “!” starts and cannot work as it is: a file, a bot, a database that is not there.',
    },
    run: async (context) => {
      const config = context.tryConfig();
      if (!(config instanceof ConfigError)) {
        const warnings = (await configWarnings(config)).map((one) => context.say(one));
        context.print({ ok: true, faults: [], warnings }, () =>
          [
            context.say({ zh: '配置正确', en: 'the config is good' }),
            ...warnings.map((one) => `! ${one}`),
          ].join('\n'),
        );
        return exitCodes.ok;
      }
      if (!context.json) {
        const listed = (faults: string[]): string => faults.map((one) => `\n  - ${one}`).join('');
        throw new CliFailure(exitCodes.config, {
          zh: `配置有误：${listed(config.told('zh'))}`,
          en: `the config is faulty:${listed(config.told('en'))}`,
        });
      }
      context.print({ ok: false, faults: config.faults, warnings: [] }, () => '');
      return exitCodes.config;
    },
  }),
];

function upFor(context: CliContext, { time, startedAt }: StatusView): string {
  const age = formatAge(time - startedAt);
  return context.say({ zh: `已运行 ${age}`, en: `up ${age}` });
}
