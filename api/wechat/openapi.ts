import { z } from 'zod';
import { type Described, type OpenApiPart, pathsOf } from '../openapi/part.ts';
import { pushPaths } from './routes.ts';

const signed = {
  signature: z.string().describe('SHA-1 over token, timestamp and nonce.').optional(),
  timestamp: z.string(),
  nonce: z.string(),
};
const verification = z.object({ ...signed, echostr: z.string() });
const push = z.object({
  ...signed,
  encrypt_type: z.string().optional().describe('`aes` in compatible and secure mode.'),
  msg_signature: z
    .string()
    .optional()
    .describe('SHA-1 over token, timestamp, nonce and `Encrypt`; where the account is encrypted.'),
  openid: z.string().optional(),
});
const appid = z.string().optional().describe('Default: the account of the mini-program IM.');
const params = z.object({ appid: z.string() });

const verify = {
  method: 'get',
  tag: 'wechat',
  security: [],
  produces: 'text/plain',
  status: 200,
  summary: 'Verification of the address: echoes `echostr` when it was signed with our token',
} as const;
const receive = {
  method: 'post',
  tag: 'wechat',
  security: [],
  produces: 'text/plain',
  status: 200,
  summary: 'A message or an event of a user',
  description:
    'XML or JSON; plain, compatible or encrypted. Answered `success`, or with a passive reply, when it is on disk; 503 when it is not within 4.5 s.',
  consumes: 'text/xml',
} as const;

const customer = pushPaths.customer;
const official = pushPaths.official.replace(':appid', '{appid}');

const routes: Described[] = [
  {
    ...verify,
    id: 'verifyWechatCustomer',
    path: customer,
    query: verification.extend({ appid }),
    refusals: [401, 404],
  },
  {
    ...receive,
    id: 'pushWechatCustomer',
    path: customer,
    query: push.extend({ appid }),
    refusals: [400, 401, 404, 413, 503],
  },
  {
    ...verify,
    id: 'verifyWechatAccount',
    path: official,
    params,
    query: verification,
    refusals: [401, 404],
  },
  {
    ...receive,
    id: 'pushWechatAccount',
    path: official,
    params,
    query: push,
    refusals: [400, 401, 404, 413, 503],
  },
];

/** The part of the OpenAPI document that describes where WeChat pushes to. */
export function wechatOpenApi(): OpenApiPart {
  return {
    tags: [{ name: 'wechat', description: "What WeChat's own platform calls." }],
    paths: pathsOf(routes),
  };
}
