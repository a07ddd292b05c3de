import { isDatabaseError } from './database.ts';

/** full: no space; read-only; damaged: what is there cannot be read; io: anything else of the disk. */
export type DatabaseFault = 'full' | 'read-only' | 'damaged' | 'io';

/** What the last writes and reads said of the database. Costs the hot path nothing while all is well. */
export class DatabaseHealth {
  #fault: DatabaseFault | undefined;
  #since: number | undefined;
  #failures = 0;
  readonly #listeners = new Set<() => void>();

  /** Undefined: the last write reached the disk. */
  get fault(): DatabaseFault | undefined {
    return this.#fault;
  }

  /** Since when, epoch ms of the wall clock. */
  get since(): number | undefined {
    return this.#since;
  }

  /** Writes and reads that failed since start. */
  get failures(): number {
    return this.#failures;
  }

  /** Told when a fault comes or goes. @returns a function that stops it */
  on(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something failed; what is not the database's fault does not count. */
  failed(error: unknown): void {
    const fault = faultOf(error);
    if (fault === undefined) return;
    this.#failures += 1;
    if (fault === this.#fault) return;
    this.#fault = fault;
    this.#since ??= Date.now();
    this.#tell();
  }

  /** Rows reached the disk. What is damaged stays damaged, though other pages can be written. */
  wrote(): void {
    if (this.#fault === undefined || this.#fault === 'damaged') return;
    this.#fault = undefined;
    this.#since = undefined;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function faultOf(error: unknown): DatabaseFault | undefined {
  if (!isDatabaseError(error)) return undefined;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_FULL') return 'full';
  if (code.startsWith('SQLITE_READONLY')) return 'read-only';
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return 'damaged';
  // A constraint is the caller's business; what is busy comes round again.
  if (/^SQLITE_(CONSTRAINT|BUSY|LOCKED|ERROR|MISMATCH|RANGE|TOOBIG|MISUSE)/.test(code)) {
    return undefined;
  }
  return 'io';
}
