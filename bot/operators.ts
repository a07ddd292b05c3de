import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Logger } from '../config/logger.ts';
import type { AdminTokenStore, TokenRow } from '../store/admin-tokens.ts';
import type { SettingStore } from '../store/settings.ts';
import { AdminPassword } from './admin-password.ts';
import { AttemptLimit } from './attempt-limit.ts';
import type { Clock } from './clock.ts';
import { AppError } from './errors.ts';
import { hashToken, makePassword, makeToken } from './passwords.ts';

/** Who acts: `session` by password, `api` by a token an operator made, `cli` on this machine. */
export interface Operator {
  name: string;
  via: 'session' | 'api' | 'cli';
  /** Id of the token that identified it; the CLI's has none. */
  tokenId: number | undefined;
}

export interface OperatorToken {
  id: number;
  kind: TokenRow['kind'];
  name: string;
  createdAt: number;
  expiresAt: number | undefined;
}

export interface OperatorsOptions {
  tokens: AdminTokenStore;
  settings: SettingStore;
  admin: Config['admin'];
  dataDir: string;
  clock: Clock;
  logger: Logger;
}

const sessionMs = 12 * 3_600_000;
/** Password checks that may wait for each other. */
const mostChecks = 8;

/** The people and programs that run this daemon, and how they prove it. */
export class Operators {
  readonly #options: OperatorsOptions;
  readonly #logger: Logger;
  readonly #limit = new AttemptLimit();
  readonly #password: AdminPassword;
  #started = false;
  #cliHash: string | undefined;

  constructor(options: OperatorsOptions) {
    this.#options = options;
    this.#password = new AdminPassword(options);
    this.#logger = options.logger;
  }

  /** Makes a password when there is none, and the token of the command line on this machine. */
  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    await this.#password.start();
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

  /** A new `admin` section of the config file; another password in it ends every session. */
  applyConfig(admin: Config['admin']): Promise<void> {
    return this.#password.applyConfig(admin);
  }

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
  ): Promise<{ token: string; expiresAt: number }> {
    const { clock } = this.#options;
    const wait = this.#limit.waitMs(address, clock.now());
    if (wait > 0 || this.#password.waiting >= mostChecks)
      throw tooMany(Math.max(1, Math.ceil(wait / 1000)));
    // Counted before it is looked at: attempts side by side are not free.
    this.#limit.failed(address, clock.now());
    if (!(await this.#password.check(username, password))) {
      this.#logger.warn({ address }, 'log-in refused');
      throw new AppError('unauthorized', {
        zh: '用户名或密码错误',
        en: 'the user name or the password is wrong',
      });
    }
    this.#limit.succeeded(address);
    const expiresAt = clock.now() + sessionMs;
    const { token } = await this.#issue('session', this.#password.username, expiresAt);
    this.#logger.info({ address }, 'session opened');
    return { token, expiresAt };
  }

  /** Who this bearer token belongs to; undefined: nobody, any more. */
  async identify(token: string): Promise<Operator | undefined> {
    // Nothing we ever gave out is longer.
    if (token.length > 200) return undefined;
    const hash = hashToken(token);
    if (hash === this.#cliHash) return { name: 'cli', via: 'cli', tokenId: undefined };
    const row = await this.#options.tokens.find(hash, this.#options.clock.now());
    return row && { name: row.name, via: row.kind, tokenId: row.id };
  }

  /** Makes a token for a program. It is shown here and never again. */
  async createToken(
    name: string,
    expiresAt: number | undefined,
  ): Promise<{ token: string; view: OperatorToken }> {
    const { id, token } = await this.#issue('api', name, expiresAt);
    const createdAt = this.#options.clock.now();
    return { token, view: { id, kind: 'api', name, createdAt, expiresAt } };
  }

  async listTokens(page: { after: number; limit: number }): Promise<OperatorToken[]> {
    const now = this.#options.clock.now();
    const rows = await this.#options.tokens.list({ ...page, now });
    return rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      name: row.name,
      createdAt: row.created_at,
      expiresAt: row.expires_at ?? undefined,
    }));
  }

  /** @returns whether there was one */
  revokeToken(id: number): Promise<boolean> {
    const { tokens } = this.#options;
    return tokens.db.transaction((tx) => tokens.remove(tx, id));
  }

  /**
   * Changes the password; a new one is made when none is given. Every session ends.
   * @returns the password
   * @throws AppError conflict (the config file names one)
   */
  async setPassword(password: string = makePassword()): Promise<string> {
    await this.#password.set(password);
    this.#logger.warn('the password was changed');
    return password;
  }

  async #issue(
    kind: TokenRow['kind'],
    name: string,
    expiresAt: number | undefined,
  ): Promise<{ id: number; token: string }> {
    const token = makeToken();
    const { tokens, clock } = this.#options;
    const now = clock.now();
    const id = await tokens.db.transaction(async (tx) => {
      await tokens.removeEnded(tx, now);
      const hash = hashToken(token);
      return tokens.add(tx, { kind, name, hash, now, expiresAt: expiresAt ?? null });
    });
    return { id, token };
  }

  #cliFile(): string {
    return join(this.#options.dataDir, 'cli.token');
  }
}

function tooMany(seconds: number): AppError {
  return new AppError(
    'rate_limited',
    { zh: `尝试次数过多，请 ${seconds} 秒后再试`, en: `too many attempts: wait ${seconds} s` },
    { retryAfter: seconds },
  );
}
