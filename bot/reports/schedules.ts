import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../../config/logger.ts';
import type { Calendar, ReportSettings } from '../../config/report-schema.ts';
import type { Tx } from '../../store/database.ts';
import type { ScheduleRow, ScheduleStore } from '../../store/schedules.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { CalendarFault, type MarkedDays, readCalendar } from './calendar.ts';
import { FolderFault, type Folders } from './folders.ts';
import { checkSettings, type Schedule, scheduleOf } from './schedule.ts';

export interface SchedulesOptions {
  store: ScheduleStore;
  folders: Folders;
  zone: string;
  clock: Clock;
  logger: Logger;
  /** Refuses what could never be made. @throws AppError field_value */
  assertWhole?: (settings: ReportSettings, changed?: ReadonlySet<string>) => void;
  /** A schedule was added, changed, paused or removed. */
  changed: (name: string) => void;
}

const timingNames = ['kind', 'expr', 'zone', 'start', 'end', 'calendar', 'enabled'] as const;
const mostSchedules = 1000;
const calendarBytes = 1_048_576;
/** Calendar files are read again so often. */
const calendarMs = 60_000;

/** All schedules, in memory as they are in the database. */
export class Schedules {
  readonly #options: SchedulesOptions;
  readonly #all = new Map<string, Schedule>();
  #calendarsAt = 0;

  constructor(options: SchedulesOptions) {
    this.#options = options;
  }

  async start(config: readonly ReportSettings[]): Promise<void> {
    this.#all.clear();
    for (const row of await this.#options.store.all()) await this.#load(row);
    this.#calendarsAt = this.#options.clock.now();
    await this.applyConfig(config);
  }

  /** What the config names no more goes; what stays keeps its history, and whether it is paused. */
  async applyConfig(config: readonly ReportSettings[]): Promise<void> {
    const { store, clock } = this.#options;
    for (const settings of config) checkSettings(settings);
    const now = clock.now();
    const named = new Set(config.map(({ name }) => name));
    const changed = await store.db.transaction(async (tx) => {
      const names: string[] = [];
      for (const { name, source } of this.list()) {
        if (source !== 'config' || named.has(name)) continue;
        await store.remove(tx, name);
        names.push(name);
      }
      for (const settings of config) {
        const before = await store.get(tx, settings.name);
        const row = rowOf(settings, 'config', now);
        if (before === undefined) await store.add(tx, row);
        else if (before.source === 'config' && before.settings === row.settings) continue;
        else {
          await store.change(tx, settings.name, { ...row, updated_at: now });
          await this.#beginAnew(tx, before, settings, now);
        }
        names.push(settings.name);
      }
      return names;
    });
    for (const name of changed) await this.reload(name);
  }

  list(): Schedule[] {
    return [...this.#all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): Schedule | undefined {
    return this.#all.get(name);
  }

  /** @throws AppError not_found */
  require(name: string): Schedule {
    const schedule = this.#all.get(name);
    if (schedule !== undefined) return schedule;
    throw new AppError('not_found', { zh: `没有报表 ${name}`, en: `there is no report ${name}` });
  }

  /** @throws AppError field_value, conflict */
  async add(settings: ReportSettings): Promise<Schedule> {
    const { store, clock } = this.#options;
    this.#check(settings);
    if (this.#all.size >= mostSchedules) {
      throw new AppError('conflict', {
        ...{ zh: `最多 ${mostSchedules} 个报表`, en: `at most ${mostSchedules} reports` },
      });
    }
    const row = rowOf(settings, 'admin', clock.now());
    const added = await store.db.transaction((tx) => store.add(tx, row));
    await this.reload(settings.name);
    if (!added) {
      throw new AppError(
        'conflict',
        { zh: `已有报表 ${settings.name}`, en: `there is a report ${settings.name} already` },
        { field: 'name' },
      );
    }
    return this.require(settings.name);
  }

  /**
   * What it does not change is let be, so that what is at fault by now can still be turned off.
   * @throws AppError not_found, conflict (of the config), field_value
   */
  async update(name: string, settings: ReportSettings): Promise<Schedule> {
    const { store, clock } = this.#options;
    this.#changeable(name);
    this.#check(settings, changedFields(this.require(name).settings, settings));
    const now = clock.now();
    const row = { ...rowOf({ ...settings, name }, 'admin', now), updated_at: now };
    await store.db.transaction(async (tx) => {
      const before = await store.get(tx, name);
      await store.change(tx, name, row);
      if (before !== undefined) await this.#beginAnew(tx, before, settings, now);
    });
    await this.reload(name);
    return this.require(name);
  }

  /** Its runs stay. @throws AppError not_found, conflict (of the config) */
  async remove(name: string): Promise<void> {
    this.#changeable(name);
    await this.#options.store.db.transaction((tx) => this.#options.store.remove(tx, name));
    await this.reload(name);
  }

  /** @throws AppError not_found */
  async pause(name: string, reason: string | undefined): Promise<Schedule> {
    this.require(name);
    const at = this.#options.clock.now();
    const pause = { paused: true, reason: reason ?? null, at };
    await this.#options.store.db.transaction((tx) => this.#options.store.pause(tx, name, pause));
    await this.reload(name);
    return this.require(name);
  }

  /** In a transaction of its own failure. */
  async pauseIn(tx: Tx, name: string, reason: string): Promise<void> {
    const at = this.#options.clock.now();
    await this.#options.store.pause(tx, name, { paused: true, reason, at });
  }

  /** From now on: slots of the pause were not missed. @throws AppError not_found */
  async resume(name: string): Promise<Schedule> {
    const { store, clock } = this.#options;
    const { decidedTo, paused } = this.require(name);
    const now = clock.now();
    const pause = { paused: false, reason: null, at: now };
    const from = paused ? { decidedTo: Math.max(decidedTo, now) } : {};
    await store.db.transaction((tx) => store.pause(tx, name, { ...pause, ...from }));
    await this.reload(name);
    return this.require(name);
  }

  /** What other processes changed, and calendar files that did. */
  async refresh(): Promise<void> {
    const rows = await this.#options.store.revisions();
    const known = new Set(rows.map(({ name }) => name));
    for (const { name, revision } of rows) {
      if (this.#all.get(name)?.revision !== Number(revision)) await this.reload(name);
    }
    for (const name of [...this.#all.keys()]) if (!known.has(name)) await this.reload(name);
    const now = this.#options.clock.now();
    if (Math.abs(now - this.#calendarsAt) < calendarMs) return;
    this.#calendarsAt = now;
    for (const { name, settings } of this.list()) {
      if (typeof settings.calendar !== 'string') await this.reload(name, false);
    }
  }

  #check(settings: ReportSettings, changed?: ReadonlySet<string>): void {
    checkSettings(settings, changed);
    this.#options.assertWhole?.(settings, changed);
  }

  /** Reads one again. */
  async reload(name: string, tell = true): Promise<void> {
    const { store, changed } = this.#options;
    const row = await store.db.transaction((tx) => store.get(tx, name));
    if (row === undefined) this.#all.delete(name);
    else await this.#load(row);
    if (tell) changed(name);
  }

  async #load(row: ScheduleRow): Promise<void> {
    const { logger, zone } = this.#options;
    try {
      const { calendar } = scheduleOf(row, zone, new Map()).settings;
      const days = await this.daysOf(calendar);
      this.#all.set(row.name, scheduleOf(row, zone, days));
    } catch (error) {
      // What a newer or older version took: it waits there, and does nothing.
      logger.warn({ err: error, report: row.name }, 'a report is not understood');
    }
  }

  /** What a calendar's file says, or why it cannot be read; a calendar without one names no days. */
  async daysOf(calendar: Calendar): Promise<MarkedDays | { fault: string }> {
    if (typeof calendar === 'string') return new Map();
    try {
      const bytes = await this.#options.folders.read(calendar.file, calendarBytes);
      return readCalendar(bytes.toString('utf8'), calendar.days === 'none');
    } catch (error) {
      const known = error instanceof FolderFault || error instanceof CalendarFault;
      if (!known) this.#options.logger.warn({ err: error }, 'a calendar cannot be read');
      return { fault: `calendar ${calendar.file}: ${known ? error.message : 'cannot be read'}` };
    }
  }

  /** New times count from now on: slots that they would have had before were never theirs. */
  async #beginAnew(
    tx: Tx,
    before: ScheduleRow,
    settings: ReportSettings,
    now: number,
  ): Promise<void> {
    const old = JSON.parse(before.settings) as Partial<ReportSettings>;
    const same = timingNames.every((name) => isDeepStrictEqual(old[name], settings[name]));
    if (same || Number(before.decided_to) >= now) return;
    await this.#options.store.decided(tx, before.name, now);
  }

  #changeable(name: string): void {
    if (this.require(name).source !== 'config') return;
    throw new AppError('conflict', {
      zh: `报表 ${name} 来自配置文件，请在那里修改`,
      en: `report ${name} is of the config file: change it there`,
    });
  }
}

function changedFields(before: ReportSettings, after: ReportSettings): Set<string> {
  const names = Object.keys({ ...before, ...after }) as (keyof ReportSettings)[];
  return new Set(names.filter((name) => !isDeepStrictEqual(before[name], after[name])));
}

function rowOf(
  settings: ReportSettings,
  source: 'config' | 'admin',
  now: number,
): Pick<ScheduleRow, 'name' | 'source' | 'settings' | 'decided_to' | 'created_at'> {
  const { name } = settings;
  return { name, source, settings: JSON.stringify(settings), decided_to: now, created_at: now };
}
