import type { AdminTokenStore } from '../../store/admin-tokens.ts';
import {
  builtInUser,
  type OperatorUserRow,
  type OperatorUserStore,
} from '../../store/operator-users.ts';
import type { AdminPassword } from '../admin-password.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { hashPassword, makePassword, type PasswordCost } from '../passwords.ts';
import type { Role } from './roles.ts';

export interface PeopleOptions {
  users: OperatorUserStore;
  tokens: AdminTokenStore;
  admin: AdminPassword;
  clock: Clock;
  /** Sessions may have ended, or mean less than before. */
  ended: () => void;
  passwordCost?: PasswordCost | undefined;
}

/**
 * The people who may log in. The first one is the config's: it stays, and stays admin, so that the
 * last admin cannot be removed by any order of steps.
 */
export class People {
  readonly #options: PeopleOptions;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  /**
   * @returns number and password, which is made where none is given
   * @throws AppError field_not_unique
   */
  async add(
    username: string,
    role: Role,
    password: string = makePassword(),
  ): Promise<{ id: number; password: string }> {
    const { users, admin, clock } = this.#options;
    const name = username.normalize('NFC');
    const folded = name.toLowerCase();
    const hash = await hashPassword(password, this.#options.passwordCost);
    const id =
      folded === admin.username.toLowerCase()
        ? undefined
        : await users.db.transaction((tx) =>
            users.add(tx, { username: name, folded, role, password: hash, now: clock.now() }),
          );
    if (id !== undefined) return { id, password };
    throw new AppError(
      'field_not_unique',
      { zh: `用户名 ${name} 已存在`, en: `the user name ${name} is taken` },
      { field: 'username' },
    );
  }

  /**
   * Another role counts at once, for sessions that are open too; disabled ends them.
   * @throws AppError not_found, conflict (the first operator, oneself)
   */
  async change(
    id: number,
    to: { role?: Role | undefined; disabled?: boolean | undefined },
    by: number | undefined,
  ): Promise<void> {
    const { users, tokens } = this.#options;
    await this.#mayChange(id, by);
    await users.db.transaction(async (tx) => {
      await users.change(tx, id, to);
      if (to.disabled === true) await tokens.removeSessionsOf(tx, id);
    });
    this.#options.ended();
  }

  /** @throws AppError not_found, conflict (the first operator, oneself) */
  async remove(id: number, by: number | undefined): Promise<void> {
    const { users, tokens, clock } = this.#options;
    await this.#mayChange(id, by);
    await users.db.transaction(async (tx) => {
      await users.remove(tx, id, clock.now());
      await tokens.removeSessionsOf(tx, id);
    });
    this.#options.ended();
  }

  /**
   * Another password, made where none is given. His sessions end but `keep`.
   * @returns it
   * @throws AppError not_found, conflict (the config names it)
   */
  async setPassword(id: number, password = makePassword(), keep?: number): Promise<string> {
    const { users, tokens, admin } = this.#options;
    await this.require(id);
    if (id === builtInUser) {
      await admin.set(password, keep);
    } else {
      const hash = await hashPassword(password, this.#options.passwordCost);
      await users.db.transaction(async (tx) => {
        await users.setPassword(tx, id, hash);
        await tokens.removeSessionsOf(tx, id, keep);
      });
    }
    this.#options.ended();
    return password;
  }

  async setLanguage(id: number, language: 'zh' | 'en' | null): Promise<void> {
    const { users } = this.#options;
    await users.db.transaction((tx) => users.change(tx, id, { language }));
  }

  /** @throws AppError not_found */
  async require(id: number): Promise<OperatorUserRow> {
    const row = await this.#options.users.get(id);
    if (row !== undefined) return row;
    throw new AppError('not_found', { zh: `没有用户 ${id}`, en: `there is no user ${id}` });
  }

  async #mayChange(id: number, by: number | undefined): Promise<void> {
    await this.require(id);
    if (id === builtInUser) {
      throw new AppError('conflict', {
        zh: '首位管理员由配置文件 admin 指定，不能删除、停用或改角色',
        en: 'the first operator is that of the config (admin): it stays, and stays admin',
      });
    }
    if (id === by) {
      throw new AppError('conflict', {
        zh: '不能删除、停用自己或改自己的角色，请让另一位管理员操作',
        en: 'nobody removes, disables or changes himself: ask another admin',
      });
    }
  }
}
