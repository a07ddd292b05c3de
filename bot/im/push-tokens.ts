import type { Vault } from '../../config/secrets.ts';
import type { PushTokenRow, PushTokenStore } from '../../store/im-push-tokens.ts';
import type { Clock } from '../clock.ts';
import type { User } from './message.ts';

/** Push services whose tokens clients bind: Apple, PushKit, NG, XG, Xiaomi, Huawei, Google, JPush. */
export const pushKinds = ['apns', 'pushkit', 'ng', 'xg', 'xm', 'hw', 'gcm', 'jp'] as const;
export type PushKind = (typeof pushKinds)[number];

export interface PushToken {
  kind: PushKind;
  token: string;
}

/** Where a user's telephone can be woken. A user has one of each kind; they lie sealed. */
export class PushTokens {
  readonly #store: PushTokenStore;
  readonly #vault: Vault;
  readonly #clock: Clock;

  constructor(options: { store: PushTokenStore; vault: Vault; clock: Clock }) {
    this.#store = options.store;
    this.#vault = options.vault;
    this.#clock = options.clock;
  }

  async bind({ appid, uid }: User, tokens: readonly PushToken[]): Promise<void> {
    const at = this.#clock.now();
    await this.#store.db.transaction(async (tx) => {
      for (const { kind, token } of tokens) {
        await this.#store.put(tx, { appid, uid, kind, token: this.#vault.seal(token), at });
      }
    });
  }

  /** Another telephone may have bound its own meanwhile: that one stays. */
  async unbind({ appid, uid }: User, tokens: readonly PushToken[]): Promise<void> {
    await this.#store.db.transaction(async (tx) => {
      const bound = new Map(
        (await this.#store.of(tx, { appid, uid })).map((row) => [row.kind, this.#open(row)]),
      );
      for (const { kind, token } of tokens) {
        if (bound.get(kind) === token) await this.#store.remove(tx, { appid, uid, kind });
      }
    });
  }

  async of(user: User): Promise<PushToken[]> {
    const rows = await this.#store.db.transaction((tx) => this.#store.of(tx, user));
    return pushKinds.flatMap((kind) => {
      const row = rows.find((one) => one.kind === kind);
      const token = row === undefined ? undefined : this.#open(row);
      return token === undefined ? [] : [{ kind, token }];
    });
  }

  /** Undefined when it was sealed with another `secret.key`. */
  #open(row: PushTokenRow): string | undefined {
    try {
      return this.#vault.open(row.token);
    } catch {
      return undefined;
    }
  }
}
