import { z } from 'zod';
import type { Account } from '../../bot/wechat/account.ts';
import { pushPaths } from '../wechat/routes.ts';
import type { AdminCore } from './core.ts';
import { operation } from './operation.ts';
import { page, pageOf, paging } from './paging.ts';

const view = z.object({
  appid: z.string(),
  name: z.string().nullable(),
  kind: z.enum(['miniprogram', 'official']),
  mode: z.enum(['plain', 'compatible', 'secure']).describe('What its pushes have to be.'),
  token: z.string().nullable().describe('Its first two characters and its length; null: none.'),
  hasKey: z.boolean(),
  hasSecret: z.boolean(),
  apiBase: z.string(),
  tokenUrl: z.string().nullable(),
  storeId: z.int().nullable().describe('Desk whose agents answer its users.'),
  welcome: z.string().nullable(),
  simulate: z.boolean().describe('Nothing leaves.'),
  pushUrls: z.array(z.string()).describe("What WeChat's console is given; any of them."),
});

const listAccounts = operation({
  id: 'listWechatAccounts',
  method: 'get',
  path: '/wechat/accounts',
  tag: 'wechat',
  summary: "Accounts on WeChat's own platform, by appid; what is secret is not shown",
  query: z.strictObject(paging),
  answer: page(view),
  handle: async (core, { query }) => {
    const { items, next } = pageOf(core.wechat.accounts.list(), (one) => one.appid, query);
    return { items: items.map((one) => viewOf(core, one)), next };
  },
});

export const wechatAccountOperations = [listAccounts];

function viewOf(core: AdminCore, { appid, settings, mode }: Account): z.output<typeof view> {
  const { name, kind, token, encodingAesKey, secret, apiBase, tokenUrl, storeId } = settings;
  const base = core.publicUrl();
  const official = `${base}${pushPaths.official.replace(':appid', appid)}`;
  return {
    appid,
    name: name ?? null,
    kind,
    mode,
    token: token === undefined ? null : `${token.slice(0, 2)}… (${token.length})`,
    hasKey: encodingAesKey !== undefined,
    hasSecret: secret !== undefined,
    apiBase,
    tokenUrl: tokenUrl === undefined ? null : withoutSecrets(tokenUrl),
    storeId: storeId ?? null,
    welcome: settings.welcome ?? null,
    simulate: settings.simulate,
    pushUrls: [official, `${base}${pushPaths.customer}?appid=${appid}`],
  };
}

/** An address of a token server may carry its key. */
function withoutSecrets(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}
