import type { Tx } from '../../store/database.ts';
import type { OutboxRow } from '../../store/wechat-outbox.ts';
import type { Account } from './account.ts';
import type { Credits } from './credits.ts';
import { ownCodes } from './errors.ts';
import type { WechatMeter } from './meter.ts';
import { noticeOf } from './outbox-content.ts';
import type { Pauses, Way } from './pauses.ts';
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

  constructor(options: {
    windows: Windows;
    credits: Credits;
    pauses: Pauses;
    meter: WechatMeter;
  }) {
    this.#windows = options.windows;
    this.#credits = options.credits;
    this.#pauses = options.pauses;
    this.#meter = options.meter;
  }

  /** Words of a conversation go by the user's window: all parts of a text, or none. */
  async forCustom(tx: Tx, row: OutboxRow, account: Account): Promise<Choice> {
    if (account.settings.simulate) return { way: 'custom' };
    const sends = row.parts - row.part;
    const answer = await this.#windows.may(tx, row.account, row.open_id, sends);
    if (answer.ok) return { way: 'custom', charged: answer.charged };
    this.#meter.windowRefused(row.account, answer.reason);
    return { way: undefined, why: refusedBy(answer, sends) };
  }

  /** A notice goes by an open window, else as a subscribe message, else not at all. */
  async forNotice(tx: Tx, row: OutboxRow, account: Account): Promise<Choice> {
    const { simulate, subscribe } = account.settings;
    if (simulate) return { way: 'custom' };
    if (row.via !== 'subscribe' && this.#pauses.get(row.account, 'custom') === undefined) {
      const window = await this.#windows.may(tx, row.account, row.open_id);
      if (window.ok) return { way: 'custom', charged: window.charged };
    }
    if (subscribe === undefined) return notAllowed('no open window, and no template is configured');
    if (this.#pauses.get(row.account, 'subscribe') !== undefined) {
      return notAllowed('no open window, and the quota of subscribe messages is used up');
    }
    const { templateId } = subscribe;
    const allowed = await this.#credits.allowed(tx, row.account, row.open_id, templateId);
    // Only WeChat knows; what it, or the user, has refused need not be asked again.
    return allowed === 'no' && noticeOf(row).form !== true
      ? notAllowed('no open window, and the user has allowed no subscribe message')
      : { way: 'subscribe' };
  }
}

function notAllowed(error: string): Choice {
  const why: Failure = { reason: 'window_closed', errcode: ownCodes.kept, error };
  return { way: undefined, why };
}

/** What WeChat would have said. */
function refusedBy({ reason, until }: WindowRefusal, sends: number): Failure {
  const time = until === undefined ? '' : new Date(until).toISOString();
  switch (reason) {
    case 'none':
      return { reason: 'window_closed', errcode: 45015, error: 'the user has not written lately' };
    case 'over_time':
      return { reason: 'window_closed', errcode: 45015, error: `over since ${time}` };
    case 'quota':
      return {
        ...{ reason: 'quota', errcode: 45047 },
        error: `${sends} needed, fewer are left until ${time}`,
      };
  }
}
