import { statfs } from 'node:fs/promises';
import type { Logger } from '../config/logger.ts';
import { isDatabaseError } from '../store/database.ts';
import type { DatabaseHealth } from '../store/database-health.ts';
import type { Clock, Timer } from './clock.ts';
import { AppError } from './errors.ts';

/** The file of the database, which somebody may take away while it is in use. */
export interface DatabasePresence {
  /** Whether the file in use is the one that the next start would open. */
  isThere(): Promise<boolean>;
  /**
   * Copies what is in use beside where it lay; again: in the place of the copy before. Not exact:
   * it goes on, so that what waits in the copy may have left when somebody uses that.
   */
  save(at: number, how: { exact: boolean }): Promise<void>;
  /** The copy is not needed: what was taken away is back. */
  forget(): void;
}

export interface StorageOptions {
  folder: string;
  /** Less free space than this is kept for what was accepted already. */
  reserveBytes: number;
  health: DatabaseHealth;
  clock: Clock;
  logger: Logger;
  presence: DatabasePresence;
  /** It was taken away and did not come back: the process has to end, as nothing it does is kept. */
  onLost: () => void;
  /** Replaced in tests. */
  freeBytes?: (folder: string) => Promise<number>;
}

const everyMs = 2000;
/** So long somebody may think better of having taken the database away. */
const lostAfterMs = 10_000;
/** So long nothing new is taken after a write found no room where the disk seems to have some. */
const afterFullMs = 5000;

/**
 * Whether there is room for new work. The last of the space is for what was accepted already: its
 * outcomes have to be written, too. Opens again by itself.
 */
export class Storage {
  readonly #options: StorageOptions;
  #free: number | undefined;
  #low = false;
  #fullUntil = 0;
  #timer: Timer | undefined;
  #lost: Timer | undefined;
  #unlisten: (() => void) | undefined;

  constructor(options: StorageOptions) {
    this.#options = options;
  }

  /** Free space, as of a moment ago; undefined: unknown. */
  get freeBytes(): number | undefined {
    return this.#free;
  }

  /** What keeps us from being relied on, in English; undefined: nothing. */
  get fault(): string | undefined {
    if (this.refusal !== undefined) return this.refusal;
    const damaged = this.#options.health.fault === 'damaged';
    return damaged ? 'the database is damaged: restore the newest backup' : undefined;
  }

  /** Why nothing new is taken, in English; undefined: it is. */
  get refusal(): string | undefined {
    if (this.#options.health.fault === 'gone') {
      return 'the file of the database was taken away: nothing new is taken';
    }
    return this.full ? 'the disk is full: nothing new is taken' : undefined;
  }

  /** No room for anything new. */
  get full(): boolean {
    return this.#low || (this.#fullUntil > 0 && performance.now() < this.#fullUntil);
  }

  async start(): Promise<void> {
    const { health } = this.#options;
    this.#unlisten = health.on(() => {
      if (health.fault === 'full') this.#fullUntil = performance.now() + afterFullMs;
    });
    await this.look();
    this.#plan();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#lost?.cancel();
    this.#unlisten?.();
  }

  /** Looks at the disk now. */
  async look(): Promise<void> {
    await Promise.all([this.#lookForRoom(), this.#lookForDatabase()]);
  }

  async #lookForDatabase(): Promise<void> {
    const { presence, health, clock, logger, onLost } = this.#options;
    const was = health.fault;
    health.present(await presence.isThere());
    if (health.fault === was) return;
    if (was === 'gone') {
      this.#lost?.cancel();
      presence.forget();
      logger.warn('the file of the database is back');
    }
    if (health.fault !== 'gone') return;
    logger.fatal('the file of the database was taken away: nothing new is taken');
    this.#lost = clock.after(lostAfterMs, onLost);
    await this.#save({ exact: false });
  }

  /** At the very end: saves what would be lost with the process, if the database was taken away. */
  save(): Promise<void> {
    return this.#save({ exact: true });
  }

  async #save(how: { exact: boolean }): Promise<void> {
    const { presence, health, clock, logger } = this.#options;
    if (health.fault !== 'gone') return;
    try {
      await presence.save(clock.now(), how);
    } catch (error) {
      logger.fatal({ err: error }, 'what was accepted could not be saved');
    }
  }

  async #lookForRoom(): Promise<void> {
    const { folder, reserveBytes, freeBytes = freeOf, logger } = this.#options;
    try {
      this.#free = await freeBytes(folder);
    } catch {
      // What cannot be told is not held against anybody.
      this.#free = undefined;
    }
    // Half as much again before it opens: else it would open and close with each row.
    const bound = this.#low ? reserveBytes * 1.5 : reserveBytes;
    const low = this.#free !== undefined && this.#free < bound;
    if (low !== this.#low) {
      this.#low = low;
      if (low) logger.error({ free: this.#free }, 'the disk is full: nothing new is taken');
      else logger.warn({ free: this.#free }, 'there is room again');
    }
  }

  /** @throws AppError database when nothing new is taken */
  assertRoom(): void {
    if (this.refusal !== undefined) throw cannotStore();
  }

  #plan(): void {
    this.#timer = this.#options.clock.after(everyMs, () => {
      void this.look().then(() => {
        if (this.#timer !== undefined) this.#plan();
      });
    });
  }
}

/** Nothing was done, and it may be asked for again. */
export function cannotStore(): AppError {
  return new AppError(
    'database',
    {
      zh: '暂时无法保存（空间不足或数据库不可写），未受理，请稍后重试',
      en: 'it cannot be stored (no room, or the database refuses): nothing was done, try again later',
    },
    { retryAfter: 30 },
  );
}

/**
 * What the database refused, as a refusal that may be told; whatever else is handed on as it is. The
 * cause goes to the log.
 */
export function storageRefusal(error: unknown, logger: Logger): unknown {
  if (!isDatabaseError(error) && !isDiskError(error)) return error;
  logger.error({ err: error }, 'the database refused');
  return cannotStore();
}

/** Of files beside the database. */
function isDiskError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS';
}

async function freeOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
