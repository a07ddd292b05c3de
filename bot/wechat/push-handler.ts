import type { Logger } from '../../config/logger.ts';
import type { Database } from '../../store/database.ts';
import type { WechatPushStore } from '../../store/wechat-pushes.ts';
import type { Clock } from '../clock.ts';
import type { Accounts } from './account.ts';
import type { MediaPort } from './ports.ts';
import { readFields } from './push.ts';
import { contentOfPush } from './push-content.ts';
import { causeEffects, type EffectOptions } from './push-effects.ts';
import { PushMedia } from './push-media.ts';

export interface PushHandlerOptions extends EffectOptions {
  db: Database;
  accounts: Accounts;
  media: MediaPort;
  clock: Clock;
  logger: Logger;
}

/** Works off one push: what it causes and that it is done are one transaction. */
export class PushHandler {
  readonly #options: PushHandlerOptions;
  readonly #store: WechatPushStore;
  readonly #media: PushMedia;
  /** How long the answers of those took that are not worked off yet. */
  readonly #times = new Map<number, number>();

  constructor(options: PushHandlerOptions, store: WechatPushStore) {
    this.#options = options;
    this.#store = store;
    this.#media = new PushMedia(options);
  }

  noteTime(id: number, tookMs: number): void {
    this.#times.set(id, tookMs);
  }

  async handle(id: number, signal: AbortSignal): Promise<void> {
    const row = await this.#store.get(id);
    if (row?.state !== 'due') return;
    const { account, kind, open_id: openId, received_at: receivedAt } = row;
    const fields = readFields(row.body ?? '')?.fields;
    if (fields === undefined) throw new Error('the stored push cannot be read');
    // Not in the transaction: the platform may take its time.
    const content = await this.#media.fetched(account, contentOfPush({ kind, fields }), signal);
    await this.#options.db.transaction(async (tx) => {
      if (!(await this.#settle(tx, id, 'done', null))) return;
      const told = { account, kind, fields, openId, content, receivedAt };
      await causeEffects(tx, told, this.#options.accounts.get(account), this.#options);
      if (kind === 'event:unsubscribe') await this.#store.forgetBodies(tx, account, openId);
    });
    this.#times.delete(id);
  }

  async fail(id: number, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    await this.#options.db.transaction((tx) =>
      this.#settle(tx, id, 'failed', message.slice(0, 500)),
    );
    this.#times.delete(id);
  }

  #settle(
    tx: Parameters<WechatPushStore['settle']>[0],
    id: number,
    state: 'done' | 'failed',
    error: string | null,
  ): Promise<boolean> {
    const tookMs = this.#times.get(id) ?? null;
    return this.#store.settle(tx, id, { state, error, tookMs });
  }
}
