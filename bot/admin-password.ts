import type { Config } from '../config/config.ts';
import type { AdminTokenStore } from '../store/admin-tokens.ts';
import type { SettingStore } from '../store/settings.ts';
import { AppError } from './errors.ts';
import { hashPassword, makePassword, sameText, verifyPassword } from './passwords.ts';

export interface AdminPasswordOptions {
  admin: Config['admin'];
  settings: SettingStore;
  tokens: AdminTokenStore;
}

/** Hash of the password that was made or chosen here; counts while the config file names none. */
const ownSetting = 'admin.password';
/** Hash of the config file's password as it was last, to see that it changed. */
const configSetting = 'admin.config-password';

/** The operator's user name and password: the config file's, or one that was made here. */
export class AdminPassword {
  readonly #settings: SettingStore;
  readonly #tokens: AdminTokenStore;
  #admin: Config['admin'];
  #ownHash: string | undefined;
  #made: string | undefined;
  /** One check at a time: it occupies a thread that the database's syncs need too. */
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: AdminPasswordOptions) {
    this.#admin = options.admin;
    this.#settings = options.settings;
    this.#tokens = options.tokens;
  }

  get username(): string {
    return this.#admin.username;
  }

  /** Checks under way and waiting. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Makes a password when there is none yet. */
  async start(): Promise<void> {
    this.#ownHash = await this.#settings.read(ownSetting);
    await this.applyConfig(this.#admin);
  }

  /** Another password in the config file ends every session. */
  async applyConfig(admin: Config['admin']): Promise<void> {
    this.#admin = admin;
    if (admin.password === undefined) {
      if (this.#ownHash !== undefined) return;
      const password = makePassword();
      await this.set(password);
      this.#made = password;
      return;
    }
    const before = await this.#settings.read(configSetting);
    if (before !== undefined && (await verifyPassword(admin.password, before))) return;
    await this.#write(configSetting, await hashPassword(admin.password));
  }

  /** The password that was made at this start, until it is changed. */
  get made(): string | undefined {
    return this.#made;
  }

  /** A wrong name takes as long as a wrong password. */
  check(username: string, password: string): Promise<boolean> {
    this.#waiting += 1;
    const check = this.#last
      .then(() => this.#compare(username, password))
      .finally(() => {
        this.#waiting -= 1;
      });
    this.#last = check.catch(() => {});
    return check;
  }

  /**
   * Changes the password; every session ends.
   * @throws AppError conflict (the config file names one)
   */
  async set(password: string): Promise<void> {
    if (this.#admin.password !== undefined) {
      throw new AppError('conflict', {
        zh: '密码由配置文件 admin.password 指定，请在那里修改',
        en: 'the password is set by admin.password of the config file: change it there',
      });
    }
    const hash = await hashPassword(password);
    await this.#write(ownSetting, hash);
    this.#ownHash = hash;
    this.#made = undefined;
  }

  async #compare(username: string, password: string): Promise<boolean> {
    const known = sameText(username, this.#admin.username);
    const chosen = this.#admin.password;
    const right =
      chosen === undefined
        ? await verifyPassword(password, this.#ownHash ?? '')
        : sameText(password, chosen);
    return known && right;
  }

  async #write(setting: string, hash: string): Promise<void> {
    await this.#settings.db.transaction(async (tx) => {
      await this.#settings.write(tx, setting, hash);
      await this.#tokens.removeKind(tx, 'session');
    });
  }
}
