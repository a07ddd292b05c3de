import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Logger } from '../config/logger.ts';
import type { Vault } from '../config/secrets.ts';
import type { AdminTokenStore, TokenRow } from '../store/admin-tokens.ts';
import { builtInUser, OperatorUserStore } from '../store/operator-users.ts';
import type { SettingStore } from '../store/settings.ts';
import { AdminPassword } from './admin-password.ts';
import type { Clock } from './clock.ts';
import { AppError } from './errors.ts';
import { LogIn } from './operators/log-in.ts';
import { People } from './operators/people.ts';
import { atLeast, type Role } from './operators/roles.ts';
import { SecondFactor } from './operators/second-factor.ts';
import { type OperatorToken, OperatorTokens } from './operators/tokens.ts';
import { hashToken, makeToken, type PasswordCost } from './passwords.ts';

export { type Role, roles } from './operators/roles.ts';
export type { OperatorToken } from './operators/tokens.ts';
export { builtInUser };

/** Who acts: `session` by password, `api` by a token an operator made, `cli` on this machine. */
export interface Operator {
  name: string;
  via: 'session' | 'api' | 'cli';
  role: Role;
  /** Of a session. */
  userId: number | undefined;
  /** Id of the token that identified it; the CLI's has none. */
  tokenId: number | undefined;
  /** A browser's session. */
  cookie: boolean;
  expiresAt: number | undefined;
}

export interface OperatorsOptions {
  tokens: AdminTokenStore;
  settings: SettingStore;
  vault: Vault;
  admin: Config['admin'];
  dataDir: string;
  clock: Clock;
  logger: Logger;
  /** What a guess costs; tests, in which it costs nothing, have nothing to protect. */
  passwordCost?: PasswordCost | undefined;
}

/** What else is said at a log-in. */
export interface SessionWish {
  totp?: string | undefined;
  /** Counts as a cookie only, never as a bearer token. */
  cookie?: boolean;
  /** What the browser calls itself. */
  agent?: string;
}

export interface OpenedSession {
  token: string;
  tokenId: number;
  expiresAt: number;
  userId: number;
}

const sessionMs = 12 * 3_600_000;

/** The people and programs that run this daemon, and how they prove it. */
export class Operators {
  readonly #options: OperatorsOptions;
  readonly #logger: Logger;
  readonly #password: AdminPassword;
  readonly #listeners = new Set<() => void>();
  readonly users: OperatorUserStore;
  readonly second: SecondFactor;
  readonly logIn: LogIn;
  readonly tokens: OperatorTokens;
  readonly people: People;
  #started = false;
  #cliHash: string | undefined;

  constructor(options: OperatorsOptions) {
    const { clock, vault, passwordCost } = options;
    this.#options = options;
    this.#password = new AdminPassword(options);
    this.#logger = options.logger;
    this.users = new OperatorUserStore(options.tokens.db);
    this.second = new SecondFactor({ users: this.users, vault, clock });
    const { users, second } = this;
    const admin = this.#password;
    this.logIn = new LogIn({ admin, users, second, clock, passwordCost });
    this.tokens = new OperatorTokens({ store: options.tokens, users, clock });
    const ended = () => this.ended();
    this.people = new People({
      ...{ users, tokens: options.tokens, admin, clock, ended, passwordCost },
    });
  }

  /** Makes a password when there is none, and the token of the command line on this machine. */
  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    await this.#password.start();
    await this.#tellOfTwo();
    const token = makeToken();
    this.#cliHash = hashToken(token);
    const file = this.#cliFile();
    const fresh = `${file}.${randomUUID()}`;
    writeFileSync(fresh, `${token}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(fresh, file);
  }

  async stop(): Promise<void> {
    if (this.#cliHash === undefined) return;
    this.#cliHash = undefined;
    rmSync(this.#cliFile(), { force: true });
  }

  /** A new `admin` section of the config file; another password in it ends its sessions. */
  async applyConfig(admin: Config['admin']): Promise<void> {
    await this.#password.applyConfig(admin);
    await this.#tellOfTwo();
    this.ended();
  }

  /** The config may take a name that somebody has. */
  async #tellOfTwo(): Promise<void> {
    if ((await this.users.named(this.username.toLowerCase())) === undefined) return;
    this.#logger.warn(
      { user: this.username },
      'another user has the name of admin.username: only the one of the config can log in',
    );
  }

  /** Whether the config file names the first operator's password. */
  get passwordFixed(): boolean {
    return this.#password.fixed;
  }

  /** Of the first operator, by the config. */
  get username(): string {
    return this.#password.username;
  }

  /** The password that was made at this start, to be shown to the operator. */
  get generatedPassword(): string | undefined {
    return this.#password.made;
  }

  /**
   * Opens a session of 12 hours.
   * @param address where the attempt comes from: wrong ones are slowed down by it
   * @throws AppError unauthorized, rate_limited
   */
  async session(
    username: string,
    password: string,
    address: string,
    wish: SessionWish = {},
  ): Promise<OpenedSession> {
    const user = await this.logIn
      .check({ username, password, address, totp: wish.totp })
      .catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'unauthorized') {
          this.#logger.warn({ address }, 'log-in refused');
        }
        throw error;
      });
    const expiresAt = this.#options.clock.now() + sessionMs;
    const { cookie = false, agent } = wish;
    const name = user.username ?? this.#password.username;
    const { id, token } = await this.tokens.issue({
      ...{ kind: 'session', name, expiresAt, userId: user.id, cookie, address },
      ...(agent !== undefined && { agent: agent.slice(0, 200) }),
    });
    this.#logger.info({ address, user: name }, 'session opened');
    return { token, tokenId: id, expiresAt, userId: user.id };
  }

  /**
   * Who this token belongs to; undefined: nobody, any more.
   * @param carrier a session that was opened for a browser counts as a cookie, and nothing else does
   */
  async identify(token: string, carrier: 'bearer' | 'cookie' = 'bearer') {
    // Nothing we ever gave out is longer.
    if (token.length > 200) return undefined;
    const hash = hashToken(token);
    if (hash === this.#cliHash && carrier === 'bearer') return cli;
    const row = await this.tokens.find(hash);
    return row === undefined || (row.cookie === 1) !== (carrier === 'cookie')
      ? undefined
      : operatorOf(row);
  }

  /** The same operator as of now, for those who stay connected; undefined: it is over. */
  async refresh(operator: Operator): Promise<Operator | undefined> {
    if (operator.tokenId === undefined) return this.#cliHash === undefined ? undefined : cli;
    const row = await this.tokens.get(operator.tokenId);
    return row && operatorOf(row);
  }

  /** Whether somebody is still one who may do this, in a session or not. */
  async stands(
    { userId, tokenId }: Pick<Operator, 'userId' | 'tokenId'>,
    needed: Role,
  ): Promise<boolean> {
    if (userId !== undefined) {
      const row = await this.users.get(userId);
      return row !== undefined && row.disabled === 0 && atLeast(row.role, needed);
    }
    if (tokenId === undefined) return true;
    const row = await this.tokens.get(tokenId);
    return row !== undefined && atLeast(row.role, needed);
  }

  /** Calls `listener` when a token, session or role may have ended: look with `refresh`. */
  onEnded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells those who stay connected to look again. */
  ended(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Makes a token for a program. It is shown here and never again. */
  async createToken(
    name: string,
    expiresAt: number | undefined,
    { role = 'operator', madeBy }: { role?: Role; madeBy?: string } = {},
  ): Promise<{ token: string; view: OperatorToken }> {
    const wish = { kind: 'api' as const, name, role, ...(madeBy !== undefined && { madeBy }) };
    const { id, token } = await this.tokens.issue({ ...wish, expiresAt: expiresAt ?? null });
    const createdAt = this.#options.clock.now();
    const nowhere = { address: undefined, agent: undefined };
    return { token, view: { ...wish, ...nowhere, madeBy, id, createdAt, expiresAt } };
  }

  listTokens(page: { after: number; limit: number }): Promise<OperatorToken[]> {
    return this.tokens.list(page);
  }

  /** @returns whether there was one */
  async revokeToken(id: number): Promise<boolean> {
    const gone = await this.tokens.remove(id);
    this.ended();
    return gone;
  }

  /** Ends every session of a user but `keep`. */
  async endSessions(userId: number, keep?: number): Promise<void> {
    await this.tokens.endSessionsOf(userId, keep);
    this.ended();
  }

  /**
   * Changes the password of the first operator; a new one is made when none is given. Its sessions
   * end.
   * @returns the password
   * @throws AppError conflict (the config file names one)
   */
  async setPassword(password?: string): Promise<string> {
    const set = await this.people.setPassword(builtInUser, password);
    this.#logger.warn('the password was changed');
    return set;
  }

  #cliFile(): string {
    return join(this.#options.dataDir, 'cli.token');
  }
}

/** Who may read `cli.token` may do what the daemon's own user may. */
const cli: Operator = {
  name: 'cli',
  via: 'cli',
  role: 'admin',
  userId: undefined,
  tokenId: undefined,
  cookie: false,
  expiresAt: undefined,
};

function operatorOf(row: TokenRow): Operator {
  const { id, name, kind, role } = row;
  return {
    ...{ name, via: kind, role, userId: row.user_id ?? undefined, tokenId: id },
    ...{ cookie: row.cookie === 1, expiresAt: row.expires_at ?? undefined },
  };
}
