import { Counter, Gauge, type Registry } from 'prom-client';
import type { Alarms } from '../../bot/alarms/alarms.ts';
import type { Backups } from '../../bot/backups/backups.ts';
import type { Clock } from '../../bot/clock.ts';
import type { Storage } from '../../bot/storage.ts';
import { alarmKinds } from '../../config/alarm-schema.ts';
import type { DatabaseHealth } from '../../store/database-health.ts';

export interface WatchMeasured {
  alarms: Pick<Alarms, 'open' | 'courier'>;
  backups: Pick<Backups, 'last' | 'newestAt'>;
  storage: Pick<Storage, 'freeBytes' | 'full'>;
  databaseHealth: Pick<DatabaseHealth, 'failures' | 'fault'>;
  clock: Clock;
}

/** What /metrics tells of alarms, backups and the disk. */
export class WatchMetrics {
  readonly #measured: WatchMeasured;
  readonly #alarms: Gauge;
  readonly #untold: Gauge;
  readonly #backupAge: Gauge;
  readonly #backupOk: Gauge;
  readonly #free: Gauge;
  readonly #full: Gauge;
  readonly #failures: Counter;

  constructor(registry: Registry, measured: WatchMeasured) {
    const registers = [registry];
    const gauge = (name: string, help: string, ...labelNames: string[]): Gauge =>
      new Gauge({ name, help, labelNames, registers });
    this.#measured = measured;
    this.#alarms = gauge('wxrc_alarms_open', 'Alarms that last.', 'kind');
    this.#untold = gauge('wxrc_alarms_untold', 'Messages of alarms that nobody was told yet.');
    this.#backupAge = gauge(
      'wxrc_backup_age_seconds',
      'Age of the newest that went well; a drill is a trial of restoring one. Absent: there is none.',
      'kind',
    );
    this.#backupOk = gauge(
      'wxrc_backup_ok',
      '1 when the last one went well; 0 when not, or when no backup is there any more.',
      'kind',
    );
    this.#free = gauge('wxrc_disk_free_bytes', 'Free space where the data lie.');
    this.#full = gauge('wxrc_storage_full', '1 while nothing new is taken for want of room.');
    this.#failures = new Counter({
      name: 'wxrc_database_failures_total',
      help: 'Writes and reads that the database refused since start.',
      registers,
    });
  }

  async read(): Promise<void> {
    const { alarms, storage, databaseHealth } = this.#measured;
    const open = alarms.open();
    for (const kind of alarmKinds) {
      this.#alarms.set({ kind }, open.filter((one) => one.kind === kind).length);
    }
    this.#untold.set(alarms.courier.waiting);
    await this.#readBackups();
    if (storage.freeBytes !== undefined) this.#free.set(storage.freeBytes);
    this.#full.set(storage.full ? 1 : 0);
    this.#failures.reset();
    this.#failures.inc(databaseHealth.failures);
  }

  async #readBackups(): Promise<void> {
    const { backups, clock } = this.#measured;
    const { newestAt } = backups;
    const [made, drilled] = [await backups.last('backup'), await backups.last('drill')];
    if (made !== undefined) {
      this.#backupOk.set({ kind: 'backup' }, newestAt === undefined ? 0 : made.ok);
    }
    if (drilled !== undefined) this.#backupOk.set({ kind: 'drill' }, drilled.ok);
    const times = { backup: newestAt, drill: (await backups.last('drill', true))?.at };
    this.#backupAge.reset();
    for (const [kind, at] of Object.entries(times)) {
      if (at !== undefined) this.#backupAge.set({ kind }, Math.max(0, (clock.now() - at) / 1000));
    }
  }
}
