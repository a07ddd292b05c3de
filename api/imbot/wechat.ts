import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { errorOf, ownCodes } from '../../bot/wechat/errors.ts';
import { done } from './envelope.ts';
import { route } from './route.ts';
import { codeQuery, formBody, openIdQuery, templateBody } from './schema.ts';

/** Of the account in the config; what the client sent is in order. */
const secretFaults = new Set([40001, 40125, 40243, 41004]);

function partAtFault(errcode: number): string {
  if (secretFaults.has(errcode)) return 'secret of the WeChat account';
  return errorOf(errcode).reason === 'config' ? 'config of the WeChat account' : 'WeChat';
}

/** The code itself is at fault: unknown, used up, of a user whom WeChat has blocked. */
const codeFaults = new Set([40029, 40163, 40226, 41008]);

// @NOTE the original gave session_key away, which signs and decrypts the user's data.
const openId = route({
  id: 'getImbotOpenId',
  method: 'get',
  path: '/openid',
  summary: 'Who has logged in to the mini program',
  description:
    'WeChat’s `errcode` and `errmsg` stand beside `error`: 400 when the code is at fault, else 502.',
  changes: true,
  query: codeQuery,
  answer: z.object({ openid: z.string(), unionid: z.string().optional() }),
  refusals: [502, 503],
  handle: async ({ sessions, account }, { query }) => {
    const known = account();
    if (known === undefined) throw noAccount();
    const login = await sessions.code2session(known, query.code);
    if (login.ok) {
      const { openid, unionid } = login;
      return { value: { openid, ...(unionid !== undefined && { unionid }) } };
    }
    const { errcode, errmsg } = login;
    if (errcode === ownCodes.config) return { status: 503, error: errmsg };
    const isCode = codeFaults.has(errcode);
    const error = `${isCode ? 'code' : partAtFault(errcode)}: ${errcode} ${errmsg}`;
    return { status: isCode ? 400 : 502, error, more: { errcode, errmsg } };
  },
});

function noAccount(): AppError {
  return new AppError('unavailable', {
    zh: '没有配置小程序：config 的 wechat[]，kind 为 miniprogram',
    en: 'no mini program is configured: config, wechat[] of kind miniprogram',
  });
}

const addForm = route({
  id: 'addImbotForm',
  method: 'post',
  path: '/form_id',
  summary: 'Keep a form id: it allows one notice within seven days',
  body: formBody,
  handle: async ({ credits, access }, { body, granted }) => {
    access.assertIs(granted, body.openId);
    await credits.addForm(body.openId, body.formId);
    return { value: done };
  },
});

const removeForms = route({
  id: 'removeImbotForms',
  method: 'delete',
  path: '/form_id',
  summary: 'Forget all form ids of a user',
  query: openIdQuery,
  handle: async ({ credits, access }, { query, granted }) => {
    access.assertIs(granted, query.openId);
    await credits.removeForms(query.openId);
    return { value: done };
  },
});

const sendTemplate = route({
  id: 'sendImbotTemplate',
  method: 'post',
  path: '/template_msg',
  summary: 'Tell a user of a message that waits',
  description:
    'By the first way that WeChat leaves open: customer-service message, subscribe message; else ' +
    'it stays pending. The answer is WeChat’s; codes below -1 are ours. With a token of one person ' +
    'only a message of his that waits is told, in its own words, and not again at once (403, 429).',
  body: templateBody,
  answer: z.object({ errcode: z.int(), errmsg: z.string() }),
  handle: async ({ wechat, pendingNotices, access }, { body, given, granted }) => {
    const { fromUserId, toUserId } = body;
    access.assertIs(granted, fromUserId);
    const formId = body.formId || null;
    if (granted.userId !== undefined) {
      const { errcode, errmsg } = await pendingNotices.tell({ formId, fromUserId, toUserId });
      return { value: { errcode, errmsg } };
    }
    // Checked by the schema; what is checked is not what is kept.
    const { msg } = given as { msg: Record<string, unknown> };
    const { errcode, errmsg } = await wechat.sendNotice({ formId, fromUserId, toUserId, msg });
    return { value: { errcode, errmsg } };
  },
});

export const wechatRoutes = [openId, addForm, removeForms, sendTemplate];
