import type { Client } from './client.ts';
import { cliCommand, flag, text } from './command.ts';
import type { CliContext } from './context.ts';
import { CliFailure, exitCodes, usageFailure } from './failure.ts';

interface UserView {
  id: number;
  username: string;
  role: string;
  builtIn: boolean;
  disabled: boolean;
  totp: boolean;
  loggedInAt: number | null;
  lockedUntil: number | null;
}

const base = '/api/v1/users';
const roleNames = ['viewer', 'operator', 'admin'];

export const userCommands = [
  cliCommand({
    name: 'user list',
    usage: '',
    summary: { zh: '列出可以登录的人', en: 'list the people who may log in' },
    run: async (context) => {
      const items = await Array.fromAsync(context.client().all<UserView>(base));
      context.printTable(items, {
        ID: (one) => one.id,
        USERNAME: (one) => one.username,
        ROLE: (one) => one.role,
        STATE: (one) => stateOf(context, one),
        TOTP: (one) => context.word('yes', one.totp ? 'on' : 'off'),
        'LOGGED IN': (one) => context.time(one.loggedInAt),
      });
    },
  }),
  cliCommand({
    name: 'user add',
    usage: 'USERNAME [--role viewer|operator|admin]',
    summary: { zh: '添加用户并打印密码', en: 'add a person, and print the password' },
    details: {
      zh: '默认角色 viewer（只读）。密码只显示这一次，登录后可自行修改。',
      en: 'The role is viewer unless said otherwise. The password is shown this once; its owner may change it.',
    },
    words: [1, 1],
    options: { role: text },
    run: async (context, { role = 'viewer' }, [username]) => {
      const made = await context
        .client()
        .post<{ user: UserView; password: string }>(base, { username, role: checkRole(role) });
      context.print(made, () =>
        context.say({
          zh: `用户 ${made.user.username}（${made.user.role}），密码（只显示这一次）：${made.password}`,
          en: `user ${made.user.username} (${made.user.role}), password (shown this once): ${made.password}`,
        }),
      );
    },
  }),
  cliCommand({
    name: 'user role',
    usage: 'USERNAME ROLE',
    summary: { zh: '更改角色，立即生效', en: 'give another role, at once' },
    words: [2, 2],
    run: async (context, _values, [name = '', role = '']) => {
      const { id } = await userNamed(context.client(), name);
      const user = await context
        .client()
        .patch<UserView>(`${base}/${id}`, { role: checkRole(role) });
      context.print(user, () =>
        context.say({ zh: `${name} 现在是 ${role}`, en: `${name} is ${role} now` }),
      );
    },
  }),
  cliCommand({
    name: 'user disable',
    usage: 'USERNAME',
    summary: { zh: '停用用户并结束其会话', en: 'let somebody in no more, and end the sessions' },
    words: [1, 1],
    run: (context, _values, [name = '']) => setDisabled(context, name, true),
  }),
  cliCommand({
    name: 'user enable',
    usage: 'USERNAME',
    summary: { zh: '重新启用用户', en: 'let somebody in again' },
    words: [1, 1],
    run: (context, _values, [name = '']) => setDisabled(context, name, false),
  }),
  cliCommand({
    name: 'user password',
    usage: 'USERNAME --yes',
    summary: { zh: '重设密码并打印，结束其会话', en: 'make another password and print it' },
    words: [1, 1],
    options: { yes: flag },
    run: async (context, { yes }, [name = '']) => {
      if (yes !== true) {
        throw usageFailure('会结束该用户的所有会话，请加 --yes', 'it ends the sessions: add --yes');
      }
      const { id } = await userNamed(context.client(), name);
      const made = await context.client().post<{ password: string }>(`${base}/${id}/password`);
      context.print(made, () => made.password);
    },
  }),
  cliCommand({
    name: 'user totp-off',
    usage: 'USERNAME',
    summary: {
      zh: '不再要求动态码（身份验证器丢失时）',
      en: 'ask for no code any more: the authenticator is lost',
    },
    words: [1, 1],
    run: async (context, _values, [name = '']) => {
      const { id } = await userNamed(context.client(), name);
      await context.client().delete(`${base}/${id}/totp`);
      context.print({ totp: false }, () =>
        context.say({
          zh: `${name} 登录时不再需要动态码`,
          en: `${name} is asked for no code any more`,
        }),
      );
    },
  }),
  cliCommand({
    name: 'user unlock',
    usage: 'USERNAME',
    summary: { zh: '清除错误登录次数', en: 'forget the wrong log-ins of a name' },
    words: [1, 1],
    run: async (context, _values, [name = '']) => {
      const { id } = await userNamed(context.client(), name);
      const user = await context.client().post<UserView>(`${base}/${id}/unlock`);
      context.print(user, () => context.say({ zh: `${name} 已解锁`, en: `${name} is unlocked` }));
    },
  }),
  cliCommand({
    name: 'user log-out',
    usage: 'USERNAME',
    summary: { zh: '结束用户的所有会话', en: 'end every session of somebody' },
    words: [1, 1],
    run: async (context, _values, [name = '']) => {
      const { id } = await userNamed(context.client(), name);
      await context.client().delete(`${base}/${id}/sessions`);
      context.print({ sessions: 0 }, () =>
        context.say({ zh: `${name} 的会话已全部结束`, en: `every session of ${name} has ended` }),
      );
    },
  }),
  cliCommand({
    name: 'user remove',
    usage: 'USERNAME --yes',
    summary: { zh: '删除用户', en: 'remove somebody' },
    words: [1, 1],
    options: { yes: flag },
    run: async (context, { yes }, [name = '']) => {
      if (yes !== true) throw usageFailure('确认删除请加 --yes', 'to be sure: add --yes');
      const { id } = await userNamed(context.client(), name);
      await context.client().delete(`${base}/${id}`);
      context.print({ removed: name }, () =>
        context.say({ zh: `${name} 已删除`, en: `${name} is removed` }),
      );
    },
  }),
];

/** @throws CliFailure */
export function checkRole(role: string): string {
  if (roleNames.includes(role)) return role;
  throw usageFailure(
    `角色须为 ${roleNames.join('、')}`,
    `a role is one of ${roleNames.join(', ')}`,
  );
}

/** @throws CliFailure */
async function userNamed(client: Client, name: string): Promise<UserView> {
  const folded = name.normalize('NFC').toLowerCase();
  for await (const one of client.all<UserView>(base)) {
    if (one.username.toLowerCase() === folded) return one;
  }
  throw new CliFailure(exitCodes.failed, {
    zh: `没有用户 ${name}`,
    en: `there is no user ${name}`,
  });
}

async function setDisabled(context: CliContext, name: string, disabled: boolean): Promise<void> {
  const { id } = await userNamed(context.client(), name);
  const user = await context.client().patch<UserView>(`${base}/${id}`, { disabled });
  context.print(user, () =>
    context.say(
      disabled
        ? { zh: `${name} 已停用`, en: `${name} is let in no more` }
        : { zh: `${name} 已启用`, en: `${name} is let in again` },
    ),
  );
}

function stateOf(context: CliContext, one: UserView): string {
  if (one.disabled) return context.say({ zh: '停用', en: 'disabled' });
  if (one.lockedUntil !== null) return context.say({ zh: '锁定', en: 'locked' });
  return context.say({ zh: '正常', en: 'ok' });
}
