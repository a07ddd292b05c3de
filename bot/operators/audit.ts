import type { Logger } from '../../config/logger.ts';
import type { AuditFilter, AuditRow, AuditStore } from '../../store/audit.ts';
import type { Clock } from '../clock.ts';
import type { Operator } from '../operators.ts';
import { RateLimit } from '../rate-limit.ts';

export interface AuditOptions {
  store: AuditStore;
  clock: Clock;
  logger: Logger;
}

/** Something an operator does. Values of bodies are never part of it: secrets are among them. */
export interface Deed {
  operator: Operator;
  address: string;
  /** Id of the operation. */
  operation: string;
  /** What it is about: `bot01`, `7/501`; empty: the whole. */
  target: string;
}

/** Somebody at the door. */
export interface Knock {
  /** Of a user that is there; what was typed otherwise may be a password. */
  user: { id: number; name: string; role: Operator['role'] } | undefined;
  tokenId?: number;
  address: string;
  status: number;
}

/** Refusals of one operator, and of all strangers together, a minute. */
const refusalsPerMinute = 60;
const strangersPerMinute = 30;
const mostNames = 1000;

/**
 * Who did what, when, from where, and how it was answered. A row is written before something is done
 * and completed after: neither a crash nor a full disk hides what was changed.
 */
export class Audit {
  readonly #store: AuditStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #listeners = new Set<(id: number) => void>();
  readonly #refusals = new Map<string, RateLimit>();
  readonly #strangers: RateLimit;

  constructor(options: AuditOptions) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#strangers = new RateLimit(strangersPerMinute, options.clock.now());
  }

  /** Something will be done. @param fields names of the body's fields */
  async begin(deed: Deed, fields: readonly string[] = []): Promise<AuditEntry> {
    const id = await this.#add(deed, fields, null);
    return {
      end: async (status, target = deed.target) => {
        // It is done: that it is not written down how must not take the answer away.
        await this.#store.db
          .transaction((tx) => this.#store.settle(tx, id, { status, target }))
          .catch((error: unknown) =>
            this.#logger.error({ err: error, id }, 'audit row stays open'),
          );
        this.#tell(id);
      },
    };
  }

  /** Something was refused before anything was done. So many a minute are written down. */
  async refused(deed: Deed, status: number): Promise<void> {
    if (this.#limitOf(deed.operator.name).take(this.#clock.now()) > 0) return;
    this.#tell(await this.#add(deed, [], status));
  }

  /** A log-in, or an attempt. */
  async knocked(knock: Knock): Promise<void> {
    const { user, status } = knock;
    if (status >= 400 && this.#strangers.take(this.#clock.now()) > 0) return;
    const row = {
      ...{ at: this.#clock.now(), user_id: user?.id ?? null, name: user?.name ?? '' },
      ...{ role: user?.role ?? null, via: 'session' as const, token_id: knock.tokenId ?? null },
      ...{ address: knock.address, operation: 'openSession', target: '', fields: '[]', status },
    };
    this.#tell(await this.#store.db.transaction((tx) => this.#store.add(tx, row)));
  }

  /** Newest first. */
  list(filter: AuditFilter, page: { before: number; limit: number }): Promise<AuditRow[]> {
    return this.#store.list(filter, page);
  }

  /** Calls `listener` with the number of each row that is complete. */
  on(listener: (id: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #add(deed: Deed, fields: readonly string[], status: number | null): Promise<number> {
    const { operator } = deed;
    const row = {
      ...{ at: this.#clock.now(), user_id: operator.userId ?? null, name: operator.name },
      ...{ role: operator.role, via: operator.via, token_id: operator.tokenId ?? null },
      ...{ address: deed.address, operation: deed.operation, target: deed.target },
      ...{ fields: JSON.stringify(fields), status },
    };
    return this.#store.db.transaction((tx) => this.#store.add(tx, row));
  }

  #limitOf(name: string): RateLimit {
    let limit = this.#refusals.get(name);
    if (limit === undefined) {
      if (this.#refusals.size >= mostNames) this.#refusals.clear();
      limit = new RateLimit(refusalsPerMinute, this.#clock.now());
      this.#refusals.set(name, limit);
    }
    return limit;
  }

  #tell(id: number): void {
    for (const listener of this.#listeners) listener(id);
  }
}

/** A row whose outcome is not known yet. */
export interface AuditEntry {
  end(status: number, target?: string): Promise<void>;
}
