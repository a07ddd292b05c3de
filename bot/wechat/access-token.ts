import type { Logger } from '../../config/logger.ts';
import type { Vault } from '../../config/secrets.ts';
import type { WechatSettings } from '../../config/wechat-schema.ts';
import type { TokenRow, WechatTokenStore } from '../../store/wechat-tokens.ts';
import type { Clock } from '../clock.ts';
import { wordsOf } from './answer.ts';
import { errorOf, ownCodes } from './errors.ts';
import type { Wire } from './exchange.ts';
import type { WechatMeter } from './meter.ts';
import { fetchToken, sourceOf, type TokenFault } from './token-source.ts';

export type { TokenFault } from './token-source.ts';

export type TokenAnswer = { ok: true; token: string } | { ok: false; fault: TokenFault };

export interface AccessTokensOptions {
  store: WechatTokenStore;
  vault: Vault;
  wire: Wire;
  clock: Clock;
  logger: Logger;
  meter: WechatMeter;
}

interface Held {
  token: string;
  source: string;
  /** From then on a new one is fetched. */
  until: number;
}

interface State {
  held: Held | undefined;
  /** When a new one was forced, lately. */
  forced: number[];
  flight: Promise<TokenAnswer> | undefined;
  /** Not asked again before `until`. */
  failed:
    | { fault: TokenFault; until: number; source: string; used: string | undefined }
    | undefined;
}

/** WeChat renews so long before the end. */
const marginMs = 300_000;
const dayMs = 86_400_000;
const forcesPerDay = 20;
const forceGapMs = 30_000;

/**
 * The access_token of each account: kept sealed over restarts, fetched once whoever asks meanwhile,
 * renewed before its end and when WeChat will not have it any more.
 */
export class AccessTokens {
  readonly #options: AccessTokensOptions;
  readonly #states = new Map<string, Promise<State>>();
  readonly #faults = new Map<string, { source: string; errcode: number }>();

  constructor(options: AccessTokensOptions) {
    this.#options = options;
  }

  /** Accounts whose last token was refused for a reason that an operator has to mend, with its code. */
  faults(accounts: readonly WechatSettings[]): { appid: string; errcode: number }[] {
    return accounts.flatMap((settings) => {
      const fault = this.#faults.get(settings.appid);
      // After a change of the config nothing is known.
      if (fault === undefined || fault.source !== sourceOf(settings)) return [];
      return [{ appid: settings.appid, errcode: fault.errcode }];
    });
  }

  async get(settings: WechatSettings): Promise<TokenAnswer> {
    const state = await this.#state(settings.appid);
    const now = this.#options.clock.now();
    const source = sourceOf(settings);
    const { held, failed } = state;
    if (held?.source === source && held.until > now) return { ok: true, token: held.token };
    if (failed?.source === source && failed.until > now) return { ok: false, fault: failed.fault };
    return await this.#fly(state, settings, undefined);
  }

  /** WeChat will not have `used` any more: another one, if there is one to be had. */
  async renew(settings: WechatSettings, used: string): Promise<TokenAnswer> {
    const state = await this.#state(settings.appid);
    await state.flight;
    const { held, failed } = state;
    if (held !== undefined && held.token !== used) return { ok: true, token: held.token };
    if (failed?.used === used && failed.until > this.#options.clock.now()) {
      return { ok: false, fault: failed.fault };
    }
    return await this.#fly(state, settings, used);
  }

  /** One at a time: whoever comes meanwhile gets what comes of it. */
  #fly(state: State, settings: WechatSettings, used: string | undefined): Promise<TokenAnswer> {
    state.flight ??= this.#fetch(state, settings, used).finally(() => {
      state.flight = undefined;
    });
    return state.flight;
  }

  async #fetch(
    state: State,
    settings: WechatSettings,
    used: string | undefined,
  ): Promise<TokenAnswer> {
    const { wire, clock, logger, meter } = this.#options;
    const { appid } = settings;
    const source = sourceOf(settings);
    let fetched = await fetchToken(wire, settings, false);
    if (fetched.ok && fetched.token === used) {
      fetched = (await this.#mayForce(state, settings))
        ? await fetchToken(wire, settings, true)
        : { ok: false, fault: sameAgain };
    }
    meter.refreshed(appid, fetched.ok ? 'ok' : 'failed');
    if (!fetched.ok) {
      const { fault } = fetched;
      if (isConfigFault(fault)) this.#faults.set(appid, { source, errcode: fault.errcode });
      logger.error({ account: appid, why: wordsOf(fault) }, 'no access_token to be had');
      if (used !== undefined) state.held = undefined;
      state.failed = { fault, until: clock.now() + pauseAfter(fault), source, used };
      return { ok: false, fault };
    }
    this.#faults.delete(appid);
    const now = clock.now();
    const { token, lifeMs } = fetched;
    // A short life is not spent on margins: that would be a call for each call.
    state.held = { token, source, until: now + Math.max(lifeMs - marginMs, lifeMs / 2) };
    state.failed = undefined;
    await this.#save(state, appid, now + lifeMs);
    return { ok: true, token };
  }

  /** Whether WeChat would take it; it is counted then, on disk. */
  async #mayForce(state: State, settings: WechatSettings): Promise<boolean> {
    if (settings.tokenUrl !== undefined) return false;
    const now = this.#options.clock.now();
    const recent = state.forced.filter((at) => at > now - dayMs);
    const last = recent.at(-1) ?? Number.NEGATIVE_INFINITY;
    if (recent.length >= forcesPerDay || now - last < forceGapMs) return false;
    state.forced = [...recent, now];
    state.held = undefined;
    await this.#save(state, settings.appid, now);
    return true;
  }

  async #save({ held, forced }: State, account: string, expiresAt: number): Promise<void> {
    const { store, vault, logger } = this.#options;
    const sealed =
      held === undefined
        ? null
        : vault.seal(JSON.stringify({ token: held.token, source: held.source }));
    const row: TokenRow = {
      ...{ account, token: sealed, expires_at: expiresAt, forced: JSON.stringify(forced) },
    };
    await store.db
      .transaction((tx) => store.put(tx, row))
      // It is good all the same.
      .catch((error: unknown) => logger.error({ err: error, account }, 'a token was not kept'));
  }

  #state(appid: string): Promise<State> {
    let state = this.#states.get(appid);
    if (state === undefined) {
      state = this.#load(appid);
      this.#states.set(appid, state);
      state.catch(() => this.#states.delete(appid));
    }
    return state;
  }

  async #load(appid: string): Promise<State> {
    const row = await this.#options.store.get(appid);
    // Written by us.
    const forced = row === undefined ? [] : (JSON.parse(row.forced) as number[]);
    return { held: this.#open(row), forced, flight: undefined, failed: undefined };
  }

  /** A token that cannot be opened (another `secret.key`) counts as none. */
  #open(row: TokenRow | undefined): Held | undefined {
    if (row?.token == null) return undefined;
    try {
      // Written by us.
      const kept = JSON.parse(this.#options.vault.open(row.token)) as Omit<Held, 'until'>;
      return { ...kept, until: row.expires_at - marginMs };
    } catch {
      return undefined;
    }
  }
}

const sameAgain: TokenFault = {
  kind: 'refused',
  errcode: 40001,
  errmsg: 'the same token again, and another one may not be forced now',
  body: {},
};

function isConfigFault(fault: TokenFault): fault is Extract<TokenFault, { kind: 'refused' }> {
  return (
    fault.kind === 'refused' && fault !== sameAgain && errorOf(fault.errcode).reason === 'config'
  );
}

/** How long nobody asks again. */
function pauseAfter(fault: TokenFault): number {
  if (fault.kind !== 'refused') return 1000;
  if (fault.errcode === ownCodes.config) return 0;
  const { action } = errorOf(fault.errcode);
  if (action === 'retry') return 2000;
  return action === 'nextDay' ? 600_000 : 30_000;
}
