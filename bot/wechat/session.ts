import type { Vault } from '../../config/secrets.ts';
import type { Tx } from '../../store/database.ts';
import type { WechatSessionStore } from '../../store/wechat-sessions.ts';
import type { Clock } from '../clock.ts';
import type { Account } from './account.ts';
import { wordsOf } from './answer.ts';
import type { WechatApi } from './api.ts';
import { ownCodes } from './errors.ts';

/** Who logged in, or WeChat's own words why not. */
export type Login =
  | { ok: true; openid: string; unionid?: string }
  | { ok: false; errcode: number; errmsg: string };

/** Logins of mini programs. The session_key decrypts and signs user data: it never leaves. */
export class WechatSessions {
  readonly #store: WechatSessionStore;
  readonly #api: WechatApi;
  readonly #vault: Vault;
  readonly #clock: Clock;

  constructor(options: {
    store: WechatSessionStore;
    api: WechatApi;
    vault: Vault;
    clock: Clock;
  }) {
    this.#store = options.store;
    this.#api = options.api;
    this.#vault = options.vault;
    this.#clock = options.clock;
  }

  /** @param code of wx.login; good once, for some five minutes */
  async code2session(account: Account, code: string): Promise<Login> {
    const { appid, secret = '', simulate } = account.settings;
    if (secret === '' && !simulate) {
      return { ok: false, errcode: ownCodes.config, errmsg: `${appid} has no secret` };
    }
    const answer = await this.#api.call(account, {
      method: 'GET',
      path: '/sns/jscode2session',
      query: { appid, secret, js_code: code, grant_type: 'authorization_code' },
      token: false,
    });
    if (answer.kind === 'refused') {
      return { ok: false, errcode: answer.errcode, errmsg: answer.errmsg };
    }
    if (answer.kind === 'unsent') {
      return { ok: false, errcode: ownCodes.unreachable, errmsg: wordsOf(answer) };
    }
    if (answer.kind !== 'ok') return { ok: false, errcode: ownCodes.unknown, errmsg: noAnswer };
    const { openid, unionid, session_key: key } = answer.body;
    if (typeof openid !== 'string' || openid === '') {
      return { ok: false, errcode: ownCodes.unknown, errmsg: noAnswer };
    }
    const union = typeof unionid === 'string' && unionid !== '' ? unionid : undefined;
    await this.#store.db.transaction((tx) =>
      this.#store.put(tx, {
        account: appid,
        open_id: openid,
        union_id: union ?? null,
        session_key: this.#vault.seal(typeof key === 'string' ? key : ''),
        at: this.#clock.now(),
      }),
    );
    return { ok: true, openid, ...(union !== undefined && { unionid: union }) };
  }

  /** He has left: nothing is kept of him. */
  forget(tx: Tx, account: string, openId: string): Promise<void> {
    return this.#store.forget(tx, account, openId);
  }
}

const noAnswer = 'no answer of WeChat that could be read';
