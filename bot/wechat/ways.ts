import type { Tx } from '../../store/database.ts';
import type { OutboxRow } from '../../store/wechat-outbox.ts';
import type { Language, Text } from '../errors.ts';
import type { Account } from './account.ts';
import type { Credits } from './credits.ts';
import { ownCodes } from './errors.ts';
import type { WechatMeter } from './meter.ts';
import { noticeOf } from './outbox-content.ts';
import type { Pauses, Way } from './pauses.ts';
import { timeText } from './subscribe-fields.ts';
import type { Failure } from './verdict.ts';
import type { Charged, WindowRefusal, Windows } from './windows.ts';

/** How something may go, or why it may not. */
export type Choice = { way: Way; charged?: Charged } | { way: undefined; why: Failure };

/** Decides how something may go to a user now, in the transaction of its hand-over. */
export class Ways {
  readonly #windows: Windows;
  readonly #credits: Credits;
  readonly #pauses: Pauses;
  readonly #meter: WechatMeter;
  readonly #timezone: string;
  readonly #language: Language;

  constructor(options: {
    windows: Windows;
    credits: Credits;
    pauses: Pauses;
    meter: WechatMeter;
    timezone: string;
    language: Language;
  }) {
    this.#windows = options.windows;
    this.#credits = options.credits;
    this.#pauses = options.pauses;
    this.#meter = options.meter;
    this.#timezone = options.timezone;
    this.#language = options.language;
  }

  /** Words of a conversation go by the user's window: all parts of a text, or none. */
  async forCustom(tx: Tx, row: OutboxRow, account: Account): Promise<Choice> {
    if (account.settings.simulate) return { way: 'custom' };
    const sends = row.parts - row.part;
    const answer = await this.#windows.may(tx, row.account, row.open_id, sends);
    if (answer.ok) return { way: 'custom', charged: answer.charged };
    this.#meter.windowRefused(row.account, answer.reason);
    return { way: undefined, why: this.#refusedBy(answer, sends) };
  }

  /** A notice goes by an open window, else as a subscribe message, else not at all. */
  async forNotice(tx: Tx, row: OutboxRow, account: Account): Promise<Choice> {
    const { simulate, subscribe } = account.settings;
    const language = this.#language;
    if (simulate) return { way: 'custom' };
    if (row.via !== 'subscribe' && this.#pauses.get(row.account, 'custom') === undefined) {
      const window = await this.#windows.mayTell(tx, row.account, row.open_id);
      if (window.ok) return { way: 'custom', charged: window.charged };
    }
    if (subscribe === undefined) return notAllowed(noTemplate, language);
    if (this.#pauses.get(row.account, 'subscribe') !== undefined) {
      return notAllowed(usedUp, language);
    }
    const { templateId } = subscribe;
    const allowed = await this.#credits.allowed(tx, row.account, row.open_id, templateId);
    // Only WeChat knows; what it, or the user, has refused need not be asked again.
    return allowed === 'no' && noticeOf(row).form !== true
      ? notAllowed(noCredit, language)
      : { way: 'subscribe' };
  }

  /** What WeChat would have said. */
  #refusedBy({ reason, until }: WindowRefusal, sends: number): Failure {
    const time = until === undefined ? '' : timeText(until, this.#timezone);
    const say = (text: Text): string => text[this.#language];
    switch (reason) {
      case 'none': {
        const error = say({ zh: '用户最近没有发过消息', en: 'the user has not written lately' });
        return { reason: 'window_closed', errcode: 45015, error, local: true };
      }
      case 'over_time': {
        const error = say({ zh: `${time} 已到期`, en: `over since ${time}` });
        return { reason: 'window_closed', errcode: 45015, error, local: true };
      }
      case 'quota': {
        const error = say({
          zh: `需要 ${sends} 条，${time} 之前余量不足`,
          en: `${sends} needed, fewer are left until ${time}`,
        });
        return { reason: 'quota', errcode: 45047, error, local: true };
      }
    }
  }
}

function notAllowed({ zh, en }: Text, language: Language): Choice {
  const error = { zh, en }[language];
  return { way: undefined, why: { reason: 'window_closed', errcode: ownCodes.kept, error } };
}

const noTemplate: Text = {
  zh: '客服窗口未开启，也没有配置订阅消息模板',
  en: 'no open window, and no template is configured',
};
const usedUp: Text = {
  zh: '客服窗口未开启，订阅消息额度已用完',
  en: 'no open window, and the quota of subscribe messages is used up',
};
const noCredit: Text = {
  zh: '客服窗口未开启，用户也没有允许订阅消息',
  en: 'no open window, and the user has allowed no subscribe message',
};
