/** Upper bounds in seconds. */
export const commandBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] as const;

export interface CommandCount {
  command: string;
  rtCode: string;
  count: number;
}

/** Every answer begins so: rtCode stands at a fixed place. */
const prefix = '{"resHead":{},"resBody":{"rtCode":"';

/**
 * Counts commands by name and answer, and how long they took. It stands in the hot path, so it is
 * a few additions and no more.
 */
export class CommandMeter {
  /** Commands whose smallest fitting bound stands at the same place. */
  readonly #buckets: number[] = commandBuckets.map(() => 0);
  #count = 0;
  #seconds = 0;
  readonly #names: ReadonlyMap<string, { name: string }>;
  readonly #counts = new Map<string, Map<string, number>>();

  /** @param names by name and alias: whatever else is asked for counts as `unknown` */
  constructor(names: ReadonlyMap<string, { name: string }>) {
    this.#names = names;
  }

  /** @param seconds how long it took */
  note(name: string, answer: string, seconds: number): void {
    this.#took(seconds);
    const rtCode = answer.slice(prefix.length, answer.indexOf('"', prefix.length));
    this.#add(this.#names.get(name)?.name ?? 'unknown', rtCode);
  }

  counts(): CommandCount[] {
    return [...this.#counts].flatMap(([command, codes]) =>
      [...codes].map(([rtCode, count]) => ({ command, rtCode, count })),
    );
  }

  /** How long they took. */
  read(): { buckets: readonly number[]; count: number; seconds: number } {
    return { buckets: this.#buckets, count: this.#count, seconds: this.#seconds };
  }

  #add(command: string, rtCode: string): void {
    let codes = this.#counts.get(command);
    if (codes === undefined) {
      codes = new Map();
      this.#counts.set(command, codes);
    }
    codes.set(rtCode, (codes.get(rtCode) ?? 0) + 1);
  }

  #took(seconds: number): void {
    this.#count += 1;
    this.#seconds += seconds;
    let place = 0;
    for (const bound of commandBuckets) {
      if (seconds <= bound) {
        this.#buckets[place] = (this.#buckets[place] ?? 0) + 1;
        return;
      }
      place += 1;
    }
  }
}
