import type { WechatSettings } from '../../config/wechat-schema.ts';
import { Cipher } from './cipher.ts';

export type PushMode = 'plain' | 'compatible' | 'secure';

/** An account on WeChat's platform, as the config describes it. */
export interface Account {
  appid: string;
  settings: WechatSettings;
  /** What its pushes have to be. */
  mode: PushMode;
  /** Undefined: there is no key, nothing can be encrypted. */
  cipher: Cipher | undefined;
}

export function accountOf(settings: WechatSettings): Account {
  const { appid, encodingAesKey } = settings;
  return {
    appid,
    settings,
    mode: settings.mode ?? (encodingAesKey === undefined ? 'plain' : 'secure'),
    cipher: encodingAesKey === undefined ? undefined : new Cipher(encodingAesKey, appid),
  };
}

/** The accounts of the config, by appid. */
export class Accounts {
  #byAppid = new Map<string, Account>();

  constructor(settings: readonly WechatSettings[] = []) {
    this.apply(settings);
  }

  /** Makes them what the config says; at once. */
  apply(settings: readonly WechatSettings[]): void {
    this.#byAppid = new Map(settings.map((one) => [one.appid, accountOf(one)]));
  }

  get(appid: string): Account | undefined {
    return this.#byAppid.get(appid);
  }

  /** In the order of the config. */
  list(): Account[] {
    return [...this.#byAppid.values()];
  }
}
