import type { Language } from '../errors.ts';
import type { Accounts } from './account.ts';
import { errorOf, ownCodes } from './errors.ts';
import type { Outbox } from './outbox.ts';
import type { Settled } from './outbox-settler.ts';

/** A message that somebody has not fetched, and whom to tell. */
export interface WechatNotice {
  /** A legacy form id, if one came along. It opens nothing any more, but shows a will. */
  formId?: string | null | undefined;
  fromUserId: string;
  toUserId: string;
  /** What the receiver knows the sender by; empty: anonymous. */
  senderName?: string | undefined;
  /** The message, as it was given. */
  msg: Readonly<Record<string, unknown>>;
  /** WeChat account to send by; undefined: there is none. */
  account: string | undefined;
}

/** As WeChat answers a send. Codes below -999 are ours: WeChat was not asked, or said nothing. */
export interface NoticeAnswer {
  errcode: number;
  errmsg: string;
}

export interface NoticesOptions {
  outbox: Outbox;
  accounts: Accounts;
  now: () => number;
  language: Language;
  /** How long a caller waits for the outcome. */
  waitMs?: number;
}

/** What the receiver reads of it at most. */
const longest = 500;
const longestName = 60;

/** Tells people of messages that they have not fetched. */
export class WechatNotices {
  readonly #options: NoticesOptions;

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  /**
   * By an open customer-service window, else as a subscribe message; where neither is possible
   * nothing is sent, and the answer says so. Never by the retired template interface.
   */
  async sendNotice(notice: WechatNotice): Promise<NoticeAnswer> {
    const { outbox, accounts, language, waitMs = 15_000 } = this.#options;
    const { account, toUserId, senderName = '', formId, msg } = notice;
    const known = account === undefined ? undefined : accounts.get(account);
    if (known === undefined) {
      const { text } = errorOf(ownCodes.kept);
      const why = language === 'zh' ? '没有配置微信账号' : 'no WeChat account is configured';
      return { errcode: ownCodes.kept, errmsg: `${text[language]} (${why})` };
    }
    const content = {
      sender: senderName.slice(0, longestName).toWellFormed() || '匿名',
      text: textOf(msg),
      at: timeOf(msg) ?? this.#options.now(),
      ...(typeof formId === 'string' && formId !== '' && { form: true }),
    };
    const settled = await outbox.notice(known.appid, toUserId, content, waitMs);
    return this.#answerOf(settled);
  }

  #answerOf(settled: Settled | undefined): NoticeAnswer {
    const { language } = this.#options;
    if (settled === undefined) {
      const { waiting } = ownCodes;
      return { errcode: waiting, errmsg: errorOf(waiting).text[language] };
    }
    const { state, error } = settled;
    if (state === 'sent') return { errcode: 0, errmsg: error ?? 'ok' };
    const errcode = settled.errcode ?? (state === 'kept' ? ownCodes.kept : ownCodes.unknown);
    const errmsg = error ?? errorOf(errcode).text[language];
    // WeChat's own words first, as callers know them.
    const kept = state === 'kept' ? ` (${errorOf(ownCodes.kept).text[language]})` : '';
    return { errcode, errmsg: `${errmsg}${kept}` };
  }
}

/** @NOTE as the original of the mini-program IM has it: what is no text is only named. */
function textOf(msg: Readonly<Record<string, unknown>>): string {
  const { type, reply } = msg;
  if (type !== undefined && type !== 'text') return '图片或多媒体类型';
  return typeof reply === 'string' && reply.trim() !== ''
    ? reply.slice(0, longest).toWellFormed()
    : '消息';
}

/** Seconds or milliseconds, a number or a text of digits. */
function timeOf({ timestamp }: Readonly<Record<string, unknown>>): number | undefined {
  const number = typeof timestamp === 'string' ? Number(timestamp) : timestamp;
  if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0) return undefined;
  const ms = number < 100_000_000_000 ? number * 1000 : number;
  return ms < 8_000_000_000_000 ? Math.round(ms) : undefined;
}
