import { cliCommand, flag, text } from './command.ts';
import { usageFailure } from './failure.ts';
import { checkRole } from './users.ts';

interface TokenView {
  id: number;
  kind: string;
  name: string;
  role: string;
  madeBy: string | null;
  createdAt: number;
  expiresAt: number | null;
}

export const operatorCommands = [
  cliCommand({
    name: 'token list',
    usage: '',
    summary: { zh: '列出令牌与会话', en: 'list tokens and sessions' },
    run: async (context) => {
      const items = await Array.fromAsync(context.client().all<TokenView>('/api/v1/tokens'));
      context.printTable(items, {
        ID: (one) => one.id,
        KIND: (one) => one.kind,
        NAME: (one) => one.name,
        ROLE: (one) => one.role,
        'MADE BY': (one) => one.madeBy,
        CREATED: (one) => context.time(one.createdAt),
        EXPIRES: (one) => context.time(one.expiresAt),
      });
    },
  }),
  cliCommand({
    name: 'token add',
    usage: 'NAME [--role viewer|operator|admin] [--days N]',
    summary: { zh: '为程序创建令牌', en: 'make a token for a program' },
    details: {
      zh: '默认角色 operator；--role admin 可做任何事。',
      en: 'The role is operator unless said otherwise; admin may do everything.',
    },
    words: [1, 1],
    options: { days: text, role: text },
    run: async (context, { days, role = 'operator' }, [name]) => {
      const expiresInDays = days === undefined ? undefined : Number(days);
      if (Number.isNaN(expiresInDays)) throw usageFailure('--days：不是数字', '--days: no number');
      const made = await context.client().post<TokenView & { token: string }>('/api/v1/tokens', {
        ...{ name, expiresInDays, role: checkRole(role) },
      });
      context.print(made, () =>
        context.say({
          zh: `令牌 ${made.id}（只显示这一次）：${made.token}`,
          en: `token ${made.id} (shown this once): ${made.token}`,
        }),
      );
    },
  }),
  cliCommand({
    name: 'token revoke',
    usage: 'ID',
    summary: { zh: '吊销令牌', en: 'end a token' },
    words: [1, 1],
    run: async (context, _values, [id = '']) => {
      await context.client().delete(`/api/v1/tokens/${encodeURIComponent(id)}`);
      context.print({ revoked: Number(id) }, () =>
        context.say({ zh: `令牌 ${id} 已吊销`, en: `token ${id} revoked` }),
      );
    },
  }),
  cliCommand({
    name: 'password',
    usage: '--yes',
    summary: {
      zh: '重设首位管理员的密码并打印',
      en: 'make a new password of the first admin and print it',
    },
    options: { yes: flag },
    run: async (context, { yes }) => {
      if (yes !== true) {
        throw usageFailure('会结束所有会话，请加 --yes', 'it ends every session: add --yes');
      }
      const made = await context.client().post<{ password: string }>('/api/v1/password');
      context.print(made, () => made.password);
    },
  }),
];
