import { isDatabaseError } from './database.ts';

/**
 * full: no space; read-only; damaged: what is there cannot be read; gone: its file was removed or
 * replaced while in use; io: anything else of the disk.
 */
export type DatabaseFault = 'full' | 'read-only' | 'damaged' | 'gone' | 'io';

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
    // All else follows from it.
    if (this.#fault !== 'gone') this.#set(fault);
  }

  /**
   * Rows reached the disk. What is damaged stays damaged, though other pages can be written; what is
   * gone is written where nobody finds it.
   */
  wrote(): void {
    if (this.#fault !== 'damaged' && this.#fault !== 'gone') this.#set(undefined);
  }

  /** Whether the file in use is the one that the next start would open. */
  present(there: boolean): void {
    if (!there) this.#set('gone');
    else if (this.#fault === 'gone') this.#set(undefined);
  }

  #set(fault: DatabaseFault | undefined): void {
    if (fault === this.#fault) return;
    this.#fault = fault;
    this.#since = fault === undefined ? undefined : (this.#since ?? Date.now());
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
