import type { QrShareRow, QrShareStore } from '../../../store/qr-shares.ts';
import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import type { Operator } from '../../operators.ts';
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
  /** Whether somebody is still one who may make links. */
  stands: (maker: Maker) => Promise<boolean>;
}

/** A person by number, or a program by its token; the command line is neither. */
export type Maker = Pick<Operator, 'userId' | 'tokenId'>;

/** More than one passes on; each has its time. */
const mostOfBot = 20;

/** Links that show a bot's live QR code once: to the first browser that opens them, for minutes. */
export class QrShares {
  readonly #options: QrSharesOptions;

  constructor(options: QrSharesOptions) {
    this.#options = options;
  }

  /** @throws AppError conflict: this bot waits for no scan; rate_limited */
  async make(
    botcode: string,
    minutes: number,
    maker: Maker,
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
      if ((await store.count(tx, botcode, now)) >= mostOfBot) throw tooMany();
      const madeBy = markOf(maker);
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
    const row = await this.#find(hash);
    if (row === undefined) return undefined;
    const first = await store.db.transaction((tx) => store.claim(tx, hash, hashToken(key), now));
    return first ? { key, expiresAt: Number(row.expires_at) } : undefined;
  }

  /** Whether a link can still be opened. */
  async isFresh(token: string): Promise<boolean> {
    const row = await this.#find(hashToken(token));
    return row !== undefined && row.viewer === null;
  }

  /** What there is to see now; undefined: nothing, any more or for this one. */
  async view(token: string, key: string): Promise<SharedView | undefined> {
    const { store, bots } = this.#options;
    const hash = hashToken(token);
    const row = await this.#find(hash);
    if (row === undefined || row.viewer !== hashToken(key)) return undefined;
    const view = bots.get(row.botcode)?.view();
    if (view === undefined) return undefined;
    const { name, state, qr } = view;
    // It was for this log-in; what comes later needs a link of its own.
    if (state === 'ready') await store.db.transaction((tx) => store.drop(tx, hash));
    return { name, state, qr, expiresAt: Number(row.expires_at) };
  }
  /** It ends with the rights of who made it. */
  async #find(hash: string): Promise<QrShareRow | undefined> {
    const { store, clock, stands } = this.#options;
    const row = await store.find(hash, clock.now());
    return row !== undefined && (await stands(makerOf(row.made_by))) ? row : undefined;
  }
}

function markOf({ userId, tokenId }: Maker): string {
  if (userId !== undefined) return `user ${userId}`;
  return tokenId === undefined ? '' : `token ${tokenId}`;
}

function makerOf(mark: string): Maker {
  const [, kind, id] = /^(user|token) (\d+)$/.exec(mark) ?? [];
  return {
    userId: kind === 'user' ? Number(id) : undefined,
    tokenId: kind === 'token' ? Number(id) : undefined,
  };
}

function tooMany(): AppError {
  return new AppError('rate_limited', {
    zh: `该机器人的二维码链接已有 ${mostOfBot} 个，请等旧链接到期`,
    en: `this bot has ${mostOfBot} links already: wait until some are over`,
  });
}
