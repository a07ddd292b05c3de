import type { Logger } from '../../config/logger.ts';
import type { AlarmMessageStore, AlarmTryRow } from '../../store/alarm-messages.ts';
import type { Clock, Timer } from '../clock.ts';
import { Budget } from './budget.ts';
import { inTime } from './in-time.ts';
import type { Lane, Letter, LetterLine } from './lanes/lane.ts';
import { type Message, messageFrom, messageRow } from './message.ts';
import { newId } from './words.ts';

export interface CourierOptions {
  store: AlarmMessageStore;
  clock: Clock;
  logger: Logger;
  /** In the order in which they are tried. */
  lanes: () => readonly Lane[];
  maxPerHour: () => number;
  /** Where to look, for the end of each letter. */
  url: () => string;
  /** How long a stop lets a lane end, in real time. */
  graceMs?: number;
}

/** Messages that go out at once. */
interface Batch {
  id: string;
  messages: Message[];
  /** It was handed to this lane before a restart: that one is asked first. */
  lane?: string | undefined;
}

const second = 1000;
/** Pauses after all lanes have failed; the last one repeats. */
const pauses = [15, 30, 60, 120, 300, 600, 900].map((seconds) => seconds * second);
/** What nobody could be told of for so long is news no more. */
const giveUpMs = 24 * 3_600_000;
const mostLines = 20;
/** A disk that hangs must not keep people from being told of it. */
const saveMs = 5000;

/**
 * Tells people, over the first lane that takes it. What was handed to a lane is written down before,
 * so that after a restart the same letter goes out under the same id. While the database cannot be
 * written it goes on from memory, over lanes that need none.
 */
export class Courier {
  readonly budget = new Budget();
  readonly #options: CourierOptions;
  readonly #stopping = new AbortController();
  #due: Message[] = [];
  /** Handed to a lane by a former life. */
  #resumed: Batch[] = [];
  /** Settled while the database could not be written. */
  #unsaved: Message[] = [];
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  /** Nobody could be told over any lane, since then. */
  #failingSince: number | undefined;

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** Since when no lane has taken anything, though there was something to tell. */
  get failingSince(): number | undefined {
    return this.#failingSince;
  }

  get waiting(): number {
    return this.#due.length;
  }

  /** Takes up what a former life left. */
  async start(): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    for (const { lane, at } of await store.told(now - 3_600_000)) this.budget.note(lane, at);
    const batches = new Map<string, Batch>();
    for (const message of (await store.open()).map(messageFrom)) {
      if (message.state === 'due' || message.batch === undefined) {
        this.#due.push({ ...message, state: 'due' });
        continue;
      }
      const batch = batches.get(message.batch) ?? { id: message.batch, messages: [] };
      batch.messages.push(message);
      batch.lane = message.lane;
      batches.set(batch.id, batch);
    }
    this.#resumed = [...batches.values()];
    this.wake();
  }

  /** What is with a lane may end for a while; the rest waits for the next start. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    const timer = setTimeout(() => this.#stopping.abort(), this.#options.graceMs ?? 3000);
    const running = this.#running;
    this.#due = [];
    this.#resumed = [];
    await running;
    this.#stopping.abort();
    clearTimeout(timer);
  }

  add(messages: readonly Message[]): void {
    this.#due.push(...messages);
    this.wake();
  }

  wake(): void {
    if (this.#stopping.signal.aborted) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      this.#plan();
    });
  }

  /** Tells something over one lane, for a trial. */
  async tryOut(
    lane: Lane,
    line: LetterLine,
  ): Promise<{ error: string | undefined; tookMs: number }> {
    const { clock, url } = this.#options;
    const now = clock.now();
    const letter: Letter = { id: newId(now), at: now, lines: [line], url: url() };
    const tried = await this.#tell(lane, letter);
    await this.#save([], tried);
    return { error: tried.error ?? undefined, tookMs: tried.took_ms };
  }

  async #run(): Promise<void> {
    for (let batch = this.#next(); batch !== undefined; batch = this.#next()) {
      await this.#deliver(batch);
    }
  }

  #next(): Batch | undefined {
    const resumed = this.#resumed.shift();
    if (resumed !== undefined) return resumed;
    const now = this.#options.clock.now();
    const first = this.#due.filter((one) => one.runAt <= now).slice(0, mostLines);
    if (first.length === 0) return undefined;
    // An end must not overtake its beginning, which may be waiting to be tried again.
    const alarms = new Set(first.map((one) => one.alarm));
    const ready = this.#due.filter((one) => first.includes(one) || alarms.has(one.alarm));
    this.#due = this.#due.filter((one) => !ready.includes(one));
    return { id: idOf(ready) ?? newId(now), messages: ready };
  }

  #plan(): void {
    this.#timer?.cancel();
    if (this.#stopping.signal.aborted || this.#due.length === 0) return;
    const { clock } = this.#options;
    const at = Math.min(...this.#due.map((one) => one.runAt));
    this.#timer = clock.after(Math.max(at - clock.now(), 50), () => this.wake());
  }

  async #deliver(batch: Batch): Promise<void> {
    const { clock, lanes, maxPerHour, logger } = this.#options;
    const told = outlived(batch.messages);
    let freeAt: number | undefined;
    let why = 'there is no lane';
    for (const lane of inOrder(lanes(), batch.lane)) {
      const { name } = lane.settings;
      const now = clock.now();
      const free = this.budget.freeAt(name, maxPerHour(), now);
      if (free > now && batch.lane !== name) {
        freeAt = Math.min(freeAt ?? free, free);
        why = `${name}: ${maxPerHour()} messages within an hour`;
        continue;
      }
      if (lane.needsDatabase && !told.every((one) => one.saved)) continue;
      for (const one of told) Object.assign(one, { state: 'sending', batch: batch.id, lane: name });
      await this.#save(told);
      const tried = await this.#tell(lane, this.#letter(batch.id, told));
      if (this.#stopping.signal.aborted && tried.error !== null) return;
      if (tried.error === null) {
        this.#failingSince = undefined;
        await this.#end(batch.messages, told, tried);
        return;
      }
      why = `${name}: ${tried.error}`;
      logger.warn({ lane: name, why: tried.error }, 'an alarm was not taken');
      await this.#save([], tried);
    }
    await this.#putBack(told, batch.messages, freeAt, why);
  }

  #letter(id: string, messages: readonly Message[]): Letter {
    const at = Math.min(...messages.map((one) => one.createdAt));
    return { id, at, lines: messages.map((one) => one.line), url: this.#options.url() };
  }

  async #tell(lane: Lane, letter: Letter): Promise<AlarmTryRow> {
    const { clock } = this.#options;
    const at = clock.now();
    const began = performance.now();
    const error = await lane.tell(letter, this.#stopping.signal);
    if (error === undefined) this.budget.note(lane.settings.name, at);
    const took_ms = Math.round(performance.now() - began);
    return { lane: lane.settings.name, batch: letter.id, at, took_ms, error: error ?? null };
  }

  async #end(all: readonly Message[], told: readonly Message[], tried: AlarmTryRow): Promise<void> {
    const doneAt = this.#options.clock.now();
    for (const one of all) {
      Object.assign(one, { doneAt, state: told.includes(one) ? 'sent' : 'superseded' });
    }
    await this.#save(all, tried);
  }

  /** Nobody took it: it is tried again, for a day. */
  async #putBack(
    told: readonly Message[],
    all: readonly Message[],
    freeAt: number | undefined,
    why: string,
  ): Promise<void> {
    const { clock, logger } = this.#options;
    const now = clock.now();
    if (freeAt === undefined) this.#failingSince ??= now;
    for (const one of told) {
      one.state = 'due';
      one.attempts += 1;
      one.lastError = why;
      const pause = pauses[Math.min(one.attempts, pauses.length) - 1] ?? 900_000;
      one.runAt = Math.max(now + pause, freeAt === undefined ? 0 : Math.min(freeAt, now + 900_000));
      if (now - one.createdAt <= giveUpMs) continue;
      one.state = 'dead';
      one.doneAt = now;
      logger.error({ alarm: one.alarm, why }, 'nobody could be told of an alarm for a day');
    }
    for (const one of all) if (!told.includes(one)) one.state = 'superseded';
    await this.#save(all);
    this.#due.push(...told.filter((one) => one.state === 'due'));
  }

  /** Never rejects: what cannot be written is written with what comes next. */
  async #save(messages: readonly Message[], tried?: AlarmTryRow): Promise<void> {
    const { store, logger } = this.#options;
    const all = [...new Set([...this.#unsaved, ...messages])];
    try {
      const writing = store.db.transaction(async (tx) => {
        for (const one of all) await store.put(tx, messageRow(one));
        if (tried !== undefined) await store.addTry(tx, tried);
      });
      await inTime(writing, saveMs);
      for (const one of all) one.saved = true;
      this.#unsaved = [];
    } catch (error) {
      this.#unsaved = all;
      logger.error({ err: error }, 'what was told of alarms could not be written');
    }
  }
}

/** The same letter again has the same id: one that was taken without an answer is known by it. */
function idOf(messages: readonly Message[]): string | undefined {
  const former = messages[0]?.batch;
  return messages.every((one) => one.batch === former) ? former : undefined;
}

/** An alarm that is over by now needs no telling that it began: its end tells both. */
function outlived(messages: readonly Message[]): Message[] {
  const over = new Set(messages.filter((one) => one.line.what === 'over').map((one) => one.alarm));
  return messages.filter(
    (one) => one.line.what === 'over' || one.line.what === 'test' || !over.has(one.alarm),
  );
}

function inOrder(lanes: readonly Lane[], first: string | undefined): readonly Lane[] {
  const chosen = lanes.filter((lane) => lane.settings.name === first);
  return [...chosen, ...lanes.filter((lane) => !chosen.includes(lane))];
}
