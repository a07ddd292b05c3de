import type { Database } from '../../store/database.ts';

/** `before`: a transaction has done its work; `durable`: it is on disk, and nobody was told. */
export type TrapStep = 'before' | 'durable';

/** A database as it is, but for its transactions. */
export function withTransaction(db: Database, transaction: Database['transaction']): Database {
  return {
    transaction,
    insert: db.insert.bind(db),
    read: db.read.bind(db),
    readLong: db.readLong.bind(db),
    backup: db.backup.bind(db),
    close: db.close.bind(db),
  };
}

/** Ends this process like a power cut when transactions pass a step for the n-th time. */
export class Trap {
  readonly #step: string | undefined;
  #left = Number.POSITIVE_INFINITY;

  constructor(step: string | undefined) {
    this.#step = step;
  }

  /** From now on. */
  arm(count: number): void {
    this.#left = count;
  }

  readonly around = (db: Database): Database =>
    withTransaction(db, (work, options) =>
      db.transaction(async (tx) => {
        tx.onDurable(() => this.#pass('durable'));
        const result = await work(tx);
        this.#pass('before');
        return result;
      }, options),
    );

  #pass(step: TrapStep): void {
    if (step !== this.#step) return;
    this.#left -= 1;
    if (this.#left <= 0) process.kill(process.pid, 'SIGKILL');
  }
}
