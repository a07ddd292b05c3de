import { visibleLine } from '../../config/visible.ts';
import { cliCommand, flag, text } from './command.ts';
import { usageFailure } from './failure.ts';
import { whole } from './numbers.ts';
import { table } from './output.ts';

interface GroupView {
  gid: number;
  appid: number;
  name: string;
  notice: string;
  master: number;
  super: boolean;
  memberCount: number;
  createdAt: number;
}

interface MemberView {
  uid: number;
  name: string;
  nickname: string;
  mute: boolean;
  joinedAt: number;
  online: boolean;
}

const path = (gid: string): string => `/api/v1/im/groups/${encodeURIComponent(gid)}`;

export const groupCommands = [
  cliCommand({
    name: 'im groups',
    usage: '[TEXT] [--app APPID] [--limit N]',
    summary: { zh: '查找群（名称或群号）', en: 'find groups by name or number' },
    words: [0, 1],
    options: { app: text, limit: text },
    run: async (context, { app, limit = '200' }, [words]) => {
      const query = { appid: app, text: words };
      const most = whole('--limit', limit);
      const items = await context.client().first<GroupView>('/api/v1/im/groups', query, most);
      context.printTable(items, {
        GID: (one) => one.gid,
        APPID: (one) => one.appid,
        NAME: (one) => one.name,
        KIND: (one) => (one.super ? 'super' : ''),
        MASTER: (one) => one.master,
        MEMBERS: (one) => one.memberCount,
        CREATED: (one) => context.time(one.createdAt),
      });
    },
  }),
  cliCommand({
    name: 'im group',
    usage: 'GID',
    summary: { zh: '查看一个群及其成员', en: 'look at a group and its members' },
    words: [1, 1],
    run: async (context, _values, [gid = '']) => {
      const client = context.client();
      const view = await client.get<GroupView>(path(gid));
      const members = await Array.fromAsync(client.all<MemberView>(`${path(gid)}/members`));
      context.print({ ...view, members }, () => {
        const { appid, name, master, notice } = view;
        const kind = view.super ? '  super' : '';
        const rows = members.map((one) => [
          one.uid,
          one.name,
          one.nickname,
          one.mute ? 'mute' : '',
          one.online ? 'online' : '',
          context.time(one.joinedAt),
        ]);
        return [
          `${view.gid}  ${visibleLine(name)}  app ${appid}  master ${master}${kind}`,
          ...(notice === '' ? [] : [visibleLine(notice)]),
          table(context.heads(['UID', 'NAME', 'NICKNAME', 'MUTE', 'ONLINE', 'JOINED']), rows),
        ].join('\n');
      });
    },
  }),
  cliCommand({
    name: 'im disband',
    usage: 'GID --yes',
    summary: { zh: '解散群，成员会收到通知', en: 'disband a group; its members are told' },
    words: [1, 1],
    options: { yes: flag },
    run: async (context, { yes }, [gid = '']) => {
      if (yes !== true) throw usageFailure('解散群请加 --yes', 'to disband it, add --yes');
      await context.client().delete(path(gid));
      context.print({ disbanded: Number(gid) }, () =>
        context.say({ zh: `群 ${gid} 已解散`, en: `group ${gid} disbanded` }),
      );
    },
  }),
];
