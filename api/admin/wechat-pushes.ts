import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { type PushHead, pushStates } from '../../store/wechat-pushes.ts';
import { sentence } from '../sentence.ts';
import { notFound } from './errors.ts';
import { operation } from './operation.ts';
import { numberPaging, page } from './paging.ts';

const time = z.int().describe('Epoch milliseconds.');
const params = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

const view = z.object({
  id: z.int(),
  account: z.string().describe('Appid.'),
  kind: z.string().describe('MsgType, or `event:<name>`.'),
  openId: z.string(),
  format: z.enum(['xml', 'json']),
  at: time,
  tries: z.int().describe('How often WeChat came with it.'),
  state: z.enum(pushStates).describe('due: not worked off yet.'),
  tookMs: z.int().nullable().describe('Until it was on disk and answered; null: not known.'),
  error: sentence.nullable(),
  hasBody: z.boolean().describe('Its text is still kept.'),
});
const detail = view.extend({
  body: z.string().nullable().describe('As it came, decrypted, without tickets; null: forgotten.'),
  answer: z.string().nullable().describe('What WeChat got, before it was encrypted.'),
});

const listPushes = operation({
  id: 'listWechatPushes',
  method: 'get',
  path: '/wechat/pushes',
  tag: 'wechat',
  summary: 'What WeChat pushed, newest first',
  query: z.strictObject({
    ...numberPaging,
    account: z.string().min(1).max(64).optional().describe('Appid.'),
    openId: z.string().min(1).max(200).optional().describe('Together with `account`.'),
    state: z.enum(pushStates).optional(),
  }),
  answer: page(view),
  handle: async ({ wechat }, { query }) => {
    const { account, openId, state, limit, cursor: before } = query;
    if (openId !== undefined && account === undefined) {
      const text = { zh: 'account: 与 openId 一同给出', en: 'account: needed with openId' };
      throw new AppError('field_missing', text, { field: 'account' });
    }
    const rows = await wechat.intake.list({ account, openId, state, before, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items: shown.map(viewOf), next: more ? String(last.id) : null };
  },
});

const getPush = operation({
  id: 'getWechatPush',
  method: 'get',
  path: '/wechat/pushes/{id}',
  tag: 'wechat',
  summary: 'One push with its text and our answer',
  params,
  answer: detail,
  handle: async ({ wechat }, { params: { id } }) => {
    const row = await wechat.intake.get(id);
    if (row === undefined) throw notFound(`推送 ${id}`, `push ${id}`);
    const { body, answer } = row;
    return { ...viewOf({ ...row, has_body: body === null ? 0 : 1 }), body, answer };
  },
});

const replay = operation({
  id: 'replayWechatPush',
  method: 'post',
  path: '/wechat/pushes/{id}/replay',
  tag: 'wechat',
  summary: 'Work off a failed push again',
  description: 'What it was answered does not change. 409 when it has not failed.',
  params,
  handle: ({ wechat }, { params: { id } }) => wechat.intake.replay(id),
});

export const wechatPushOperations = [listPushes, getPush, replay];

function viewOf(row: PushHead): z.output<typeof view> {
  return {
    id: row.id,
    account: row.account,
    kind: row.kind,
    openId: row.open_id,
    format: row.format,
    at: Number(row.received_at),
    tries: row.tries,
    state: row.state,
    tookMs: row.took_ms,
    error: row.error,
    hasBody: Number(row.has_body) === 1,
  };
}
