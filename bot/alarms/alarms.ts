import type { AlarmSettings } from '../../config/alarm-schema.ts';
import type { Logger } from '../../config/logger.ts';
import type { AlarmMessageStore } from '../../store/alarm-messages.ts';
import type { AlarmFilter, AlarmStore } from '../../store/alarms.ts';
import type { Clock, Timer } from '../clock.ts';
import { AppError } from '../errors.ts';
import { type Told, toldOf, viewLane } from './alarm-views.ts';
import { Courier } from './courier.ts';
import { begin, type Episode, fromRow, step, toRow } from './episode.ts';
import { inTime } from './in-time.ts';
import { Keeper } from './keeper.ts';
import type { Lane, LaneView } from './lanes/lane.ts';
import { type Message, messageOf } from './message.ts';
import { Silences } from './silences.ts';
import { type AlarmSource, onceKey, type Trouble } from './trouble.ts';
import { Watch } from './watch.ts';
import { newId, type WordOptions } from './words.ts';

export interface AlarmsOptions {
  store: AlarmStore;
  messages: AlarmMessageStore;
  settings: AlarmSettings;
  /** Makes the lanes that the settings name. */
  makeLanes: (settings: AlarmSettings['lanes']) => Lane[];
  clock: Clock;
  logger: Logger;
  timezone: string;
  /** Where this daemon is reached. */
  publicUrl: () => string;
  graceMs?: number;
}

const minute = 60_000;
const day = 24 * 60 * minute;
/** Between two looks. */
const lookMs = 5000;
/** After a change: several come together. */
const wakeMs = 200;
const saveMs = 5000;

/**
 * Watches what is wrong, and tells people: once when it has lasted long enough, once when it is over.
 * What is known lies in the database, so that a restart neither repeats nor loses anything; while that
 * cannot be written, memory has to do.
 */
export class Alarms {
  readonly silences: Silences;
  readonly courier: Courier;
  readonly #options: AlarmsOptions;
  readonly #watch: Watch;
  readonly #listeners = new Set<(id: string) => void>();
  readonly #open = new Map<string, Episode>();
  readonly #keeper: Keeper;
  #settings: AlarmSettings;
  #lanes: Lane[] = [];
  #timer: Timer | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #running = false;

  constructor(options: AlarmsOptions) {
    this.#options = options;
    this.#settings = options.settings;
    const { store, clock, logger } = options;
    this.#keeper = new Keeper({ store, messages: options.messages, logger });
    this.silences = new Silences(store, clock);
    this.#watch = new Watch(logger, () => this.#plan(wakeMs));
    this.courier = new Courier({
      store: options.messages,
      clock,
      logger,
      lanes: () => this.#lanes,
      maxPerHour: () => this.#settings.maxPerHour,
      url: () => `${options.publicUrl()}/#/alarms`,
      ...(options.graceMs !== undefined && { graceMs: options.graceMs }),
    });
  }

  get settings(): AlarmSettings {
    return this.#settings;
  }

  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  /** What is wrong now and somebody was told of, or will be. */
  open(): Episode[] {
    return [...this.#open.values()].filter((one) => one.state === 'raised');
  }

  addSource(source: AlarmSource): void {
    this.#watch.add(source);
    if (this.#running) this.#plan(wakeMs);
  }

  /** Told of each alarm that was raised, changed or is over. @returns a function that stops it */
  on(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#lanes = this.#options.makeLanes(this.#settings.lanes);
    for (const row of await this.#options.store.open()) {
      // Of a kind that this version does not know, perhaps: it will be over.
      const one = fromRow(row);
      this.#open.set(one.key, one);
    }
    await this.silences.start();
    await this.courier.start();
    this.#watch.start();
    this.#plan(wakeMs);
  }

  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#timer?.cancel();
    this.#watch.stop();
    await this.#looking;
    await this.courier.stop();
    for (const lane of this.#lanes) lane.close();
  }

  applyConfig(settings: AlarmSettings): void {
    this.#settings = settings;
    if (!this.#running) return;
    for (const lane of this.#lanes) lane.close();
    this.#lanes = this.#options.makeLanes(settings.lanes);
    this.#plan(wakeMs);
    this.courier.wake();
  }

  list(filter: AlarmFilter): Promise<Episode[]> {
    return this.#options.store.list(filter).then((rows) => rows.map(fromRow));
  }

  /** @throws AppError not_found */
  async get(id: string): Promise<Episode> {
    const row = await this.#options.store.get(id);
    if (row === undefined || row.raised_at === null) throw noSuchAlarm(id);
    return fromRow(row);
  }

  /** Somebody takes care of it: changes for the worse are not told any more. @throws AppError */
  async acknowledge(id: string, by: string, note: string | undefined): Promise<Episode> {
    await this.#looking;
    const before = [...this.#open.values()].find((one) => one.id === id) ?? (await this.get(id));
    const after = { ...before, ackedAt: this.#options.clock.now(), ackedBy: by, note };
    const { store } = this.#options;
    await store.db.transaction((tx) => store.put(tx, toRow(after)));
    if (this.#open.has(after.key) && after.state !== 'over') this.#open.set(after.key, after);
    this.#tellListeners(id);
    return after;
  }

  /** What people were told of an alarm, with every try. */
  told(id: string): Promise<Told[]> {
    return toldOf(this.#options.messages, id);
  }

  /** The lanes and how they do, without secrets. */
  laneViews(): Promise<LaneView[]> {
    const { messages, clock } = this.#options;
    const used = (lane: string): number => this.courier.budget.used(lane, clock.now());
    return Promise.all(this.#lanes.map((lane) => viewLane(messages, lane.settings, used)));
  }

  /** Sends a trial over one lane. @throws AppError not_found */
  tryLane(name: string, by: string): Promise<{ error: string | undefined; tookMs: number }> {
    const lane = this.#lanes.find((one) => one.settings.name === name);
    if (lane === undefined) {
      throw new AppError('not_found', { zh: `没有通道 ${name}`, en: `there is no lane ${name}` });
    }
    const text = {
      zh: `【测试】告警通道 ${name} 可用（${by}）`,
      en: `[TEST] the alarm lane ${name} works (${by})`,
    };
    return this.courier.tryOut(lane, { what: 'test', text });
  }

  /** Looks now, whatever the time. */
  look(): Promise<void> {
    this.#again = this.#looking !== undefined;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      const ms = this.#again ? wakeMs : lookMs;
      this.#again = false;
      this.#plan(ms);
    });
    return this.#looking;
  }

  #plan(ms: number): void {
    if (!this.#running) return;
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(ms, () => void this.look());
  }

  async #look(): Promise<void> {
    const { clock, logger } = this.#options;
    try {
      const troubles = await this.#watch.look(clock.now());
      const now = clock.now();
      const messages: Message[] = [];
      for (const key of new Set([...this.#open.keys(), ...troubles.keys()])) {
        const told = await this.#lookAt(key, troubles.get(key), now);
        if (told !== undefined) messages.push(told);
      }
      await this.#keeper.save(messages);
      if (messages.length > 0) this.courier.add(messages);
      await this.#keeper.forget(now, now - this.#settings.keepDays * day);
    } catch (error) {
      logger.error({ err: error }, 'alarms could not be looked at');
    }
  }

  /** @returns what is to be told of it */
  async #lookAt(
    key: string,
    trouble: Trouble | undefined,
    now: number,
  ): Promise<Message | undefined> {
    const before = this.#open.get(key);
    if (before === undefined && (trouble === undefined || trouble.unsure === true))
      return undefined;
    const current = before ?? begin(newId(now), trouble as Trouble, now);
    const { episode, changed, dropped } = step(current, trouble, now, await this.#rules(key, now));
    if (dropped === true) {
      this.#open.delete(key);
      this.#keeper.note(episode.id, undefined);
      return undefined;
    }
    const what = this.#toTell(episode, now);
    const after = what === undefined ? episode : { ...episode, toldStage: episode.stage };
    if (after.state === 'over') this.#open.delete(key);
    else this.#open.set(key, after);
    if (changed || before === undefined || what !== undefined) this.#keeper.note(after.id, after);
    if (after.state !== current.state || what !== undefined) {
      const { kind, subject, state } = after;
      if (state !== 'pending') {
        this.#options.logger.warn({ alarm: after.id, kind, subject, state }, after.text.en);
        this.#tellListeners(after.id);
      }
    }
    return what === undefined ? undefined : messageOf(what, after, now, this.#words);
  }

  #toTell(one: Episode, now: number): 'raised' | 'changed' | 'over' | undefined {
    if (this.#lanes.length === 0 || this.silences.covers(one, now)) return undefined;
    if (one.state === 'over') {
      return one.toldStage > 0 && !one.key.startsWith(onceKey) ? 'over' : undefined;
    }
    if (one.state !== 'raised' || one.calmSince !== undefined) return undefined;
    if (one.toldStage === 0) return 'raised';
    return one.stage > one.toldStage && one.ackedAt === undefined ? 'changed' : undefined;
  }

  get #words(): WordOptions {
    const { quietMinutes } = this.#settings.flapping;
    return { timezone: this.#options.timezone, quietMs: quietMinutes * minute };
  }

  async #rules(key: string, now: number) {
    const { clearSeconds, flapping } = this.#settings;
    const pending = this.#open.get(key)?.state !== 'raised';
    const window = flapping.withinMinutes * minute;
    const { store } = this.#options;
    // What cannot be read just now is told as if it were new.
    const raisedBefore = pending
      ? await inTime(store.timesRaised(key, now - window), saveMs).catch(() => 0)
      : 0;
    return {
      clearMs: clearSeconds * 1000,
      quietMs: flapping.quietMinutes * minute,
      flapTimes: flapping.times,
      raisedBefore,
    };
  }

  #tellListeners(id: string): void {
    for (const listener of this.#listeners) listener(id);
  }
}

function noSuchAlarm(id: string): AppError {
  return new AppError('not_found', { zh: `没有告警 ${id}`, en: `there is no alarm ${id}` });
}
