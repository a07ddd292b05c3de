import type { Logger } from '../../../config/logger.ts';
import type { Vault } from '../../../config/secrets.ts';
import type { BotStore } from '../../../store/bots.ts';
import type { Database } from '../../../store/database.ts';
import type { Clock } from '../../clock.ts';
import type { Sessions } from '../driver.ts';

export interface SealedSessionsOptions {
  db: Database;
  store: BotStore;
  vault: Vault;
  clock: Clock;
  logger: Logger;
}

/** Where drivers keep account sessions: a memory card is as good as the account, so it is sealed. */
export class SealedSessions implements Sessions {
  readonly #options: SealedSessionsOptions;

  constructor(options: SealedSessionsOptions) {
    this.#options = options;
  }

  /** A card that cannot be opened (another `secret.key`) counts as none: a QR code is shown. */
  async load(botcode: string): Promise<string | undefined> {
    const { store, vault, logger } = this.#options;
    const sealed = await store.loadSession(botcode);
    if (sealed === undefined) return undefined;
    try {
      return vault.open(sealed);
    } catch {
      logger.warn({ botcode }, 'the kept session cannot be opened with this secret key');
      return undefined;
    }
  }

  async save(botcode: string, card: string): Promise<void> {
    const { db, store, vault, clock } = this.#options;
    const sealed = vault.seal(card);
    await db.transaction((tx) => store.saveSession(tx, botcode, sealed, clock.now()));
  }

  async forget(botcode: string): Promise<void> {
    const { db, store } = this.#options;
    await db.transaction((tx) => store.forgetSession(tx, botcode));
  }
}
