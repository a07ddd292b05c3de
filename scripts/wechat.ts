import type { Imbot } from '../bot/imbot/imbot.ts';
import type { WechatPort } from '../bot/imbot/ports.ts';
import { createWechat, type Wechat, type WechatOptions } from '../bot/wechat/wechat.ts';
import type { Config } from '../config/config.ts';

/** WeChat's platform as the daemon has it. */
export function createWechatPart(
  config: Config,
  options: Omit<WechatOptions, 'accounts' | 'timezone' | 'language'>,
): Wechat {
  const { wechat: accounts, timezone, language } = config;
  return createWechat({ ...options, accounts, timezone, language });
}

/** What the mini-program IM has of it. @param users made later than this */
export function imbotPort(
  config: Config,
  wechat: Wechat,
  users: () => Pick<Imbot['users'], 'profile'>,
): WechatPort {
  return {
    takeForm: (tx, openId) => wechat.credits.takeForm(tx, openId),
    async sendNotice(notice) {
      const { name: senderName } = await users().profile(notice.fromUserId);
      const account = wechat.miniProgram(config.imbot.account)?.appid;
      return await wechat.notices.sendNotice({ ...notice, senderName, account });
    },
  };
}
