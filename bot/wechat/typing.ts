import type { Account } from './account.ts';
import type { WechatApi } from './api.ts';

export type TypingCommand = 'Typing' | 'CancelTyping';

/**
 * Shows a user that somebody is typing, or no more. It lasts 15 s, and only within 30 s of something
 * said; what WeChat says to it is nobody's concern.
 * @returns whether WeChat shows it
 */
export async function showTyping(
  api: WechatApi,
  account: Account,
  openId: string,
  command: TypingCommand,
): Promise<boolean> {
  const path =
    account.settings.kind === 'miniprogram'
      ? '/cgi-bin/message/custom/business/typing'
      : '/cgi-bin/message/custom/typing';
  const answer = await api.call(account, {
    ...{ method: 'POST', path, body: { touser: openId, command }, timeoutMs: 5000 },
  });
  return answer.kind === 'ok';
}
