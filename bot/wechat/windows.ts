import type { Tx } from '../../store/database.ts';
import type { WechatWindowStore, WindowRow } from '../../store/wechat-windows.ts';
import type { Clock } from '../clock.ts';
import type { Accounts } from './account.ts';
import type { WindowAction, WindowPort } from './ports.ts';

export type AccountKind = 'miniprogram' | 'official';

/** Why nothing may be sent: none: nothing is known that the user did; over_time; quota: all used. */
export type WindowRefusal = {
  ok: false;
  reason: 'none' | 'over_time' | 'quota';
  /** When it closed, or will close. */
  until?: number;
};
/** `charged`: the window that the send counts in. */
export type WindowAnswer =
  | { ok: true; charged: Charged; left: number; until: number }
  | WindowRefusal;

/** One window: an action of a user at its time. */
export interface Charged {
  action: WindowAction;
  at: number;
}

/** A window as operators see it. */
export interface WindowView {
  action: WindowAction;
  at: number;
  sends: number;
  most: number;
  left: number;
  until: number;
  state: 'open' | 'used' | 'over' | 'closed';
}

/** So many sends of a window are left to agents. */
const keptForAgents = 2;
const hour = 3_600_000;
const minute = 60_000;

/** WeChat's own rules: so many sends within such a time after an action. */
export const windowRules: Record<
  AccountKind,
  Partial<Record<WindowAction, { most: number; ms: number }>>
> = {
  miniprogram: {
    message: { most: 5, ms: 48 * hour },
    enter: { most: 2, ms: minute },
  },
  official: {
    message: { most: 5, ms: 48 * hour },
    click: { most: 3, ms: minute },
    follow: { most: 3, ms: minute },
    scan: { most: 3, ms: minute },
  },
};

/**
 * The ledger of what may still be sent to whom: WeChat tells nobody. Sends count when they are
 * handed over, in the window that closes first; what WeChat says otherwise corrects it.
 */
export class Windows implements WindowPort {
  readonly #store: WechatWindowStore;
  readonly #accounts: Accounts;
  readonly #clock: Clock;

  constructor(options: { store: WechatWindowStore; accounts: Accounts; clock: Clock }) {
    this.#store = options.store;
    this.#accounts = options.accounts;
    this.#clock = options.clock;
  }

  async opened(
    tx: Tx,
    account: string,
    openId: string,
    action: WindowAction,
    at: number,
  ): Promise<void> {
    // WeChat's clock may be ahead of ours: a window is not opened in the future.
    const opened = Math.min(at, this.#clock.now());
    await this.#store.open(tx, { account, open_id: openId, action, at: opened });
  }

  /** Whether `sends` more may go to this user now. */
  async may(tx: Tx, account: string, openId: string, sends = 1): Promise<WindowAnswer> {
    const views = await this.#views(tx, account, openId);
    if (views.length === 0) return { ok: false, reason: 'none' };
    const open = views.filter(({ state }) => state === 'open' || state === 'used');
    const latest = (some: readonly WindowView[]): number =>
      Math.max(...some.map(({ until }) => until));
    if (open.length === 0) return { ok: false, reason: 'over_time', until: latest(views) };
    const left = open.reduce((sum, one) => sum + one.left, 0);
    const first = open.filter((one) => one.left > 0).sort((a, b) => a.until - b.until)[0];
    if (first === undefined || left < sends) {
      return { ok: false, reason: 'quota', until: latest(open) };
    }
    const { action, at } = first;
    return { ok: true, charged: { action, at }, left, until: latest(open) };
  }

  /**
   * Whether a notice may go: agents, who answer in the same window, find some sends left. What opens
   * for a moment without a word of the user is nobody's conversation.
   */
  async mayTell(tx: Tx, account: string, openId: string): Promise<WindowAnswer> {
    const views = await this.#views(tx, account, openId);
    const talks = views.some((one) => one.action === 'message' && one.until > this.#clock.now());
    return await this.may(tx, account, openId, talks ? 1 + keptForAgents : 1);
  }

  /** A send counts from its hand-over on. */
  spend(tx: Tx, account: string, openId: string, { action, at }: Charged): Promise<void> {
    return this.#store.count(tx, { account, open_id: openId, action, at }, 1);
  }

  /** It did not leave, or WeChat refused it: it does not count. */
  giveBack(tx: Tx, account: string, openId: string, { action, at }: Charged): Promise<void> {
    return this.#store.count(tx, { account, open_id: openId, action, at }, -1);
  }

  /** 45015 to something handed over at `at`: what was open then is over. */
  wasClosed(tx: Tx, account: string, openId: string, at: number): Promise<void> {
    return this.#store.close(tx, account, openId, at, this.#clock.now());
  }

  /** 45047 to something handed over at `at`: what was open then is used up. */
  async wasUsedUp(tx: Tx, account: string, openId: string, upTo: number): Promise<void> {
    const kind = this.#kind(account);
    for (const row of await this.#store.of(tx, account, openId)) {
      const rule = windowRules[kind][row.action as WindowAction];
      if (row.at > upTo || rule === undefined) continue;
      await this.#store.setSends(tx, { ...row, sends: Math.max(row.sends, rule.most) });
    }
  }

  forget(tx: Tx, account: string, openId: string): Promise<void> {
    return this.#store.forget(tx, account, openId);
  }

  /** For operators. */
  list(account: string, openId: string): Promise<WindowView[]> {
    return this.#store.db.transaction((tx) => this.#views(tx, account, openId));
  }

  /** Forgets what has long been over. @returns how many */
  prune(limit: number): Promise<number> {
    const before = this.#clock.now() - 30 * 24 * hour;
    return this.#store.db.transaction((tx) => this.#store.prune(tx, before, limit));
  }

  async #views(tx: Tx, account: string, openId: string): Promise<WindowView[]> {
    const now = this.#clock.now();
    const rules = windowRules[this.#kind(account)];
    const rows = await this.#store.of(tx, account, openId);
    return rows.flatMap((row) => {
      // Written by us.
      const rule = rules[row.action as WindowAction];
      return rule === undefined ? [] : [viewOf(row, rule, now)];
    });
  }

  #kind(account: string): AccountKind {
    return this.#accounts.get(account)?.settings.kind ?? 'miniprogram';
  }
}

function viewOf(row: WindowRow, rule: { most: number; ms: number }, now: number): WindowView {
  const end = Number(row.at) + rule.ms;
  const until = row.closed_at === null ? end : Math.min(end, Number(row.closed_at));
  const over = until <= now;
  const left = over ? 0 : Math.max(0, rule.most - row.sends);
  const state = overState(row, over) ?? (left > 0 ? 'open' : 'used');
  return {
    action: row.action as WindowAction,
    at: Number(row.at),
    sends: row.sends,
    most: rule.most,
    left,
    until,
    state,
  };
}

function overState(row: WindowRow, over: boolean): 'over' | 'closed' | undefined {
  if (!over) return undefined;
  return row.closed_at === null ? 'over' : 'closed';
}
