import type { OperatorUserRow, OperatorUserStore } from '../../store/operator-users.ts';
import { builtInUser } from '../../store/operator-users.ts';
import type { AdminPassword } from '../admin-password.ts';
import { AttemptLimit, sourceOf } from '../attempt-limit.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { hashPassword, type PasswordCost, sameText, verifyPassword } from '../passwords.ts';
import type { SecondFactor } from './second-factor.ts';

export interface Credentials {
  username: string;
  password: string;
  /** A code of the authenticator, or a recovery code. */
  totp?: string | undefined;
  /** Where the attempt comes from. */
  address: string;
}

export interface LogInOptions {
  admin: AdminPassword;
  users: OperatorUserStore;
  second: SecondFactor;
  clock: Clock;
  passwordCost?: PasswordCost | undefined;
}

/** Password checks that may wait for each other. */
const mostChecks = 8;
/** Wrong ones that cost a name nothing, wherever they come from. */
const freeOfName = 10;
const mostKnown = 10_000;

/**
 * Looks at names, passwords and codes. Wrong ones are slowed down by address and by name. A name is
 * not shut to addresses from which its owner came in before: guessing must not lock people out.
 */
export class LogIn {
  readonly #options: LogInOptions;
  readonly #byAddress = new AttemptLimit();
  /** By number. Names that nobody has are counted apart, so that they displace none that count. */
  readonly #byUser = new AttemptLimit(freeOfName);
  readonly #byStranger = new AttemptLimit(freeOfName);
  /** By number and source, of those who came in from there before. */
  readonly #byOwner = new AttemptLimit(freeOfName);
  readonly #bySession = new AttemptLimit();
  /** Number and source of those who came in. */
  readonly #known = new Set<string>();
  /** One check at a time: it occupies a thread that the database's syncs need too. */
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #nobody: Promise<string> | undefined;

  constructor(options: LogInOptions) {
    this.#options = options;
  }

  /** Epoch ms until which this user is shut to addresses he did not come from before. */
  lockedUntil(userId: number): number | undefined {
    const now = this.#options.clock.now();
    const wait = this.#byUser.waitMs(String(userId), now);
    return wait === 0 ? undefined : now + wait;
  }

  unlock(userId: number): void {
    this.#byUser.succeeded(String(userId));
  }

  /**
   * @returns whose they are
   * @throws AppError unauthorized (field `totp`: the password is right, the code is missing or wrong),
   *   rate_limited
   */
  async check(given: Credentials): Promise<OperatorUserRow> {
    const { clock } = this.#options;
    const user = await this.userNamed(given.username);
    const { limit, key } = this.#limitOf(user, given);
    const now = clock.now();
    const wait = Math.max(this.#byAddress.waitMs(given.address, now), limit.waitMs(key, now));
    if (wait > 0 || this.#waiting >= mostChecks) throw tooMany(Math.max(1, Math.ceil(wait / 1000)));
    // Counted before it is looked at: attempts side by side are not free.
    this.#byAddress.failed(given.address, now);
    limit.failed(key, now);
    const right = await this.#checkPassword(user, given.password);
    if (user === undefined || !right || user.disabled !== 0) throw wrong();
    if (user.totp !== null) await this.#options.second.require(user, given.totp);
    this.#byAddress.succeeded(given.address);
    limit.succeeded(key);
    this.#remember(user.id, given.address);
    return user;
  }

  /**
   * A password that is asked for again, of somebody who is in.
   * @throws AppError field_value, rate_limited
   */
  async checkAgain(user: OperatorUserRow, password: string, session: number): Promise<void> {
    if (this.#waiting >= mostChecks) throw tooMany(1);
    await this.sparing(session, async () => {
      if (await this.#checkPassword(user, password)) return;
      throw new AppError(
        'field_value',
        { zh: '当前密码不正确', en: 'the present password is wrong' },
        { field: 'current' },
      );
    });
  }

  /**
   * What can be guessed by whoever holds a session. It counts by session: guesses at the door, or in
   * a session that was stolen, keep nobody from changing the password in another.
   * @param check throws when it is wrong
   * @throws AppError rate_limited
   */
  async sparing<T>(session: number, check: () => Promise<T>): Promise<T> {
    const now = this.#options.clock.now();
    const key = String(session);
    const wait = this.#bySession.waitMs(key, now);
    if (wait > 0) throw tooMany(Math.ceil(wait / 1000));
    this.#bySession.failed(key, now);
    const checked = await check();
    this.#bySession.succeeded(key);
    return checked;
  }

  /** The user of this name, in any case; the config's name comes first. */
  async userNamed(username: string): Promise<OperatorUserRow | undefined> {
    const { admin, users } = this.#options;
    const folded = username.normalize('NFC').toLowerCase();
    const other = await users.named(folded);
    return sameText(folded, admin.username.toLowerCase()) ? users.get(builtInUser) : other;
  }

  /** By name. An own account that comes in between forgives no guesses at others. */
  #limitOf(user: OperatorUserRow | undefined, { username, address }: Credentials) {
    if (user === undefined) return { limit: this.#byStranger, key: username.toLowerCase() };
    const known = knownKey(user.id, address);
    if (this.#known.has(known)) return { limit: this.#byOwner, key: known };
    return { limit: this.#byUser, key: String(user.id) };
  }

  /** A name that nobody has takes as long as a wrong password. */
  #checkPassword(user: OperatorUserRow | undefined, password: string): Promise<boolean> {
    this.#waiting += 1;
    const check = this.#last
      .then(async () => verifyPassword(password, await this.#hashOf(user)))
      .finally(() => {
        this.#waiting -= 1;
      });
    this.#last = check.catch(() => {});
    return check;
  }

  #hashOf(user: OperatorUserRow | undefined): string | Promise<string> {
    if (user?.id === builtInUser) return this.#options.admin.hash;
    if (user !== undefined && user.password !== null) return user.password;
    this.#nobody ??= hashPassword('', this.#options.passwordCost);
    return this.#nobody;
  }

  #remember(userId: number, address: string): void {
    const key = knownKey(userId, address);
    this.#known.delete(key);
    this.#known.add(key);
    if (this.#known.size <= mostKnown) return;
    const [oldest] = this.#known;
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}

function knownKey(userId: number, address: string): string {
  return `${userId} ${sourceOf(address)}`;
}

function wrong(): AppError {
  return new AppError('unauthorized', {
    zh: '用户名或密码错误',
    en: 'the user name or the password is wrong',
  });
}

function tooMany(seconds: number): AppError {
  return new AppError(
    'rate_limited',
    { zh: `尝试次数过多，请 ${seconds} 秒后再试`, en: `too many attempts: wait ${seconds} s` },
    { retryAfter: seconds },
  );
}
