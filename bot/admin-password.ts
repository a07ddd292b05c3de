import type { Config } from '../config/config.ts';
import type { AdminTokenStore } from '../store/admin-tokens.ts';
import { builtInUser } from '../store/operator-users.ts';
import type { SettingStore } from '../store/settings.ts';
import { AppError } from './errors.ts';
import { hashPassword, makePassword, type PasswordCost, verifyPassword } from './passwords.ts';

export interface AdminPasswordOptions {
  admin: Config['admin'];
  settings: SettingStore;
  tokens: AdminTokenStore;
  passwordCost?: PasswordCost | undefined;
}

/** Hash of the password that was made or chosen here; counts while the config file names none. */
const ownSetting = 'admin.password';
/** Hash of the config file's password as it was last, to see that it changed. */
const configSetting = 'admin.config-password';

/** Name and password of the first operator: the config file's, or one that was made here. */
export class AdminPassword {
  readonly #settings: SettingStore;
  readonly #tokens: AdminTokenStore;
  readonly #cost: PasswordCost | undefined;
  #admin: Config['admin'];
  #ownHash: string | undefined;
  #configHash: string | undefined;
  #made: string | undefined;

  constructor(options: AdminPasswordOptions) {
    this.#admin = options.admin;
    this.#settings = options.settings;
    this.#tokens = options.tokens;
    this.#cost = options.passwordCost;
  }

  get username(): string {
    return this.#admin.username;
  }

  /** Of the password that counts. The config's is hashed too: looking at it takes as long. */
  get hash(): string {
    return (this.#admin.password === undefined ? this.#ownHash : this.#configHash) ?? '';
  }

  /** Whether the config file names it. */
  get fixed(): boolean {
    return this.#admin.password !== undefined;
  }

  /** Makes a password when there is none yet. */
  async start(): Promise<void> {
    this.#ownHash = await this.#settings.read(ownSetting);
    await this.applyConfig(this.#admin);
  }

  /** Another password in the config file ends every session of it. */
  async applyConfig(admin: Config['admin']): Promise<void> {
    if (admin.password === undefined) {
      this.#admin = admin;
      if (this.#ownHash !== undefined) return;
      const password = makePassword();
      await this.set(password);
      this.#made = password;
      return;
    }
    const before = await this.#settings.read(configSetting);
    const same = before !== undefined && (await verifyPassword(admin.password, before));
    const hash = same ? before : await hashPassword(admin.password, this.#cost);
    if (!same) await this.#write(configSetting, hash);
    this.#configHash = hash;
    this.#admin = admin;
  }

  /** The password that was made at this start, until it is changed. */
  get made(): string | undefined {
    return this.#made;
  }

  /**
   * Changes the password; every session of it ends but `keep`.
   * @throws AppError conflict (the config file names one)
   */
  async set(password: string, keep?: number): Promise<void> {
    if (this.#admin.password !== undefined) {
      throw new AppError('conflict', {
        zh: '密码由配置文件 admin.password 指定，请在那里修改',
        en: 'the password is set by admin.password of the config file: change it there',
      });
    }
    const hash = await hashPassword(password, this.#cost);
    await this.#write(ownSetting, hash, keep);
    this.#ownHash = hash;
    this.#made = undefined;
  }

  async #write(setting: string, hash: string, keep?: number): Promise<void> {
    await this.#settings.db.transaction(async (tx) => {
      await this.#settings.write(tx, setting, hash);
      await this.#tokens.removeSessionsOf(tx, builtInUser, keep);
    });
  }
}
