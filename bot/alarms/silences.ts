import type { AlarmKind } from '../../config/alarm-schema.ts';
import type { AlarmStore, SilenceRow } from '../../store/alarms.ts';
import type { Clock } from '../clock.ts';
import { newId } from './words.ts';

/** For some time nobody is told of alarms of a kind, of a subject, of both, or of any. */
export interface Silence {
  id: string;
  kind: AlarmKind | undefined;
  subject: string | undefined;
  until: number;
  note: string;
  createdAt: number;
  createdBy: string;
}

/** Alarms go on being raised and shown meanwhile; what lasts beyond the silence is told then. */
export class Silences {
  readonly #store: AlarmStore;
  readonly #clock: Clock;
  #all: Silence[] = [];

  constructor(store: AlarmStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    this.#all = (await this.#store.silences()).map(fromRow);
  }

  /** Those that have not ended. */
  list(): Silence[] {
    const now = this.#clock.now();
    this.#all = this.#all.filter((one) => one.until > now);
    return [...this.#all];
  }

  covers(alarm: { kind: string; subject: string }, now: number): boolean {
    return this.#all.some(
      ({ kind, subject, until }) =>
        until > now &&
        (kind === undefined || kind === alarm.kind) &&
        (subject === undefined || subject === alarm.subject),
    );
  }

  async add(given: Omit<Silence, 'id' | 'createdAt'>): Promise<Silence> {
    const now = this.#clock.now();
    const silence: Silence = { ...given, id: newId(now), createdAt: now };
    const row: SilenceRow = {
      id: silence.id,
      kind: silence.kind ?? null,
      subject: silence.subject ?? null,
      until: silence.until,
      note: silence.note,
      created_at: now,
      created_by: silence.createdBy,
    };
    await this.#store.db.transaction((tx) => this.#store.addSilence(tx, row));
    this.#all.push(silence);
    return silence;
  }

  /** @returns whether there was one */
  async remove(id: string): Promise<boolean> {
    const found = await this.#store.db.transaction((tx) => this.#store.removeSilence(tx, id));
    this.#all = this.#all.filter((one) => one.id !== id);
    return found;
  }
}

function fromRow(row: SilenceRow): Silence {
  return {
    id: row.id,
    // Of our own writing.
    kind: (row.kind ?? undefined) as AlarmKind | undefined,
    subject: row.subject ?? undefined,
    until: Number(row.until),
    note: row.note,
    createdAt: Number(row.created_at),
    createdBy: row.created_by,
  };
}
