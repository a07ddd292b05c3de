import type { QrShareStore } from '../../../store/qr-shares.ts';
import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import { hashToken, makeToken } from '../../passwords.ts';
import type { BotRegistry } from './bot-port.ts';
import type { BotState, QrCode } from './bot-state.ts';

/** What the holder of a link sees of a bot: no more than a scan needs. */
export interface SharedView {
  name: string;
  state: BotState;
  qr: QrCode | undefined;
  expiresAt: number;
}

export interface QrSharesOptions {
  store: QrShareStore;
  bots: Pick<BotRegistry, 'get'>;
  clock: Clock;
}

/** Links that show a bot's live QR code once: to the first browser that opens them, for minutes. */
export class QrShares {
  readonly #options: QrSharesOptions;

  constructor(options: QrSharesOptions) {
    this.#options = options;
  }

  /** @throws AppError conflict: this bot waits for no scan */
  async make(
    botcode: string,
    minutes: number,
    madeBy: string,
  ): Promise<{ token: string; expiresAt: number }> {
    const { store, bots, clock } = this.#options;
    const state = bots.get(botcode)?.view().state;
    if (state !== 'scan' && state !== 'confirm') {
      throw new AppError('conflict', {
        zh: '该机器人当前不需要扫码',
        en: 'this bot does not wait for a scan',
      });
    }
    const token = makeToken();
    const now = clock.now();
    const expiresAt = now + minutes * 60_000;
    await store.db.transaction(async (tx) => {
      await store.prune(tx, now);
      await store.add(tx, { hash: hashToken(token), botcode, madeBy, now, expiresAt });
    });
    return { token, expiresAt };
  }

  /**
   * Opens a link: whoever is first may look on with the key; undefined: used, over, or never was.
   */
  async open(token: string): Promise<{ key: string; expiresAt: number } | undefined> {
    const { store, clock } = this.#options;
    const key = makeToken();
    const hash = hashToken(token);
    const now = clock.now();
    const first = await store.db.transaction((tx) => store.claim(tx, hash, hashToken(key), now));
    const row = first ? await store.find(hash, now) : undefined;
    return row && { key, expiresAt: Number(row.expires_at) };
  }

  /** Whether a link can still be opened. */
  async isFresh(token: string): Promise<boolean> {
    const row = await this.#options.store.find(hashToken(token), this.#options.clock.now());
    return row !== undefined && row.viewer === null;
  }

  /** What there is to see now; undefined: nothing, any more or for this one. */
  async view(token: string, key: string): Promise<SharedView | undefined> {
    const { store, bots, clock } = this.#options;
    const hash = hashToken(token);
    const row = await store.find(hash, clock.now());
    if (row === undefined || row.viewer !== hashToken(key)) return undefined;
    const view = bots.get(row.botcode)?.view();
    if (view === undefined) return undefined;
    const { name, state, qr } = view;
    // It was for this log-in; what comes later needs a link of its own.
    if (state === 'ready') await store.db.transaction((tx) => store.drop(tx, hash));
    return { name, state, qr, expiresAt: Number(row.expires_at) };
  }
}
