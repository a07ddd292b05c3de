import type { Language, Text } from '../../errors.ts';

/** Picks the words of the configured language. */
export type Say = (text: Text) => string;

export function sayIn(language: Language): Say {
  return (text) => text[language];
}

/** To the second, with the offset, so that nobody takes it for another zone's. */
const iso = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z (UTC)`;

/** Why a send waits or ended: read by channels, operators and the trace. */
export const reasons = {
  roomAbsent: {
    zh: '群不存在（受理后完成的群同步中没有该群）',
    en: 'no such room (a room sync that finished since does not have it)',
  },
  contactAbsent: { zh: '联系人不存在', en: 'no such contact' },
  roomUnproven: {
    zh: '群尚未找到，等待群同步',
    en: 'the room is not found yet; waiting for a room sync',
  },
  contactUnproven: {
    zh: '联系人尚未找到，等待联系人更新',
    en: 'the contact is not found yet; waiting for fresh contacts',
  },
  ambiguousRoom: (ids: readonly string[]): Text => ({
    zh: `有多个群使用该群名，请改用群编号：${ids.join(', ')}`,
    en: `several rooms bear this topic, use the room id: ${ids.join(', ')}`,
  }),
  ambiguousContact: (ids: readonly string[]): Text => ({
    zh: `有多个联系人使用该名称，请改用联系人编号：${ids.join(', ')}`,
    en: `several contacts bear this name, use the contact id: ${ids.join(', ')}`,
  }),
  otherAccount: (accountId: string): Text => ({
    zh: `受理时绑定的是另一个微信号（${accountId}），等待运维人员决定`,
    en: `accepted for another account (${accountId}); an operator has to decide`,
  }),
  notHere: { zh: '机器人未就绪', en: 'the bot is not ready' },
  noBot: { zh: '机器人不存在', en: 'there is no such bot' },
  breaker: (until: number): Text => ({
    zh: `微信提示发送过于频繁，暂停至 ${iso(until)}`,
    en: `WeChat answered "too frequent"; paused until ${iso(until)}`,
  }),
  pacing: { zh: '按发送频率排队', en: 'paced' },
  behind: (msgid: number): Text => ({
    zh: `排在同群消息 ${msgid} 之后`,
    en: `behind send ${msgid} of the same room`,
  }),
  fetching: { zh: '正在获取图片', en: 'fetching the picture' },
  tryAgainAt: (at: number, why: string): Text => ({
    zh: `${iso(at)} 重试：${why}`,
    en: `trying again at ${iso(at)}: ${why}`,
  }),
  blocked: {
    zh: '同群前一条消息的结果未知，等待确认',
    en: 'the outcome of an earlier send of this room is unknown',
  },
  expired: { zh: '超过有效期未能发出', en: 'expired before it could leave' },
  cancelled: { zh: '已取消', en: 'cancelled' },
  partsLeft: (why: string, done: number, parts: number): Text => ({
    zh: `${why}（共 ${parts} 段，已发出 ${done} 段）`,
    en: `${why} (${done} of ${parts} parts had left)`,
  }),
  refused: (why: string): Text => ({ zh: `微信拒绝：${why}`, en: `WeChat refused it: ${why}` }),
  unsupported: { zh: '该机器人不支持此类消息', en: 'this bot cannot send this kind' },
  targetRefused: {
    zh: '微信称目标不存在，但群同步中存在该群',
    en: 'WeChat says there is no such target, though the room sync has it',
  },
  cardInvalid: (why: string): Text => ({
    zh: `小程序卡片无效：${why}`,
    en: `card invalid: ${why}`,
  }),
  pictureFailed: (why: string): Text => ({ zh: `图片不可用：${why}`, en: `no picture: ${why}` }),
  fileGone: { zh: '文件已不存在', en: 'the file is gone' },
  unknownCrash: {
    zh: '交给微信后程序中断，结果未知',
    en: 'the daemon stopped after handing it over; the outcome is unknown',
  },
  unknownAnswer: (why: string): Text => ({
    zh: `微信未应答，结果未知：${why}`,
    en: `no answer from WeChat, the outcome is unknown: ${why}`,
  }),
  noEcho: (seconds: number): Text => ({
    zh: `结果未知，连接一直正常而 ${seconds} 秒内未见回显，视为未发出`,
    en: `outcome unknown, and no echo within ${seconds} s of a living connection: taken as not sent`,
  }),
  noEchoGap: (seconds: number): Text => ({
    zh: `结果未知，未见回显：连接曾中断，恢复后 ${seconds} 秒内仍未见；可能已发出`,
    en:
      `outcome unknown, no echo: the connection was interrupted and ${seconds} s after it came ` +
      'back there was none; it may have been sent',
  }),
  noEchoDriver: {
    zh: '结果未知：该机器人不回显自己的消息；可能已发出',
    en: 'outcome unknown: this bot does not show its own messages; it may have been sent',
  },
  noEchoExpired: {
    zh: '结果未知：直到过期机器人都未恢复；可能已发出',
    en: 'outcome unknown: the bot did not come back before it expired; it may have been sent',
  },
} as const;
