import { cliCommand, flag, text } from './command.ts';
import { usageFailure } from './failure.ts';
import { whole } from './numbers.ts';

interface AuditView {
  at: number;
  user: string;
  role: string | null;
  via: string;
  address: string;
  operation: string;
  target: string;
  fields: string[];
  status: number | null;
}

export const auditCommands = [
  cliCommand({
    name: 'audit',
    usage: '[--user NAME] [--operation ID] [--target TARGET] [--days N] [--failed] [--limit N]',
    summary: {
      zh: '谁改了什么：最近的在前',
      en: 'who changed what, or tried to: the newest first',
    },
    details: {
      zh: '状态为 HTTP 状态码；“?” 表示结果未知（正在进行，或守护进程中途退出）。字段只有名称，没有值。',
      en: 'STATUS is that of HTTP; ? means under way, or that the daemon died in it. Of fields there are names, no values.',
    },
    options: { user: text, operation: text, target: text, days: text, failed: flag, limit: text },
    run: async (context, { days, failed, limit = '50', user, operation, target }) => {
      const most = whole('--limit', limit);
      const since = days === undefined ? undefined : Number(days);
      if (since !== undefined && !(since > 0))
        throw usageFailure('--days：不是数字', '--days: no number');
      const items = await context.client().first<AuditView>(
        '/api/v1/audit',
        {
          ...{ user, operation, target },
          ...(failed === true && { failed: 'true' }),
          ...(since !== undefined && { from: Math.round(Date.now() - since * 86_400_000) }),
        },
        most,
      );
      context.printTable(items, {
        TIME: (one) => context.time(one.at),
        USER: (one) => one.user,
        ROLE: (one) => one.role,
        VIA: (one) => one.via,
        FROM: (one) => one.address,
        OPERATION: (one) => one.operation,
        TARGET: (one) => one.target,
        FIELDS: (one) => one.fields.join(' '),
        STATUS: (one) => one.status ?? '?',
      });
    },
  }),
];
