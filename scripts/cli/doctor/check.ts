import type { Text } from '../../../bot/errors.ts';
import type { CliContext } from '../context.ts';

/** fail: it does not work so; warn: it works, but look at it; info: to know. */
export type CheckStatus = 'ok' | 'info' | 'warn' | 'fail';

export interface Finding {
  check: string;
  status: CheckStatus;
  text: Text;
}

export type Check = (
  context: CliContext,
  options: { timeUrl: string | undefined },
) => Promise<Finding[]> | Finding[];

export function finding(check: string, status: CheckStatus, zh: string, en: string): Finding {
  return { check, status, text: { zh, en } };
}

/** What checks are called; `--json` has the codes. */
const names: Readonly<Record<string, string>> = {
  ...{ node: 'Node.js', config: '配置', data: '数据目录', disk: '磁盘空间', sync: '磁盘同步' },
  ...{ store: '数据库', log: '数据库日志', port: '端口', daemon: '守护进程', token: '令牌' },
  ...{ clock: '时钟', fonts: '字体', backups: '备份', alarms: '告警', console: '控制台' },
  ...{ channel: '渠道', bot: '机器人', postgres: 'PostgreSQL' },
};

/** `alarms ops` is about the lane ops. */
export function checkName(check: string): Text {
  const [kind = '', ...rest] = check.split(' ');
  const zh = rest.length > 0 && kind === 'alarms' ? '告警通道' : (names[kind] ?? kind);
  return { zh: [zh, ...rest].join(' '), en: check };
}
