import { randomBytes } from 'node:crypto';

/** What the platform says no with. */
export class Refusal extends Error {
  readonly errcode: number;

  constructor(errcode: number, errmsg?: string) {
    super(errmsg ?? words[errcode] ?? 'system error');
    this.errcode = errcode;
  }
}

/** An answer of the platform. */
export interface Answer {
  status?: number;
  /** Default: that of most calls, WeChat's own odd spelling. */
  type?: string;
  headers?: Record<string, string>;
  body: string | Uint8Array;
}

/** As most calls of /cgi-bin say it: `encoding` where everybody else says charset. */
export const jsonType = 'application/json; encoding=utf-8';

/** Login and media errors come as text: whoever goes by the Content-Type misses them. */
export const plainType = 'text/plain';

export function ok(more: Record<string, unknown> = {}, type = jsonType): Answer {
  return { type, body: JSON.stringify({ errcode: 0, errmsg: 'ok', ...more }) };
}

export function answerOf({ errcode, message }: Refusal, type = jsonType): Answer {
  return { type, body: JSON.stringify({ errcode, errmsg: `${message} rid: ${requestId()}` }) };
}

function requestId(): string {
  const part = (): string => randomBytes(4).toString('hex');
  return `${part()}-${part()}-${part()}`;
}

/** WeChat's own words. */
const words: Record<number, string> = {
  [-1]: 'system error',
  40001:
    'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40004: 'invalid media type',
  40005: 'invalid file type',
  40006: 'invalid media size',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40009: 'invalid image size',
  40010: 'invalid voice size',
  40011: 'invalid video size',
  40012: 'invalid thumb size',
  40013: 'invalid appid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40037: 'invalid template_id',
  40066: 'invalid url',
  40125: 'invalid appsecret',
  40163: 'code been used',
  40164: 'invalid ip 127.0.0.1, not in whitelist',
  40200: 'invalid account type',
  40226: 'code blocked',
  40243: 'AppSecret is frozen',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41005: 'media data missing',
  41006: 'media_id missing',
  41008: 'missing code',
  42001: 'access_token expired',
  43002: 'require POST method',
  43101: 'user refuse to accept the msg',
  43107: 'subscribe message ability is blocked',
  43108: 'concurrent sends to one user',
  44002: 'empty post data',
  44004: 'empty content',
  45002: 'content size out of limit',
  45008: 'article size out of limit',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  45015: 'response out of time limit or subscription is canceled',
  45047: 'out of response count limit',
  45072: 'invalid command',
  45080:
    'need sending message to user, or receiving message from user in the last 30 seconds before typing',
  45081: 'typing message has been sent already, do not send again in 15 seconds',
  45109: 'this interface has been offline',
  45162: 'msgtype is not allowed for this account',
  47001: 'data format error',
  47003: 'argument invalid!',
  48001: 'api unauthorized',
  48002: 'user block message',
  50004: 'forbidden to use token interface',
};
