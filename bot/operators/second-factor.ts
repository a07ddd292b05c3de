import type { Vault } from '../../config/secrets.ts';
import type { OperatorUserRow, OperatorUserStore } from '../../store/operator-users.ts';
import type { Clock } from '../clock.ts';
import { AppError, type Text } from '../errors.ts';
import { hashToken } from '../passwords.ts';
import { makeRecoveryCode, makeSecret, otpauthUrl, plainRecoveryCode, stepOf } from './totp.ts';

export interface SecondFactorOptions {
  users: OperatorUserStore;
  vault: Vault;
  clock: Clock;
}

/** What a person puts into an authenticator app. */
export interface TotpOffer {
  secret: string;
  url: string;
}

const recoveryCodes = 10;

/** Codes of an authenticator app, asked for besides the password where a user wants that. */
export class SecondFactor {
  readonly #options: SecondFactorOptions;

  constructor(options: SecondFactorOptions) {
    this.#options = options;
  }

  /** A new secret. It counts once a code of it was shown; until then what was before does. */
  async offer(userId: number, username: string): Promise<TotpOffer> {
    const { users, vault } = this.#options;
    const secret = makeSecret();
    const sealed = vault.seal(secret);
    await users.db.transaction((tx) => users.offerTotp(tx, userId, sealed));
    return { secret, url: otpauthUrl(secret, username, 'wxrc') };
  }

  /**
   * Turns the offered secret on.
   * @returns recovery codes, which are told this once
   * @throws AppError conflict (nothing was offered), field_value (wrong code)
   */
  async confirm(user: OperatorUserRow, code: string): Promise<string[]> {
    const { users, vault, clock } = this.#options;
    const sealed = user.totp_next;
    if (sealed === null) throw nothingOffered();
    const step = stepOf(vault.open(sealed), code.trim(), clock.now());
    if (step === undefined) {
      throw new AppError('field_value', wrongCode, { field: 'code' });
    }
    const codes = newCodes();
    const taken = await users.db.transaction(async (tx) => {
      if (!(await users.takeTotp(tx, user.id, sealed, step))) return false;
      await users.setRecovery(tx, user.id, codes.map(hashOf));
      return true;
    });
    if (!taken) throw nothingOffered();
    return codes;
  }

  /**
   * Uses a code up: of the app each time step's once, a recovery code once.
   * @throws AppError unauthorized (field `totp`)
   */
  async require(user: OperatorUserRow, code: string | undefined): Promise<void> {
    if (user.totp === null) return;
    if (code === undefined) throw new AppError('unauthorized', needsCode, { field: 'totp' });
    const { users, vault, clock } = this.#options;
    const typed = code.replaceAll(/\s/g, '');
    const step = stepOf(vault.open(user.totp), typed, clock.now());
    const used = await users.db.transaction((tx) =>
      step === undefined
        ? users.useRecovery(tx, user.id, hashOf(typed))
        : users.useStep(tx, user.id, step),
    );
    if (!used) throw new AppError('unauthorized', wrongCode, { field: 'totp' });
  }

  /** New recovery codes in the place of those before. */
  async renewCodes(userId: number): Promise<string[]> {
    const { users } = this.#options;
    const codes = newCodes();
    await users.db.transaction((tx) => users.setRecovery(tx, userId, codes.map(hashOf)));
    return codes;
  }

  async turnOff(userId: number): Promise<void> {
    const { users } = this.#options;
    await users.db.transaction((tx) => users.dropTotp(tx, userId));
  }
}

const needsCode: Text = {
  zh: '请输入身份验证器的 6 位动态码，或一个恢复码',
  en: 'enter the six digits of your authenticator, or a recovery code',
};
const wrongCode: Text = {
  zh: '动态码不正确、已用过或已过期',
  en: 'the code is wrong, used or out of date',
};

function nothingOffered(): AppError {
  return new AppError('conflict', {
    zh: '请先获取新的动态码密钥，再确认',
    en: 'ask for a new secret first, then confirm it',
  });
}

function newCodes(): string[] {
  return Array.from({ length: recoveryCodes }, makeRecoveryCode);
}

function hashOf(code: string): string {
  return hashToken(plainRecoveryCode(code));
}
