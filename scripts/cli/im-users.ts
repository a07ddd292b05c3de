import { visibleLine } from '../../config/visible.ts';
import { cliCommand, text } from './command.ts';
import type { CliContext } from './context.ts';
import { usageFailure } from './failure.ts';
import { whole } from './numbers.ts';

interface UserView {
  appid: number;
  uid: number;
  name: string;
  forbidden: boolean;
  mute: boolean;
  online: boolean;
  createdAt: number;
}

interface UserDetail extends UserView {
  quietPeers: number[];
  quietGroups: number[];
  inbox: { last: number; read: number };
  connections: { id: number; platform: string; address: string; since: number }[];
}

export const userCommands = [
  cliCommand({
    name: 'im users',
    usage: '[TEXT] [--app APPID] [--limit N]',
    summary: { zh: '查找用户（名称或 uid）', en: 'find users by name or uid' },
    words: [0, 1],
    options: { app: text, limit: text },
    run: async (context, { app, limit = '200' }, [words]) => {
      const query = { appid: app, text: words };
      const most = whole('--limit', limit);
      const items = await context.client().first<UserView>('/api/v1/im/users', query, most);
      context.printTable(items, {
        APPID: (one) => one.appid,
        UID: (one) => one.uid,
        NAME: (one) => one.name,
        ONLINE: (one) => (one.online ? 'online' : ''),
        SETTINGS: settingsOf,
        CREATED: (one) => context.time(one.createdAt),
      });
    },
  }),
  cliCommand({
    name: 'im user',
    usage: 'APPID UID',
    summary: { zh: '查看一个用户', en: 'look at a user' },
    words: [2, 2],
    run: async (context, _values, [appid = '', uid = '']) => {
      const view = await context.client().get<UserDetail>(userPath(appid, uid));
      context.print(view, () => describe(context, view));
    },
  }),
  cliCommand({
    name: 'im set',
    usage: 'APPID UID [--name NAME] [--forbidden on|off] [--mute on|off]',
    summary: { zh: '修改用户的名称或设置', en: 'change the name or a setting of a user' },
    details: {
      zh: 'forbidden：不能在聊天室发言，顾客不再获得 token；mute：桌面端在线时手机静音。',
      en: 'forbidden: may not speak in chat rooms, and a customer gets no token any more; mute: the phone is silent while a desktop is online.',
    },
    words: [2, 2],
    options: { name: text, forbidden: text, mute: text },
    run: async (context, values, [appid = '', uid = '']) => {
      if ([values.name, values.forbidden, values.mute].every((one) => one === undefined)) {
        throw usageFailure(
          '没有要修改的内容：--name、--forbidden 或 --mute',
          'nothing to change: --name, --forbidden or --mute',
        );
      }
      const view = await context.client().patch<UserView>(userPath(appid, uid), {
        name: values.name,
        forbidden: switchOf('--forbidden', values.forbidden),
        mute: switchOf('--mute', values.mute),
      });
      context.print(
        view,
        () => `${view.appid}  ${view.uid}  ${visibleLine(view.name)}  ${settingsOf(view)}`,
      );
    },
  }),
  cliCommand({
    name: 'im token',
    usage: 'APPID UID [--name NAME]',
    summary: { zh: '取得用户的 token（测试用）', en: 'print the token of a user, for a trial' },
    details: {
      zh: '与应用服务端取得的相同；用户不存在时创建。',
      en: 'The same that the server of its application gets; a user that is not there is made.',
    },
    words: [2, 2],
    options: { name: text },
    run: async (context, { name }, [appid = '', uid = '']) => {
      const path = userPath(appid, uid, '/token');
      const granted = await context.client().post<{ token: string }>(path, { name });
      context.print(granted, () => granted.token);
    },
  }),
  cliCommand({
    name: 'im revoke',
    usage: 'APPID UID',
    summary: {
      zh: '吊销用户的 token 并断开其连接',
      en: 'end the token of a user and its connections',
    },
    details: {
      zh: '再次授权时会生成新的 token；要将顾客拒之门外，先执行 wxrc im set --forbidden on。',
      en: 'The next grant makes another; to keep a customer out, first wxrc im set --forbidden on.',
    },
    words: [2, 2],
    run: async (context, _values, [appid = '', uid = '']) => {
      await context.client().delete(userPath(appid, uid, '/token'));
      context.print({ revoked: Number(uid) }, () =>
        context.say({
          zh: `用户 ${uid} 的 token 已吊销`,
          en: `the token of user ${uid} has ended`,
        }),
      );
    },
  }),
];

export function userPath(appid: string, uid: string, rest = ''): string {
  return `/api/v1/im/apps/${encodeURIComponent(appid)}/users/${encodeURIComponent(uid)}${rest}`;
}

function describe(context: CliContext, view: UserDetail): string {
  const { appid, uid, name, inbox, quietPeers, quietGroups } = view;
  const head = `${appid}  ${uid}  ${visibleLine(name)}  ${view.online ? 'online' : 'offline'}  ${settingsOf(view)}`;
  const lines = [head.trimEnd(), `inbox ${inbox.last}, read ${inbox.read}`];
  if (quietPeers.length > 0) lines.push(`quiet peers ${quietPeers.join(' ')}`);
  if (quietGroups.length > 0) lines.push(`quiet groups ${quietGroups.join(' ')}`);
  for (const one of view.connections) {
    lines.push(`connection ${one.id}  ${one.platform}  ${one.address}  ${context.time(one.since)}`);
  }
  return lines.join('\n');
}

function settingsOf(view: UserView): string {
  return [view.forbidden ? 'forbidden' : '', view.mute ? 'mute' : ''].filter(Boolean).join(',');
}

function switchOf(option: string, given: string | undefined): boolean | undefined {
  if (given === undefined) return undefined;
  if (given === 'on' || given === 'off') return given === 'on';
  throw usageFailure(`${option}：应为 on 或 off`, `${option}: on or off`);
}
