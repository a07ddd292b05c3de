import { join } from 'node:path';
import type { BackupSettings } from '../../config/backup-schema.ts';
import type { Logger } from '../../config/logger.ts';
import {
  type BackupFacts,
  backupFolder,
  createBackup,
  listBackups,
  type MadeBackup,
  removeBackup,
} from '../../store/backup.ts';
import type { BackupRunRow, BackupRunStore, RunCause } from '../../store/backup-runs.ts';
import type { Database } from '../../store/database.ts';
import type { Clock, Timer } from '../clock.ts';
import { AppError } from '../errors.ts';
import { isDue, nextAt } from './due.ts';
import { outdated } from './rotation.ts';

/** What a trial of restoring a backup showed. */
export interface DrillReport {
  ok: boolean;
  /** Name of the backup, without its folder. */
  file: string;
  /** When that was made. */
  madeAt: number;
  tookMs: number;
  steps: { name: string; ok: boolean; detail: string }[];
}

export interface BackupsOptions {
  db: Database;
  store: BackupRunStore;
  dataDir: string;
  settings: BackupSettings;
  timezone: string;
  clock: Clock;
  logger: Logger;
  /** Restores a backup for a trial, away from everything. @param stop nobody waits for it any more */
  drill: (path: string, stop: AbortSignal) => Promise<DrillReport>;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** Backups by themselves and when asked, one at a time; the old ones go; now and then one is tried. */
export class Backups {
  readonly #options: BackupsOptions;
  #settings: BackupSettings;
  #timer: Timer | undefined;
  #busy: Promise<unknown> | undefined;
  readonly #stopping = new AbortController();
  readonly #listeners = new Set<() => void>();

  constructor(options: BackupsOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  get settings(): BackupSettings {
    return this.#settings;
  }

  /** Whether one is being made or tried. */
  get busy(): boolean {
    return this.#busy !== undefined;
  }

  start(): void {
    if (this.#timer === undefined) this.#plan();
  }

  /** None begins any more; one that is under way ends at once. */
  endTrial(): void {
    this.#stopping.abort();
  }

  /** A backup that is being made is made. */
  async stop(): Promise<void> {
    this.endTrial();
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#busy?.catch(() => {});
  }

  applyConfig(settings: BackupSettings): void {
    this.#settings = settings;
  }

  /** Told when a backup or drill has ended. @returns a function that stops it */
  on(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Newest first. */
  list(): BackupFacts[] {
    return listBackups(this.#folder);
  }

  /**
   * When the newest that is there was made; undefined: there is none. One of a time to come, made
   * before the clock was set back, says nothing.
   */
  get newestAt(): number | undefined {
    const now = this.#options.clock.now();
    return this.list().find(({ at }) => at <= now)?.at;
  }

  runs(before: number | undefined, limit: number): Promise<BackupRunRow[]> {
    return this.#options.store.list(before, limit);
  }

  runOf(file: string): Promise<BackupRunRow | undefined> {
    return this.#options.store.ofFile(file);
  }

  last(kind: 'backup' | 'drill', ok?: boolean): Promise<BackupRunRow | undefined> {
    return this.#options.store.last(kind, ok);
  }

  /** When the next one is planned. */
  async nextAt(): Promise<number | undefined> {
    const { timezone, clock } = this.#options;
    return nextAt(this.#settings, timezone, this.newestAt ?? 0, clock.now());
  }

  /** Makes one now. @throws AppError conflict while another is under way */
  make(cause: RunCause): Promise<MadeBackup> {
    return this.#alone(() => this.#make(cause));
  }

  /**
   * Restores one for a trial; the newest unless one is named.
   * @throws AppError conflict, not_found
   */
  drill(cause: RunCause, file?: string): Promise<DrillReport> {
    return this.#alone(() => this.#drill(cause, file));
  }

  get #folder(): string {
    return this.#settings.folder ?? backupFolder(this.#options.dataDir);
  }

  async #make(cause: RunCause): Promise<MadeBackup> {
    const { db, dataDir, clock, logger } = this.#options;
    const at = clock.now();
    const began = performance.now();
    const row = { kind: 'backup', cause, at } as const;
    try {
      const folder = this.#folder;
      const made = await createBackup({ db, dataDir, folder, now: at, auto: cause === 'schedule' });
      const { file, bytes, sha256 } = made;
      await this.#note({ ...row, ok: 1, took_ms: since(began), file, bytes, sha256 });
      logger.info({ file, bytes, tookMs: since(began) }, 'backup made');
      this.#rotate();
      return made;
    } catch (error) {
      logger.error({ err: error }, 'no backup was made');
      const why = this.#plain(error);
      // A database that cannot be written either is not what is to be told here.
      await this.#note({ ...row, ok: 0, took_ms: since(began), error: why }).catch(() => {});
      throw error;
    }
  }

  /** Why something failed, for operators: where on this machine is in the log only. */
  #plain(error: unknown): string {
    const text = error instanceof Error ? error.message : String(error);
    return text.replaceAll(this.#folder, '').replaceAll(this.#options.dataDir, '').slice(0, 300);
  }

  #rotate(): void {
    const { timezone, logger } = this.#options;
    for (const { file } of outdated(this.list(), this.#settings.keep, timezone)) {
      removeBackup(this.#folder, file);
      logger.info({ file }, 'old backup removed');
    }
  }

  async #drill(cause: RunCause, name: string | undefined): Promise<DrillReport> {
    const { clock, drill, logger } = this.#options;
    const all = this.list();
    const chosen = name === undefined ? all[0] : all.find((one) => one.file === name);
    if (chosen === undefined) {
      throw new AppError('not_found', {
        zh: name === undefined ? '还没有备份' : `没有备份 ${name}`,
        en: name === undefined ? 'there is no backup yet' : `there is no backup ${name}`,
      });
    }
    const at = clock.now();
    const report = await drill(join(this.#folder, chosen.file), this.#stopping.signal);
    const { file } = chosen;
    await this.#note({
      ...{ kind: 'drill', cause, at, file },
      ok: report.ok ? 1 : 0,
      took_ms: report.tookMs,
      error: report.ok ? null : (report.steps.find((step) => !step.ok)?.detail ?? 'failed'),
      details: JSON.stringify(report.steps),
    });
    if (report.ok)
      logger.info({ file, tookMs: report.tookMs }, 'a backup was restored for a trial');
    else logger.error({ file, steps: report.steps }, 'a backup could not be restored');
    return report;
  }

  async #note(
    row: Pick<BackupRunRow, 'kind' | 'cause' | 'at' | 'took_ms' | 'ok'> & Partial<BackupRunRow>,
  ): Promise<void> {
    try {
      await this.#options.store.add({
        ...{ file: null, bytes: null, sha256: null, error: null, details: null },
        ...row,
      });
    } finally {
      for (const listener of this.#listeners) listener();
    }
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy !== undefined || this.#stopping.signal.aborted) {
      throw new AppError('conflict', {
        zh: '正在备份或演练，请稍后再试',
        en: 'a backup or a drill is under way: try again later',
      });
    }
    const busy = work();
    this.#busy = busy;
    try {
      return await busy;
    } finally {
      this.#busy = undefined;
    }
  }

  #plan(): void {
    this.#timer = this.#options.clock.after(minute, () => {
      void this.#tick().finally(() => {
        if (!this.#stopping.signal.aborted) this.#plan();
      });
    });
  }

  async #tick(): Promise<void> {
    const { clock, timezone, logger } = this.#options;
    if (this.busy) return;
    try {
      const tried = await this.last('backup');
      // One that somebody took away is made again.
      const times = { okAt: this.newestAt ?? 0, triedAt: tried?.at ?? 0 };
      if (isDue(this.#settings, timezone, times, clock.now())) await this.make('schedule');
      else if (await this.#drillDue()) await this.drill('schedule');
    } catch (error) {
      // Told already, where it belongs.
      logger.debug({ err: error }, 'backups');
    }
  }

  async #drillDue(): Promise<boolean> {
    const { drillDays } = this.#settings;
    if (drillDays === 0 || this.list().length === 0) return false;
    const last = await this.last('drill');
    const now = this.#options.clock.now();
    return last === undefined || last.at > now || now - last.at >= drillDays * day;
  }
}

function since(began: number): number {
  return Math.round(performance.now() - began);
}
