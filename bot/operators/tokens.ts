import type { AdminTokenStore, NewToken, TokenRow } from '../../store/admin-tokens.ts';
import type { OperatorUserStore } from '../../store/operator-users.ts';
import type { Clock } from '../clock.ts';
import { hashToken, makeToken } from '../passwords.ts';
import type { Role } from './roles.ts';

export interface OperatorToken {
  id: number;
  kind: TokenRow['kind'];
  name: string;
  role: Role;
  createdAt: number;
  expiresAt: number | undefined;
  /** Who made it; of a session: nobody. */
  madeBy: string | undefined;
  /** From where a session was opened, and with what. */
  address: string | undefined;
  agent: string | undefined;
}

export interface OperatorTokensOptions {
  store: AdminTokenStore;
  users: OperatorUserStore;
  clock: Clock;
}

/** The oldest goes when a user has more. */
const mostSessions = 100;

/** What operators show instead of a password: sessions of people, tokens of programs. */
export class OperatorTokens {
  readonly #store: AdminTokenStore;
  readonly #users: OperatorUserStore;
  readonly #clock: Clock;

  constructor(options: OperatorTokensOptions) {
    this.#store = options.store;
    this.#users = options.users;
    this.#clock = options.clock;
  }

  /** Makes one; of a session this is its user's log-in. It is known here and never again. */
  async issue(wish: Omit<NewToken, 'hash' | 'now'>): Promise<{ id: number; token: string }> {
    const token = makeToken();
    const now = this.#clock.now();
    const id = await this.#store.db.transaction(async (tx) => {
      await this.#store.removeEnded(tx, now);
      const { userId } = wish;
      if (userId !== undefined) {
        await this.#store.removeOldest(tx, userId, mostSessions - 1);
        await this.#users.loggedIn(tx, userId, now);
      }
      return this.#store.add(tx, { ...wish, hash: hashToken(token), now });
    });
    return { id, token };
  }

  /** The live token with this hash. */
  find(hash: string): Promise<TokenRow | undefined> {
    return this.#store.find(hash, this.#clock.now());
  }

  get(id: number): Promise<TokenRow | undefined> {
    return this.#store.get(id, this.#clock.now());
  }

  async list(page: { after: number; limit: number }): Promise<OperatorToken[]> {
    return (await this.#store.list({ ...page, now: this.#clock.now() })).map(tokenOf);
  }

  /** Live sessions of a user, newest first. */
  async sessionsOf(userId: number): Promise<OperatorToken[]> {
    const page = { now: this.#clock.now(), limit: mostSessions };
    return (await this.#store.sessionsOf(userId, page)).map(tokenOf);
  }

  /** @returns whether there was one */
  remove(id: number): Promise<boolean> {
    return this.#store.db.transaction((tx) => this.#store.remove(tx, id));
  }

  /** Ends every session of a user but `keep`. */
  async endSessionsOf(userId: number, keep?: number): Promise<void> {
    await this.#store.db.transaction((tx) => this.#store.removeSessionsOf(tx, userId, keep));
  }
}

function tokenOf(row: TokenRow): OperatorToken {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    role: row.role,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    madeBy: row.made_by ?? undefined,
    address: row.address ?? undefined,
    agent: row.agent ?? undefined,
  };
}
