import { cliCommand, flag, text } from './command.ts';
import { usageFailure } from './failure.ts';
import { whole } from './numbers.ts';

interface DeskView {
  storeId: number;
  appid: number;
  name: string;
  createdAt: number;
}

interface SellerView {
  storeId: number;
  uid: number;
  name: string;
  status: string;
}

const all = '/api/v1/im/desks';
const path = (storeId: string): string => `${all}/${encodeURIComponent(storeId)}`;
const sellers = (storeId: string): string => `${path(storeId)}/sellers`;
const seller = (storeId: string, uid: string): string =>
  `${sellers(storeId)}/${encodeURIComponent(uid)}`;

export const deskCommands = [
  cliCommand({
    name: 'desk list',
    usage: '[--app APPID]',
    summary: { zh: '列出咨询台', en: 'list customer-service desks' },
    options: { app: text },
    run: async (context, { app }) => {
      const items = await Array.fromAsync(context.client().all<DeskView>(all, { appid: app }));
      context.printTable(items, {
        STORE_ID: (one) => one.storeId,
        APPID: (one) => one.appid,
        NAME: (one) => one.name,
        CREATED: (one) => context.time(one.createdAt),
      });
    },
  }),
  cliCommand({
    name: 'desk add',
    usage: 'NAME --app APPID [--id STORE_ID]',
    summary: { zh: '添加咨询台', en: 'add a desk' },
    details: {
      zh: '之后：wxrc app update APPID --desk STORE_ID 使应用的顾客到达该咨询台。',
      en: 'Then lead the customers of an application there: wxrc app update APPID --desk STORE_ID.',
    },
    words: [1, 1],
    options: { app: text, id: text },
    run: async (context, { app, id }, [name]) => {
      if (app === undefined) throw usageFailure('缺少 --app', '--app is missing');
      const added = await context.client().post<DeskView>(all, {
        appid: whole('--app', app),
        name,
        storeId: id === undefined ? undefined : whole('--id', id),
      });
      context.print(added, () =>
        context.say({
          zh: `咨询台 ${added.storeId} 已添加`,
          en: `desk ${added.storeId} added`,
        }),
      );
    },
  }),
  cliCommand({
    name: 'desk rename',
    usage: 'STORE_ID NAME',
    summary: { zh: '修改咨询台名称', en: 'rename a desk' },
    words: [2, 2],
    run: async (context, _values, [storeId = '', name]) => {
      const view = await context.client().patch<DeskView>(path(storeId), { name });
      context.print(view, () => `${view.storeId}  ${view.name}`);
    },
  }),
  cliCommand({
    name: 'desk remove',
    usage: 'STORE_ID --yes',
    summary: { zh: '删除咨询台及其客服', en: 'remove a desk and its sellers' },
    words: [1, 1],
    options: { yes: flag },
    run: async (context, { yes }, [storeId = '']) => {
      if (yes !== true) throw usageFailure('删除咨询台请加 --yes', 'to remove it, add --yes');
      await context.client().delete(path(storeId));
      context.print({ removed: Number(storeId) }, () =>
        context.say({ zh: `咨询台 ${storeId} 已删除`, en: `desk ${storeId} removed` }),
      );
    },
  }),
  cliCommand({
    name: 'seller list',
    usage: 'STORE_ID',
    summary: { zh: '列出咨询台的客服', en: 'list who works at a desk' },
    words: [1, 1],
    run: async (context, _values, [storeId = '']) => {
      const items = await Array.fromAsync(context.client().all<SellerView>(sellers(storeId)));
      context.printTable(items, {
        UID: (one) => one.uid,
        NAME: (one) => one.name,
        STATUS: (one) => one.status,
      });
    },
  }),
  cliCommand({
    name: 'seller put',
    usage: 'STORE_ID UID [--name NAME] [--avatar URL] [--status online|offline]',
    summary: { zh: '添加或修改客服', en: 'add a seller or change it' },
    details: {
      zh: '未指定的项保持不变；新客服默认离线。',
      en: 'What is left out stays; a new one is offline.',
    },
    words: [2, 2],
    options: { name: text, avatar: text, status: text },
    run: async (context, values, [storeId = '', uid = '']) => {
      const { name, avatar, status } = values;
      const body = { name, avatar, status };
      const view = await context.client().put<SellerView>(seller(storeId, uid), body);
      context.print(view, () => `${view.uid}  ${view.name}  ${view.status}`);
    },
  }),
  cliCommand({
    name: 'seller status',
    usage: 'STORE_ID UID online|offline',
    summary: { zh: '设置客服在线或离线', en: 'say whether a seller is there' },
    words: [3, 3],
    run: async (context, _values, [storeId = '', uid = '', status = '']) => {
      await context.client().put(`${seller(storeId, uid)}/status`, { status });
      context.print(
        { storeId: Number(storeId), uid: Number(uid), status },
        () => `${uid}  ${status}`,
      );
    },
  }),
  cliCommand({
    name: 'seller remove',
    usage: 'STORE_ID UID',
    summary: { zh: '移除客服', en: 'take a seller off a desk' },
    words: [2, 2],
    run: async (context, _values, [storeId = '', uid = '']) => {
      await context.client().delete(seller(storeId, uid));
      context.print({ removed: Number(uid) }, () =>
        context.say({ zh: `客服 ${uid} 已移除`, en: `seller ${uid} removed` }),
      );
    },
  }),
];
