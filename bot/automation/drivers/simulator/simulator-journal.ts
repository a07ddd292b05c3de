import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * What the simulated WeChat has seen, one JSON object a line. A line is in the operating system's
 * hands before `append` returns, so it outlives a SIGKILL of this process; it is not synced.
 */
export class Journal {
  readonly #file: string;
  #held: number | undefined;
  #size = 0;
  /** The file ends in the middle of a line. */
  #torn = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** Bytes appended or rewritten so far, the loaded ones included. */
  get size(): number {
    return this.#size;
  }

  /**
   * Every whole record, oldest first; undefined when there is no journal yet. `lines` counts the
   * broken ones too: a torn last line is what a kill leaves behind.
   */
  load(): { records: unknown[]; lines: number } | undefined {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
    this.#size = Buffer.byteLength(text);
    this.#torn = text !== '' && !text.endsWith('\n');
    const records: unknown[] = [];
    let lines = 0;
    for (const line of text.split('\n')) {
      if (line === '') continue;
      lines += 1;
      try {
        records.push(JSON.parse(line));
      } catch {
        // Not whole: it was never acknowledged to anybody.
      }
    }
    return { records, lines };
  }

  /** @throws when the disk refuses; the record is not written then */
  append(record: unknown): void {
    const bytes = Buffer.from(`${this.#torn ? '\n' : ''}${JSON.stringify(record)}\n`);
    const fd = this.#held ?? this.#open();
    try {
      this.#torn = true;
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      this.#torn = false;
      this.#size += bytes.length;
    } finally {
      if (fd !== this.#held) closeSync(fd);
    }
  }

  /** Replaces everything by these records, at one stroke. */
  rewrite(records: Iterable<unknown>): void {
    let text = '';
    for (const record of records) text += `${JSON.stringify(record)}\n`;
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    const held = this.#held !== undefined;
    this.release();
    writeFileSync(`${this.#file}.tmp`, text, { mode: 0o600 });
    renameSync(`${this.#file}.tmp`, this.#file);
    this.#size = Buffer.byteLength(text);
    this.#torn = false;
    if (held) this.hold();
  }

  /** Keeps the file open: for the time in which much is written. Idempotent. */
  hold(): void {
    this.#held ??= this.#open();
  }

  release(): void {
    if (this.#held !== undefined) closeSync(this.#held);
    this.#held = undefined;
  }

  #open(): number {
    return openSync(this.#file, 'a', 0o600);
  }
}
