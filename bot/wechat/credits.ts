import type { Logger } from '../../config/logger.ts';
import type { Tx } from '../../store/database.ts';
import type { CreditRow, WechatCreditStore } from '../../store/wechat-credits.ts';
import type { Clock } from '../clock.ts';
import type { CreditPort, TemplateChoice, TemplateOutcome } from './ports.ts';

/** What is known of a template: no: WeChat or the user said so, and nothing has changed since. */
export type Allowed = 'yes' | 'no' | 'unknown';

/** A credit as operators see it. */
export interface CreditView {
  kind: 'form' | 'template';
  value: string;
  at: number;
  expiresAt: number | undefined;
  usedAt: number | undefined;
  state: 'live' | 'expired' | 'used' | 'refused' | 'dropped' | 'removed';
}

const dayMs = 86_400_000;
/** A form id was good for one message within seven days. */
const formLifeMs = 7 * dayMs;
const keptMs = 30 * dayMs;

/**
 * The ledger of what users have allowed to be sent to them: legacy form ids, first in, first out,
 * once each; and accepted subscribe messages, by account and template.
 */
export class Credits implements CreditPort {
  readonly #store: WechatCreditStore;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: { store: WechatCreditStore; clock: Clock; logger: Logger }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** A form id that a client has sent. Forms belong to the mini-program IM, not to an account. */
  addForm(openId: string, formId: string): Promise<void> {
    const at = this.#clock.now();
    const form = { ...formsOf(openId), value: formId, at, expires_at: at + formLifeMs };
    return this.#store.db.transaction((tx) => this.#store.add(tx, form));
  }

  /** @returns how many there were */
  removeForms(openId: string): Promise<number> {
    const now = this.#clock.now();
    return this.#store.db.transaction((tx) =>
      this.#store.endAll(tx, formsOf(openId), 'removed', { upTo: now, now }),
    );
  }

  /** The oldest live form id; it is used up by that. */
  async takeForm(tx: Tx, openId: string): Promise<string | undefined> {
    const now = this.#clock.now();
    const form = await this.#store.oldest(tx, formsOf(openId), now);
    if (form === undefined) return undefined;
    await this.#store.end(tx, form.id, 'used', now);
    return form.value;
  }

  async answered(
    tx: Tx,
    account: string,
    openId: string,
    choices: readonly TemplateChoice[],
    at: number,
  ): Promise<void> {
    for (const { templateId, accepted } of choices) {
      const template = templateOf(account, openId, templateId);
      if (accepted) await this.#store.add(tx, { ...template, at, expires_at: null });
      // What was accepted before stays accepted: he only does not want another one.
    }
  }

  async changed(
    tx: Tx,
    account: string,
    openId: string,
    choices: readonly TemplateChoice[],
    at: number,
  ): Promise<void> {
    for (const { templateId, accepted } of choices) {
      if (!accepted) await this.#end(tx, templateOf(account, openId, templateId), 'refused', at);
    }
  }

  /** What was sent was counted when WeChat took it; here it is only told how it ended. */
  async sent(
    _tx: Tx,
    account: string,
    openId: string,
    outcomes: readonly TemplateOutcome[],
  ): Promise<void> {
    for (const { templateId, msgId, errorCode, errorStatus } of outcomes) {
      if (errorCode === 0) continue;
      const facts = { account, openId, templateId, msgId, errorCode, errorStatus };
      this.#logger.warn(facts, 'a subscribe message did not arrive');
    }
  }

  /** Whether this template may be sent to him, as far as is known. */
  async allowed(tx: Tx, account: string, openId: string, templateId: string): Promise<Allowed> {
    const template = templateOf(account, openId, templateId);
    if ((await this.#store.oldestOf(tx, template)) !== undefined) return 'yes';
    const newest = await this.#store.newest(tx, template);
    return newest?.ended === 'refused' || newest?.ended === 'dropped' ? 'no' : 'unknown';
  }

  /** WeChat took one: the oldest is used up. */
  async used(tx: Tx, account: string, openId: string, templateId: string): Promise<void> {
    const credit = await this.#store.oldestOf(tx, templateOf(account, openId, templateId));
    if (credit !== undefined) await this.#store.end(tx, credit.id, 'used', this.#clock.now());
  }

  /** WeChat says that there was none at a time (43101). */
  dropped(tx: Tx, account: string, openId: string, templateId: string, at: number): Promise<void> {
    return this.#end(tx, templateOf(account, openId, templateId), 'dropped', at);
  }

  forget(tx: Tx, account: string, openId: string): Promise<void> {
    return this.#store.forget(tx, account, openId);
  }

  /** For operators: the newest of both kinds. */
  async list(account: string, openId: string, limit = 50): Promise<CreditView[]> {
    const templates = await this.#store.of(account, openId, 'template', limit);
    const forms = await this.#store.of('', openId, 'form', limit);
    const now = this.#clock.now();
    return [...templates, ...forms].map((row) => viewOf(row, now));
  }

  /** Forgets what has long ended. @returns how many */
  prune(limit: number): Promise<number> {
    const before = this.#clock.now() - keptMs;
    return this.#store.db.transaction((tx) => this.#store.prune(tx, before, limit));
  }

  /** All live ones; and where there were none, a row that remembers the no. */
  async #end(
    tx: Tx,
    template: ReturnType<typeof templateOf>,
    ended: 'refused' | 'dropped',
    at: number,
  ): Promise<void> {
    const now = this.#clock.now();
    if ((await this.#store.endAll(tx, template, ended, { upTo: at, now })) > 0) return;
    const newest = await this.#store.newest(tx, template);
    // Known already, or he has allowed it since.
    if (newest?.ended === ended || newest?.used_at === null) return;
    await this.#store.add(tx, { ...template, at, expires_at: null, used_at: at, ended });
  }
}

function formsOf(openId: string) {
  return { account: '', open_id: openId, kind: 'form' as const };
}

function templateOf(account: string, openId: string, value: string) {
  return { account, open_id: openId, kind: 'template' as const, value };
}

function viewOf(row: CreditRow, now: number): CreditView {
  const expired = row.expires_at !== null && row.expires_at <= now;
  return {
    kind: row.kind,
    value: row.value,
    at: Number(row.at),
    expiresAt: row.expires_at ?? undefined,
    usedAt: row.used_at ?? undefined,
    state: row.ended ?? (expired ? 'expired' : 'live'),
  };
}
