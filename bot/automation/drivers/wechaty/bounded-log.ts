import { appendFileSync, renameSync, statSync } from 'node:fs';
import type { Redact } from './redact.ts';

const mostBytes = 256 * 1024;
const longestLine = 2000;

/** A log file that never takes more than twice its limit: the fuller half becomes `<file>.1`. */
export class BoundedLog {
  readonly #file: string;
  readonly #redact: Redact;
  #size: number;

  constructor(file: string, redact: Redact) {
    this.#file = file;
    this.#redact = redact;
    this.#size = sizeOf(file);
  }

  write(level: string, text: string): void {
    const clean = this.#redact(text).slice(0, longestLine).trimEnd();
    const line = `${new Date().toISOString()} ${level} ${clean}\n`;
    try {
      if (this.#size > mostBytes) {
        renameSync(this.#file, `${this.#file}.1`);
        this.#size = 0;
      }
      appendFileSync(this.#file, line, { mode: 0o600 });
      this.#size += Buffer.byteLength(line);
    } catch {
      // A full disk must not end a puppet.
    }
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
