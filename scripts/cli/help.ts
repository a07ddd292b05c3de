import type { Language, Text } from '../../bot/errors.ts';
import type { CliCommand } from './command.ts';

const texts = {
  usage: { zh: '用法', en: 'Usage' },
  commands: { zh: '命令', en: 'Commands' },
  intro: {
    zh: 'wxrc：微信机器人守护进程的命令行',
    en: 'wxrc: the command line of the WeChat daemon',
  },
  common: {
    zh: `通用选项
  --config FILE   配置文件（环境变量 WXRC_CONFIG）
  --data DIR      数据目录（WXRC_DATA）；默认连接该目录上运行的守护进程
  --url URL       守护进程地址（WXRC_URL）
  --token TOKEN   管理员令牌（WXRC_TOKEN）；本机守护进程无需指定
  --json          以 JSON 输出结果，错误为 stderr 上的 JSON
  --lang zh|en    语言；默认取配置，其次 LC_ALL / LANG
  -h, --help      帮助`,
    en: `Options of every command
  --config FILE   config file (environment: WXRC_CONFIG)
  --data DIR      data directory (WXRC_DATA); the daemon running on it is called
  --url URL       address of a daemon (WXRC_URL)
  --token TOKEN   token of an operator (WXRC_TOKEN); not needed for the daemon of this machine
  --json          results as JSON, errors as JSON on stderr
  --lang zh|en    language; default: the config's, then LC_ALL / LANG
  -h, --help      help`,
  },
  exit: {
    zh: '退出码：0 成功，1 失败或被拒绝，2 命令行有误，3 守护进程无应答，74 数据库不可用，75 数据目录被占用，77 令牌无效，78 配置有误',
    en: 'Exit codes: 0 done, 1 failed or refused, 2 wrong command line, 3 no daemon answers, 74 the database cannot be used, 75 data directory in use, 77 no valid token, 78 faulty config',
  },
} satisfies Record<string, Text>;

/** Every command with one line, and what they have in common. */
export function overview(commands: readonly CliCommand[], language: Language): string {
  const width = Math.max(...commands.map((one) => one.name.length));
  const lines = commands.map((one) => `  ${one.name.padEnd(width)}  ${one.summary[language]}`);
  return [
    texts.intro[language],
    '',
    `${texts.usage[language]}: npm run -s wxrc -- COMMAND [OPTIONS]`,
    '',
    texts.commands[language],
    ...lines,
    '',
    texts.common[language],
    '',
    texts.exit[language],
  ].join('\n');
}

export function helpOf(command: CliCommand, language: Language): string {
  const lines = [
    command.summary[language],
    '',
    `${texts.usage[language]}: wxrc ${command.name} ${command.usage}`.trimEnd(),
  ];
  if (command.details !== undefined) lines.push('', command.details[language]);
  lines.push('', texts.common[language], '', texts.exit[language]);
  return lines.join('\n');
}
