import { cliCommand, text } from './command.ts';
import { whole } from './numbers.ts';
import { formatAge, formatBytes } from './output.ts';
import { checkCommand } from './wechat-check.ts';
import { wechatOutboxCommands } from './wechat-outbox.ts';

interface AccountView {
  appid: string;
  name: string | null;
  kind: string;
  mode: string;
  token: string | null;
  hasKey: boolean;
  hasSecret: boolean;
  storeId: number | null;
  simulate: boolean;
  pushUrls: string[];
}

interface PushView {
  id: number;
  account: string;
  kind: string;
  openId: string;
  at: number;
  tries: number;
  state: string;
  tookMs: number | null;
  error: string | null;
}

interface PushDetail extends PushView {
  body: string | null;
  answer: string | null;
}

const pushes = '/api/v1/wechat/pushes';
const path = (id: string): string => `${pushes}/${encodeURIComponent(id)}`;

export const wechatCommands = [
  cliCommand({
    name: 'wechat accounts',
    usage: '',
    summary: {
      zh: '列出微信账号及填入微信后台的推送地址',
      en: 'list accounts on WeChat’s platform, and the addresses for its console',
    },
    run: async (context) => {
      const items = await Array.fromAsync(
        context.client().all<AccountView>('/api/v1/wechat/accounts'),
      );
      context.printTable(items, {
        APPID: (one) => one.appid,
        NAME: (one) => one.name,
        KIND: (one) => context.word('account', one.kind),
        MODE: (one) => context.word('account', one.mode),
        TOKEN: (one) => one.token,
        'AES KEY': (one) => (one.hasKey ? context.word('account', 'set') : ''),
        'APP SECRET': (one) => context.word('account', secretOf(one)),
        DESK: (one) => one.storeId,
        URL: (one) => one.pushUrls.join(' '),
      });
    },
  }),
  cliCommand({
    name: 'wechat pushes',
    usage: '[--account APPID [--user OPENID]] [--state due|done|failed] [--limit N]',
    summary: { zh: '列出微信推送，最新的在前', en: 'list what WeChat pushed, newest first' },
    options: { account: text, user: text, state: text, limit: text },
    run: async (context, { account, user, state, limit = '50' }) => {
      const query = { account, openId: user, state };
      const items = await context.client().first<PushView>(pushes, query, whole('--limit', limit));
      context.printTable(items, {
        ID: (one) => one.id,
        TIME: (one) => context.time(one.at),
        ACCOUNT: (one) => one.account,
        USER: (one) => one.openId,
        KIND: (one) => one.kind,
        TRIES: (one) => one.tries,
        STATE: (one) => context.word('push', one.state),
        TOOK: (one) => formatAge(one.tookMs),
        ERROR: (one) => one.error,
      });
    },
  }),
  cliCommand({
    name: 'wechat push',
    usage: 'ID',
    summary: { zh: '查看一条推送的内容与应答', en: 'look at a push: its text and our answer' },
    words: [1, 1],
    run: async (context, _values, [id = '']) => {
      const view = await context.client().get<PushDetail>(path(id));
      context.print(view, () => {
        const { kind, account, openId, state, error, tries, body, answer } = view;
        const size = body === null ? '-' : formatBytes(Buffer.byteLength(body));
        return [
          `${view.id}  ${context.time(view.at)}  ${account}  ${openId}  ${kind}`,
          `${state}  tries ${tries}  ${formatAge(view.tookMs)}  ${size}${error === null ? '' : `  ${error}`}`,
          body ?? context.say({ zh: '（内容已清除）', en: '(its text is forgotten)' }),
          `→ ${answer ?? '-'}`,
        ].join('\n');
      });
    },
  }),
  cliCommand({
    name: 'wechat replay',
    usage: 'ID',
    summary: { zh: '重新处理一条失败的推送', en: 'work off a failed push again' },
    words: [1, 1],
    run: async (context, _values, [id = '']) => {
      await context.client().post(`${path(id)}/replay`);
      context.print({ replayed: Number(id) }, () =>
        context.say({ zh: `推送 ${id} 将重新处理`, en: `push ${id} is worked off again` }),
      );
    },
  }),
  ...wechatOutboxCommands,
  checkCommand,
];

function secretOf({ simulate, hasSecret }: AccountView): string {
  if (simulate) return 'simulate';
  return hasSecret ? 'set' : '';
}
