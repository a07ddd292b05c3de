import { z } from 'zod';
import type { Fields } from './types.ts';

const text = z.string();
const appid = { appid: z.string().optional() };
const file = z.union([z.literal(true), z.string().min(1)], {
  error: 'base64, a data: address, or true for a sample',
});
const push = {
  ...appid,
  copies: z.int().min(1).max(10).optional(),
  fresh: z.boolean().optional(),
  forge: z.enum(['signature', 'appid', 'body', 'downgrade']).optional(),
  /** false: answer before the push is answered. */
  wait: z.boolean().optional(),
};

const leaf = z.union([z.string(), z.number()]);
const fields: z.ZodType<Fields> = z.lazy(() =>
  z.record(z.string(), z.union([leaf, fields, z.array(fields)])),
);

export const userSchema = z.strictObject({
  ...appid,
  openid: z
    .string()
    .regex(/^[^\s/?#]{1,128}$/, 'no blanks, no / ? #')
    .optional(),
  nickname: text.optional(),
  unionid: text.optional(),
  subscribed: z.boolean().optional(),
  risky: z.boolean().optional(),
});

export const saySchema = z.strictObject({
  ...push,
  text: text.optional(),
  image: file.optional(),
  voice: file.optional(),
  recognition: text.optional(),
  video: file.optional(),
  shortvideo: file.optional(),
  location: z
    .strictObject({
      latitude: z.number(),
      longitude: z.number(),
      scale: z.number().optional(),
      label: text.optional(),
    })
    .optional(),
  link: z.strictObject({ title: text, description: text.optional(), url: text }).optional(),
  miniprogrampage: z
    .strictObject({
      title: text,
      appid: text.optional(),
      pagepath: text,
      thumbUrl: text.optional(),
    })
    .optional(),
  raw: fields.optional(),
});

/** Beside the options everything is a field of the event, as WeChat spells it. */
export const eventSchema = z.object({ ...push, event: z.string().min(1) }).catchall(
  z.union([leaf, fields, z.array(fields)], {
    error: 'a text, a number, an object, or a list of objects',
  }),
);

export const acceptSchema = z.strictObject({
  ...push,
  templateId: z.string().min(1),
  times: z.int().min(1).max(1000).optional(),
  reject: z.boolean().optional(),
});

export const blockSchema = z.strictObject({ ...appid, blocked: z.boolean().default(true) });

export const codeSchema = z.strictObject({ ...appid, openid: z.string().min(1) });

export const faultSchema = z.strictObject({
  kind: z.enum(['delay', 'hang', 'error', 'http500', 'garbage', 'cut', 'close', 'expireToken']),
  path: text.optional(),
  openid: text.optional(),
  times: z.union([z.int().min(1), z.literal('always')]).optional(),
  ms: z.number().min(0).optional(),
  errcode: z.int().optional(),
  errmsg: text.optional(),
  done: z.boolean().optional(),
});

export const clockSchema = z.strictObject({ advanceMs: z.number().min(0) });

export const verifySchema = z.strictObject({ ...appid, wrong: z.boolean().optional() });

export const pushSchema = z.strictObject({ ...appid, url: z.url({ protocol: /^https?$/ }) });

export const templateSchema = z.strictObject({
  ...appid,
  id: z.string().min(1),
  fields: z.array(z.string().regex(/^[a-z_]+\d+$/)),
  values: z.record(z.string(), z.array(text)).optional(),
  longTerm: z.boolean().optional(),
});
