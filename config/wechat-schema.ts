import { z } from 'zod';
import { httpUrl } from './address-schema.ts';

/** An account on WeChat's own platform: a mini program or an official account. */
export const wechatSchema = z.strictObject({
  appid: z.string().regex(/^[\w-]{1,64}$/, 'letters, digits, _ and - only, 1 to 64'),
  name: z.string().max(100).optional(),
  kind: z.enum(['miniprogram', 'official']).default('miniprogram'),
  secret: z.string().min(1).max(128).optional().describe('AppSecret; without it nothing is sent.'),
  token: z
    .string()
    .regex(/^[A-Za-z0-9]{1,64}$/, 'letters and digits only, 1 to 64')
    .optional()
    .describe('Token of the message push; without it no push is accepted.'),
  encodingAesKey: z
    .string()
    .regex(/^[A-Za-z0-9]{43}$/, 'must be 43 letters and digits')
    .optional(),
  mode: z
    .enum(['plain', 'compatible', 'secure'])
    .optional()
    .describe('As set at WeChat. Default: secure with an encodingAesKey, else plain.'),
  apiBase: httpUrl.default('https://api.weixin.qq.com'),
  tokenUrl: httpUrl
    .optional()
    .describe(
      'A server of yours that hands out the access_token: GET answers {access_token, expires_in}.',
    ),
  storeId: z.int().min(1).optional().describe('Desk whose agents answer its users.'),
  welcome: z.string().max(600).optional().describe('Said to whoever enters a session or follows.'),
  subscribe: z
    .strictObject({
      templateId: z.string().min(1),
      page: z.string().max(1024).optional(),
      state: z.enum(['developer', 'trial', 'formal']).default('formal'),
      language: z.enum(['zh_CN', 'en_US', 'zh_HK', 'zh_TW']).default('zh_CN'),
      fields: z
        .record(z.string().regex(/^[a-z_]+\d+$/), z.enum(['sender', 'content', 'time']))
        .describe('Field of the template, e.g. thing1, and what goes into it.'),
    })
    .optional()
    .describe('Subscribe message that tells of a message nobody has fetched.'),
  simulate: z
    .boolean()
    .default(false)
    .describe('Send nothing: every send succeeds and is only written down.'),
});
export type WechatSettings = z.infer<typeof wechatSchema>;
