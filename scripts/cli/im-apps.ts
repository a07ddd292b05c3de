import { cliCommand, flag, text } from './command.ts';
import { usageFailure } from './failure.ts';
import { whole } from './numbers.ts';

interface AppView {
  appid: number;
  name: string;
  storeId: number | null;
  firstKey: number;
  source: string;
}

const all = '/api/v1/im/apps';
const path = (appid: string, rest = ''): string => `${all}/${encodeURIComponent(appid)}${rest}`;

const moving = {
  zh: '--first-key：从其他服务器迁来的应用，其用户的空收件箱从该序号之后开始；应高于客户端持有的任何序号，只能调高。',
  en: '--first-key: of an application that comes from another server, above every key that its clients hold: empty inboxes begin behind it. It can only be raised.',
};

function firstKeyOf(given: string | undefined): number | undefined {
  return given === undefined ? undefined : whole('--first-key', given);
}

export const appCommands = [
  cliCommand({
    name: 'app list',
    usage: '',
    summary: { zh: '列出即时通讯应用', en: 'list applications of instant messaging' },
    run: async (context) => {
      const items = await Array.fromAsync(context.client().all<AppView>(all));
      context.printTable(items, {
        APPID: (one) => one.appid,
        NAME: (one) => one.name,
        DESK: (one) => one.storeId,
        ...(items.some((one) => one.firstKey > 0) && { FIRST_KEY: (one) => one.firstKey }),
        SOURCE: (one) => context.word('source', one.source),
      });
    },
  }),
  cliCommand({
    name: 'app add',
    usage: 'APPID [--name NAME] [--secret SECRET] [--first-key N]',
    summary: {
      zh: '添加应用，打印其密钥（仅此一次）',
      en: 'add an application and print its secret, once',
    },
    details: moving,
    words: [1, 1],
    options: { name: text, secret: text, 'first-key': text },
    run: async (context, { name, secret, 'first-key': first }, [appid = '']) => {
      const body = { appid: whole('APPID', appid), name, secret, firstKey: firstKeyOf(first) };
      const added = await context
        .client()
        .post<{ app: AppView; secret: string; appKey: string }>(all, body);
      context.print(added, () =>
        context.say({
          zh: `应用 ${added.app.appid} 已添加\n密钥（服务端，只显示这一次）：${added.secret}\nappkey（客户端）：${added.appKey}`,
          en: `application ${added.app.appid} added\nsecret (of its server, shown this once): ${added.secret}\napp key (of its clients): ${added.appKey}`,
        }),
      );
    },
  }),
  cliCommand({
    name: 'app update',
    usage: 'APPID [--name NAME] [--desk STORE_ID|none] [--first-key N]',
    summary: {
      zh: '修改应用的名称、咨询台或起始序号',
      en: 'change the name, the desk or the first key of an application',
    },
    details: moving,
    words: [1, 1],
    options: { name: text, desk: text, 'first-key': text },
    run: async (context, { name, desk, 'first-key': first }, [appid = '']) => {
      const storeId =
        desk === undefined ? undefined : desk === 'none' ? null : whole('--desk', desk);
      const view = await context.client().patch<AppView>(path(appid), {
        name,
        storeId,
        firstKey: firstKeyOf(first),
      });
      const { name: called, storeId: leads, firstKey } = view;
      const behind = firstKey === 0 ? '' : `  first key ${firstKey}`;
      context.print(view, () => `${view.appid}  ${called}  ${leads ?? '-'}${behind}`);
    },
  }),
  cliCommand({
    name: 'app key',
    usage: 'APPID',
    summary: {
      zh: '打印应用的 appkey（客户端用）',
      en: 'print the app key that its clients carry',
    },
    words: [1, 1],
    run: async (context, _values, [appid = '']) => {
      const shown = await context.client().get<{ appKey: string }>(path(appid, '/app-key'));
      context.print(shown, () => shown.appKey);
    },
  }),
  cliCommand({
    name: 'app rotate',
    usage: 'APPID',
    summary: {
      zh: '更换应用密钥，旧密钥立即失效',
      en: 'make a new secret; the one before ends at once',
    },
    details: { zh: '用户的 token 不受影响。', en: 'Tokens of its users stay.' },
    words: [1, 1],
    run: async (context, _values, [appid = '']) => {
      const rotated = await context.client().post<{ secret: string }>(path(appid, '/rotate'));
      context.print({ appid: Number(appid), ...rotated }, () =>
        context.say({
          zh: `新密钥（只显示这一次）：${rotated.secret}`,
          en: `the new secret (shown this once): ${rotated.secret}`,
        }),
      );
    },
  }),
  cliCommand({
    name: 'app remove',
    usage: 'APPID --yes',
    summary: { zh: '删除应用', en: 'remove an application' },
    details: {
      zh: '其用户被断开；用户、群与消息保留，以同一 APPID 再次添加时仍在。',
      en: 'Its users are disconnected. Users, groups and messages stay for one added under the same APPID.',
    },
    words: [1, 1],
    options: { yes: flag },
    run: async (context, { yes }, [appid = '']) => {
      if (yes !== true) throw usageFailure('删除应用请加 --yes', 'to remove it, add --yes');
      await context.client().delete(path(appid));
      context.print({ removed: Number(appid) }, () =>
        context.say({ zh: `应用 ${appid} 已删除`, en: `application ${appid} removed` }),
      );
    },
  }),
];
