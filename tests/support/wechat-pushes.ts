import { type Account, accountOf } from '../../bot/wechat/account.ts';
import { Cipher } from '../../bot/wechat/cipher.ts';
import type { PushQuery } from '../../bot/wechat/push.ts';
import { signatureOf } from '../../bot/wechat/signature.ts';
import { buildXml, type XmlFields } from '../../bot/wechat/xml.ts';
import { wechatSchema } from '../../config/wechat-schema.ts';

export const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

/** An account as the config would make it. */
export function wechatAccount(settings: Record<string, unknown> = {}): Account {
  return accountOf(wechatSchema.parse({ appid: 'wx1', token: 'AAAAA', ...settings }));
}

export interface Posted {
  query: Record<string, string>;
  body: string;
}

export interface PosterOptions {
  appid?: string;
  token?: string;
  encodingAesKey?: string;
  /** As WeChat would be set; default: plain without a key, else secure. */
  mode?: 'plain' | 'compatible' | 'secure';
  format?: 'xml' | 'json';
}

let count = 0;

/** WeChat: makes pushes, signed and encrypted as it does. */
export class Poster {
  readonly #options: Required<Omit<PosterOptions, 'encodingAesKey'>>;
  readonly #cipher: Cipher | undefined;

  constructor(options: PosterOptions = {}) {
    const { appid = 'wx1', token = 'AAAAA', encodingAesKey, format = 'xml' } = options;
    const mode = options.mode ?? (encodingAesKey === undefined ? 'plain' : 'secure');
    this.#options = { appid, token, mode, format };
    this.#cipher = encodingAesKey === undefined ? undefined : new Cipher(encodingAesKey, appid);
  }

  /** A push of these fields, signed anew each time. */
  push(fields: XmlFields): Posted {
    return this.pushText(this.spell(fields), fields);
  }

  /** A push of exactly this text. */
  pushText(text: string, fields: XmlFields = {}): Posted {
    const { mode } = this.#options;
    const query = this.#signed();
    if (mode === 'plain' || this.#cipher === undefined) return { query, body: text };
    const Encrypt = this.#cipher.encrypt(text);
    const msg_signature = this.sign(query, Encrypt);
    const ToUserName = fields['ToUserName'] ?? 'gh_1';
    const outer = mode === 'secure' ? { ToUserName, Encrypt } : { ...fields, Encrypt };
    return { query: { ...query, encrypt_type: 'aes', msg_signature }, body: this.spell(outer) };
  }

  verification(echostr: string): Record<string, string> {
    return { ...this.#signed(), echostr };
  }

  spell(fields: XmlFields): string {
    return this.#options.format === 'xml' ? buildXml(fields) : JSON.stringify(fields);
  }

  sign({ timestamp = '', nonce = '' }: PushQuery, ...more: string[]): string {
    return signatureOf([this.#options.token, timestamp, nonce, ...more]);
  }

  #signed(): { timestamp: string; nonce: string; signature: string } {
    count += 1;
    const query = { timestamp: String(1_790_000_000 + count), nonce: String(count * 7919) };
    return { ...query, signature: this.sign(query) };
  }
}

/** What a user writes. */
export function textPush(openId: string, content: string, more: XmlFields = {}): XmlFields {
  count += 1;
  return {
    ToUserName: 'gh_1',
    FromUserName: openId,
    CreateTime: 1_790_000_000 + count,
    MsgType: 'text',
    Content: content,
    MsgId: 60_000_000 + count,
    ...more,
  };
}

export function eventPush(openId: string, event: string, more: XmlFields = {}): XmlFields {
  count += 1;
  return {
    ToUserName: 'gh_1',
    FromUserName: openId,
    CreateTime: 1_790_000_000 + count,
    MsgType: 'event',
    Event: event,
    ...more,
  };
}
