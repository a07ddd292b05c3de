import { cliCommand, text } from './command.ts';
import { userPath } from './im-users.ts';
import { whole } from './numbers.ts';

interface ConnectionView {
  id: number;
  appid: number;
  uid: number;
  name: string;
  platform: string;
  device: number;
  transport: string;
  address: string;
  since: number;
}

const all = '/api/v1/im/connections';

export const connectionCommands = [
  cliCommand({
    name: 'im connections',
    usage: '[--app APPID] [--uid UID] [--limit N]',
    summary: { zh: '列出在线连接', en: 'list who is connected' },
    options: { app: text, uid: text, limit: text },
    run: async (context, { app, uid, limit = '200' }) => {
      const query = { appid: app, uid };
      const most = whole('--limit', limit);
      const items = await context.client().first<ConnectionView>(all, query, most);
      context.printTable(items, {
        ID: (one) => one.id,
        APPID: (one) => one.appid,
        UID: (one) => one.uid,
        PLATFORM: (one) => one.platform,
        DEVICE: (one) => one.device,
        TRANSPORT: (one) => one.transport,
        ADDRESS: (one) => one.address,
        SINCE: (one) => context.time(one.since),
        NAME: (one) => one.name,
      });
    },
  }),
  cliCommand({
    name: 'im kick',
    usage: 'CONNECTION | APPID UID',
    summary: {
      zh: '断开一个连接，或一个用户的全部连接',
      en: 'end a connection, or all of a user',
    },
    details: {
      zh: '客户端会重连；要阻止，请吊销 token（wxrc im revoke）。',
      en: 'Clients come back; to keep them out, revoke the token (wxrc im revoke).',
    },
    words: [1, 2],
    run: async (context, _values, [first = '', uid]) => {
      const client = context.client();
      let count = 1;
      if (uid === undefined) await client.delete(`${all}/${encodeURIComponent(first)}`);
      else
        count = (await client.delete<{ count: number }>(userPath(first, uid, '/connections')))
          .count;
      context.print({ count }, () =>
        context.say({ zh: `${count} 个连接已断开`, en: `connections ended: ${count}` }),
      );
    },
  }),
];
