import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { errorOf } from '../../bot/wechat/errors.ts';
import { type OutboxRow, outboxStates } from '../../store/wechat-outbox.ts';
import { sentence } from '../sentence.ts';
import type { AdminCore } from './core.ts';
import { notFound } from './errors.ts';
import { operation } from './operation.ts';
import { numberPaging, page } from './paging.ts';

const time = z.int().describe('Epoch milliseconds.');
const params = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

const view = z.object({
  id: z.int(),
  account: z.string().describe('Appid.'),
  openId: z.string(),
  kind: z
    .enum(['custom', 'notice'])
    .describe('custom: words of a conversation; notice: tells of a message not yet fetched.'),
  part: z.int().describe('Of a text too long for one message, from 1.'),
  parts: z.int(),
  messageId: z.int().nullable(),
  conversation: z.int().nullable(),
  agent: z.string().nullable().describe('Who said it, and is told when it fails.'),
  state: z
    .enum(outboxStates)
    .describe(
      'sending: handed over, no answer yet; kept: no way was open; failed: it did not arrive, see ' +
        '`error`; unknown: handed over, and nobody knows whether it arrived.',
    ),
  via: z.enum(['custom', 'subscribe']).nullable().describe('By which call it went.'),
  attempts: z.int(),
  runAt: time.describe('While it is due: not before.'),
  errcode: z.int().nullable().describe("WeChat's; below -999 one of ours."),
  local: z
    .boolean()
    .describe('Refused by us, WeChat was not asked: `errcode` is what it would have said.'),
  error: sentence.nullable(),
  hint: z.string().nullable().describe('What the code means, and what can be done.'),
  createdAt: time,
  settledAt: time.nullable(),
});
const detail = view.extend({
  content: z.record(z.string(), z.unknown()).describe('What is to be said.'),
});

const listOutbox = operation({
  id: 'listWechatOutbox',
  method: 'get',
  path: '/wechat/outbox',
  tag: 'wechat',
  summary: "What leaves for users of WeChat's platform, newest first",
  query: z.strictObject({
    ...numberPaging,
    account: z.string().min(1).max(64).optional().describe('Appid.'),
    openId: z.string().min(1).max(200).optional().describe('Together with `account`.'),
    state: z.enum(outboxStates).optional(),
  }),
  answer: page(view),
  handle: async (core, { query }) => {
    const { account, openId, state, limit, cursor: before } = query;
    if (openId !== undefined && account === undefined) {
      const text = { zh: 'account: 与 openId 一同给出', en: 'account: needed with openId' };
      throw new AppError('field_missing', text, { field: 'account' });
    }
    const filter = { account, openId, state, before, limit: limit + 1 };
    const rows = await core.wechat.outbox.list(filter);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items: shown.map((row) => viewOf(core, row)), next: more ? String(last.id) : null };
  },
});

const getOutbox = operation({
  id: 'getWechatOutbox',
  method: 'get',
  path: '/wechat/outbox/{id}',
  tag: 'wechat',
  summary: 'One send, with what is said',
  params,
  answer: detail,
  handle: (core, { params: { id } }) => detailOf(core, id),
});

const resend = operation({
  id: 'resendWechatOutbox',
  method: 'post',
  path: '/wechat/outbox/{id}/resend',
  tag: 'wechat',
  summary: 'Send again what has failed or was kept',
  description:
    'With the other parts of the same text that failed. One that is `unknown` may reach the user ' +
    'twice: it needs `force`. 409 for whatever has not failed.',
  params,
  body: z.strictObject({
    force: z.boolean().default(false).describe('Also what may have arrived before.'),
  }),
  answer: detail,
  handle: async (core, { params: { id }, body: { force } }) => {
    await core.wechat.outbox.resend(id, force);
    return await detailOf(core, id);
  },
});

const windowView = z.object({
  action: z.enum(['message', 'enter', 'click', 'follow', 'scan']).describe('What the user did.'),
  at: time,
  sends: z.int().describe('Sent since.'),
  most: z.int(),
  left: z.int(),
  until: time.describe('When it closes, or closed.'),
  state: z
    .enum(['open', 'used', 'over', 'closed'])
    .describe('closed: WeChat said that it is over before its time.'),
});
const creditView = z.object({
  kind: z.enum(['form', 'template']).describe('form: a legacy form id; template: accepted.'),
  value: z.string().describe('The form id, or the template.'),
  at: time,
  expiresAt: time.nullable(),
  usedAt: time.nullable(),
  state: z.enum(['live', 'expired', 'used', 'refused', 'dropped', 'removed']),
});

const getUser = operation({
  id: 'getWechatUser',
  method: 'get',
  path: '/wechat/accounts/{account}/users/{openId}',
  tag: 'wechat',
  summary: 'What may be sent to a user: windows and credits',
  description:
    'Our own count: WeChat tells nobody. Of credits the newest are shown, of each kind 50.',
  params: z.object({
    account: z.string().min(1).max(64).describe('Appid.'),
    openId: z.string().min(1).max(200),
  }),
  answer: z.object({
    account: z.string(),
    openId: z.string(),
    left: z.int().describe('Customer-service messages that may be sent now.'),
    until: time.nullable().describe('Until when; null: none may be sent.'),
    windows: z.array(windowView),
    credits: z.array(creditView),
  }),
  handle: async ({ wechat }, { params: { account, openId } }) => {
    if (wechat.accounts.get(account) === undefined) {
      throw notFound(`微信账号 ${account}`, `WeChat account ${account}`);
    }
    const windows = await wechat.windows.list(account, openId);
    const open = windows.filter(({ left }) => left > 0);
    const credits = await wechat.credits.list(account, openId);
    return {
      account,
      openId,
      left: open.reduce((sum, { left }) => sum + left, 0),
      until: open.length === 0 ? null : Math.max(...open.map(({ until }) => until)),
      windows,
      credits: credits.map(({ expiresAt, usedAt, ...one }) => ({
        ...one,
        expiresAt: expiresAt ?? null,
        usedAt: usedAt ?? null,
      })),
    };
  },
});

export const wechatOutboxOperations = [listOutbox, getOutbox, resend, getUser];

async function detailOf(core: AdminCore, id: number): Promise<z.output<typeof detail>> {
  const row = await core.wechat.outbox.get(id);
  if (row === undefined) throw notFound(`发送 ${id}`, `send ${id}`);
  // Written by us.
  const content = JSON.parse(row.content) as Record<string, unknown>;
  return { ...viewOf(core, row), content };
}

function viewOf(core: AdminCore, row: OutboxRow): z.output<typeof view> {
  const { errcode } = row;
  const hint =
    errcode === null || errcode === 0 ? null : errorOf(errcode).text[core.config.language];
  return {
    id: row.id,
    account: row.account,
    openId: row.open_id,
    kind: row.kind,
    part: row.part + 1,
    parts: row.parts,
    messageId: row.message_id,
    conversation: row.conversation,
    agent: row.agent,
    state: row.state,
    via: row.via === 'custom' || row.via === 'subscribe' ? row.via : null,
    attempts: row.attempts,
    runAt: Number(row.run_at),
    errcode,
    local: row.via === 'local',
    error: row.error,
    hint,
    createdAt: Number(row.created_at),
    settledAt: row.settled_at,
  };
}
