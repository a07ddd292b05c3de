import type { Tx } from '../../store/database.ts';
import type { OutboxRow, WechatOutboxStore } from '../../store/wechat-outbox.ts';
import type { Clock } from '../clock.ts';
import type { Account, Accounts } from './account.ts';
import type { ApiAnswer, JsonObject } from './answer.ts';
import type { WechatApi } from './api.ts';
import { customBody, isRefusal, planMessage } from './custom-send.ts';
import { errorOf, ownCodes } from './errors.ts';
import type { WechatMedia } from './media.ts';
import { customOf, noticeOf } from './outbox-content.ts';
import { type LessonOptions, learn } from './outbox-lessons.ts';
import type { OutboxSettler } from './outbox-settler.ts';
import type { Pauses, Way } from './pauses.ts';
import { subscribeBody } from './subscribe.ts';
import { type Failure, type Verdict, verdictOf } from './verdict.ts';
import type { Choice, Ways } from './ways.ts';

export interface TurnOptions extends LessonOptions {
  store: WechatOutboxStore;
  accounts: Accounts;
  api: WechatApi;
  media: WechatMedia;
  ways: Ways;
  settler: OutboxSettler;
  pauses: Pauses;
  clock: Clock;
  timezone: string;
  /** Makes addresses of ours what WeChat can open. */
  absolute: (address: string) => string;
}

const paths: Record<Way, string> = {
  custom: '/cgi-bin/message/custom/send',
  subscribe: '/cgi-bin/message/subscribe/send',
};

/** A row on its way. */
interface Handed {
  row: OutboxRow;
  account: Account;
  way: Way;
}

/** One try of one row: what has to be there first, the hand-over, the call, what became of it. */
export class OutboxTurn {
  readonly #options: TurnOptions;

  constructor(options: TurnOptions) {
    this.#options = options;
  }

  /**
   * @param row taken by us
   * @param signal aborts when the process has to end
   */
  async run(row: OutboxRow, signal: AbortSignal): Promise<void> {
    const account = this.#options.accounts.get(row.account);
    if (account === undefined) {
      const error = `no account ${row.account} in the config`;
      await this.#fail(row, { reason: 'config', errcode: ownCodes.config, error }, signal);
    } else if (row.kind === 'custom') await this.#custom(row, account, signal);
    else await this.#notice(row, account, signal);
  }

  async #custom(row: OutboxRow, account: Account, signal: AbortSignal): Promise<void> {
    const { media, absolute, ways, pauses } = this.#options;
    const { content, ai = false } = customOf(row);
    const plan = planMessage(account.settings.kind, content, absolute);
    if (isRefusal(plan)) {
      const { errcode, errmsg: error } = plan;
      const { reason } = errorOf(errcode);
      await this.#fail(row, { reason, errcode, error, local: true }, signal);
      return;
    }
    const pause = pauses.get(row.account, 'custom');
    if (pause !== undefined) {
      await this.#wait(row, pause, signal);
      return;
    }
    let mediaId = '';
    if (plan.media !== undefined) {
      const held = await media.idOf(account, plan.media, signal);
      if (!held.ok) {
        await this.#conclude({ row, account, way: 'custom' }, held.fault, signal);
        return;
      }
      mediaId = held.mediaId;
    }
    const choose = (tx: Tx): Promise<Choice> => ways.forCustom(tx, row, account);
    const handed = await this.#handOver(row, account, choose, signal);
    if (handed === undefined) return;
    const answer = await this.#send(handed, customBody(row.open_id, plan, mediaId, ai), signal);
    if (answer.kind === 'refused' && errorOf(answer.errcode).action === 'reupload') {
      await media.lost(account.appid, mediaId);
    }
    await this.#conclude(handed, answer, signal);
  }

  async #notice(row: OutboxRow, account: Account, signal: AbortSignal): Promise<void> {
    const { settler, clock, timezone, ways } = this.#options;
    const { sender, text, at, until } = noticeOf(row);
    if (clock.now() > until) {
      const error = 'it has waited for more than a day';
      const keep = (tx: Tx): Promise<void> => settler.kept(tx, row, ownCodes.kept, error);
      await settler.write(row, keep, signal);
      return;
    }
    const choose = (tx: Tx): Promise<Choice> => ways.forNotice(tx, row, account);
    const handed = await this.#handOver(row, account, choose, signal);
    if (handed === undefined) return;
    const { subscribe } = account.settings;
    const body =
      handed.way === 'subscribe' && subscribe !== undefined
        ? subscribeBody(row.open_id, subscribe, { sender, content: text, at }, timezone)
        : textBody(row.open_id, `${sender}：${text}`);
    await this.#conclude(handed, await this.#send(handed, body, signal), signal);
  }

  /** On disk before anything leaves: a crash from here on leaves it unknown, never sent twice. */
  async #handOver(
    row: OutboxRow,
    account: Account,
    choose: (tx: Tx) => Promise<Choice>,
    signal: AbortSignal,
  ): Promise<Handed | undefined> {
    const { store, windows, settler, clock } = this.#options;
    if (signal.aborted) return undefined;
    let handed: Handed | undefined;
    const work = async (tx: Tx): Promise<void> => {
      handed = undefined;
      const choice = await choose(tx);
      if (choice.way === undefined) {
        await this.#impossible(tx, row, choice.why);
        return;
      }
      const { way, charged } = choice;
      const change = {
        ...{ via: way, handed_at: clock.now() },
        ...{ charged: charged?.action ?? null, charged_at: charged?.at ?? null },
      };
      if (!(await store.change(tx, row.id, 'due', 'sending', change))) return;
      if (charged !== undefined) await windows.spend(tx, row.account, row.open_id, charged);
      handed = { row: { ...row, ...change, state: 'sending' }, account, way };
    };
    await settler.write(row, work, signal);
    return handed;
  }

  #send({ account, way }: Handed, body: JsonObject, signal: AbortSignal): Promise<ApiAnswer> {
    return this.#options.api.call(account, { method: 'POST', path: paths[way], body, signal });
  }

  async #conclude(handed: Handed, answer: ApiAnswer, signal: AbortSignal): Promise<void> {
    const { settler, clock, pauses } = this.#options;
    const { row, way } = handed;
    const now = clock.now();
    const verdict = verdictOf(answer, row, now);
    const all = verdict.do === 'again' && verdict.all && row.state === 'sending';
    if (all) pauses.set(row.account, way, verdict.at);
    // Broken off before anything left: the next life tries again.
    const stopped = answer.kind === 'unsent' && signal.aborted;
    const work = async (tx: Tx): Promise<void> => {
      if (stopped) await settler.again(tx, row, { at: now, counted: false });
      else {
        const words = answer.kind === 'ok' ? String(answer.body['errmsg'] ?? 'ok') : 'ok';
        await this.#settle(tx, handed, verdict, words);
        await learn(tx, handed, answer, this.#options);
      }
    };
    await settler.write(row, work, signal);
  }

  async #settle(tx: Tx, { row, way }: Handed, verdict: Verdict, words: string): Promise<void> {
    const { settler, clock } = this.#options;
    if (verdict.do === 'sent') {
      await settler.sent(tx, row, words);
      return;
    }
    const { errcode, error, reason } = verdict.why;
    const now = clock.now();
    const untilTomorrow = verdict.do === 'again' && !verdict.counted;
    if (row.kind === 'notice' && (verdict.do === 'failed' || untilTomorrow)) {
      if (reason === 'unknown') await settler.failed(tx, row, verdict.why);
      // What one way refuses tries the next; after the last it is kept.
      else if (way === 'custom') {
        await settler.again(tx, row, { at: now, counted: false, via: 'subscribe', errcode, error });
      } else await settler.kept(tx, row, errcode ?? ownCodes.unreachable, error);
    } else if (verdict.do === 'failed') await settler.failed(tx, row, verdict.why);
    else {
      const at = verdict.do === 'again' ? verdict.at : now;
      await settler.again(tx, row, { at, counted: !untilTomorrow, errcode, error });
      // Too long for an agent who thinks that it has been read.
      if (untilTomorrow && row.errcode !== errcode) await settler.tell(tx, row, verdict.why);
    }
  }

  /** It may not go. WeChat's own words of before, if there are any, say why. */
  async #impossible(tx: Tx, row: OutboxRow, why: Failure): Promise<void> {
    const { settler } = this.#options;
    if (row.kind === 'custom') await settler.failed(tx, row, why);
    else {
      const error = [row.error, why.error].filter(Boolean).join('; ');
      await settler.kept(tx, row, row.errcode ?? why.errcode ?? ownCodes.kept, error);
    }
  }

  async #wait(row: OutboxRow, at: number, signal: AbortSignal): Promise<void> {
    const { settler } = this.#options;
    await settler.write(row, (tx) => settler.again(tx, row, { at, counted: false }), signal);
  }

  async #fail(row: OutboxRow, why: Failure, signal: AbortSignal): Promise<void> {
    const { settler } = this.#options;
    await settler.write(row, (tx) => settler.failed(tx, row, why), signal);
  }
}

function textBody(openId: string, text: string): JsonObject {
  return customBody(openId, { msgtype: 'text', part: () => ({ content: text }) }, '', false);
}
