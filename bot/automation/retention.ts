import { setImmediate as turn } from 'node:timers/promises';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../config/logger.ts';
import { AdminTokenStore } from '../../store/admin-tokens.ts';
import { AuditStore } from '../../store/audit.ts';
import type { Database, Tx } from '../../store/database.ts';
import { EventStore } from '../../store/events.ts';
import { type CommandKey, RetentionStore } from '../../store/retention.ts';
import type { Clock } from '../clock.ts';
import type { Files } from '../files.ts';
import { Rounds } from '../rounds.ts';

export type RetentionOptions = Pick<Config['retention'], 'sendsDays' | 'eventsDays'> & {
  /** Pictures that messages name live as long as these. */
  messagesDays?: number;
  auditDays?: number;
  db: Database;
  clock: Clock;
  logger: Logger;
  /** Absent: no files are kept. */
  files?: Pick<Files, 'sweep'>;
};

/** How many rows of each kind went. */
export interface Forgotten {
  sends: number;
  commands: number;
  events: number;
  waits: number;
  files: number;
  audit: number;
}

const dayMs = 86_400_000;
/** Longer than any send waits: its picture is there when its turn comes. */
const filesDays = 31;
/** Rows of one transaction: a few milliseconds. */
const batch = 200;
/** Commands looked through in one step, and steps of one round. */
const commandWindow = 50_000;
const commandSteps = 20;
const first: CommandKey = { chid: '', txcode: '', day: '' };

/**
 * Forgets hourly what is older than the config wants: finished sends with their steps and answers,
 * events with their tries, and what ended by itself. Off the hot path: small transactions, with a
 * turn of the event loop between them.
 */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #store: RetentionStore;
  readonly #events: EventStore;
  readonly #tokens: AdminTokenStore;
  readonly #audit: AuditStore;
  readonly #rounds: Rounds;
  /** How far the last round got in `commands`. */
  #commandsAt = first;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#store = new RetentionStore(options.db);
    this.#events = new EventStore(options.db);
    this.#tokens = new AdminTokenStore(options.db);
    this.#audit = new AuditStore(options.db);
    const { clock, logger } = options;
    this.#rounds = new Rounds({
      clock,
      logger,
      failed: 'old rows stay',
      run: async () => logger.info(await this.run(), 'old rows forgotten'),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** One round. */
  async run(): Promise<Forgotten> {
    const now = this.#options.clock.now();
    const sendsBefore = now - this.#options.sendsDays * dayMs;
    const eventsBefore = now - this.#options.eventsDays * dayMs;
    const sends = await this.#drain(
      () => this.#store.oldSends(sendsBefore, batch),
      (tx, row) => this.#store.forgetSend(tx, row.msgid),
    );
    const waits = await this.#drain(
      () => this.#store.oldWaits(sendsBefore, batch),
      (tx, row) => this.#store.forgetWait(tx, row.id),
    );
    const commands = await this.#forgetCommands(sendsBefore);
    const events = await this.#forgetEvents(eventsBefore);
    await this.#options.db.transaction(async (tx) => {
      await this.#store.forgetQrCodes(tx, now - dayMs);
      await this.#store.forgetBuckets(tx, now - 2 * dayMs);
      await this.#tokens.removeEnded(tx, now);
    });
    const { sendsDays, messagesDays = 0, auditDays = 365 } = this.#options;
    const audit = await this.#drain(
      () => this.#audit.old(now - auditDays * dayMs, batch),
      (tx, row) => this.#audit.forget(tx, row.id),
    );
    const filesBefore = now - Math.max(filesDays, sendsDays, messagesDays) * dayMs;
    const files = (await this.#options.files?.sweep(filesBefore)) ?? 0;
    return { sends, commands, events, waits, files, audit };
  }

  async #forgetCommands(before: number): Promise<number> {
    let count = 0;
    for (let step = 0; step < commandSteps && !this.#rounds.stopped; step += 1) {
      const after = this.#commandsAt;
      const upTo = await this.#store.commandsEnd(after, commandWindow);
      const keys = await this.#store.oldCommands(before, after, upTo);
      count += await this.#forgetEach(keys, (tx, key) => this.#store.forgetCommand(tx, key));
      this.#commandsAt = upTo ?? first;
      if (upTo === undefined) break;
    }
    return count;
  }

  async #forgetEvents(before: number): Promise<number> {
    let count = 0;
    while (!this.#rounds.stopped) {
      const gone = await this.#events.prune(before, batch);
      count += gone;
      if (gone < batch) break;
      await turn();
    }
    return count;
  }

  /** Finds and deletes until nothing is found. */
  async #drain<T>(
    find: () => Promise<T[]>,
    forget: (tx: Tx, row: T) => Promise<void>,
  ): Promise<number> {
    let count = 0;
    while (!this.#rounds.stopped) {
      const rows = await find();
      count += await this.#forgetEach(rows, forget);
      if (rows.length < batch) break;
    }
    return count;
  }

  async #forgetEach<T>(
    rows: readonly T[],
    forget: (tx: Tx, row: T) => Promise<void>,
  ): Promise<number> {
    let count = 0;
    for (let at = 0; at < rows.length && !this.#rounds.stopped; at += batch) {
      const some = rows.slice(at, at + batch);
      await this.#options.db.transaction(async (tx) => {
        for (const row of some) await forget(tx, row);
      });
      count += some.length;
      await turn();
    }
    return count;
  }
}
