import type { CommandRow, CommandStore } from '../../store/commands.ts';
import type { Tx } from '../../store/database.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Accepted, NewSend } from './sends/send-types.ts';

export type { Accepted } from './sends/send-types.ts';

/** What makes two requests the same: number, day, and what they ask for. */
export interface CommandKey {
  chid: string;
  txcode: string;
  /** Days as `yyyymmdd`. */
  day: string;
  /** Undefined while midnight is too far away for that day to matter (`midnightSpanMs`). */
  dayBefore: string | undefined;
  dayAfter: string | undefined;
  /** Of command, bot and body; not of the time and signature of the request. */
  digest: string;
}

/** What commands need of the sends. `P` is what preparing found out and accepting needs. */
export interface SendDesk<P> {
  /** Checks and looks up, before any transaction. At once where nothing has to be waited for. */
  prepare(send: NewSend): P | Promise<P>;
  /** Numbers it, inside the transaction of its command; what its answer says is known by now. */
  number(prepared: P): Accepted;
  /** Takes the number back: nothing was accepted under it. In the same transaction. */
  unnumber(accepted: Accepted): void;
  /** Queues it, in the transaction of its command. */
  accept(tx: Tx, prepared: P, accepted: Accepted): Promise<Accepted>;
}

export interface CommandsOptions<P> {
  store: CommandStore;
  sends: SendDesk<P>;
  clock: Clock;
}

/** Between a command and its retry on the other side of midnight. */
export const midnightSpanMs = 6 * 3_600_000;

/**
 * Does each command once: the key (channel, day, txcode) is stored with the answer, and a request
 * that comes again gets that answer, byte for byte. The same number with other content is refused
 * (AppError duplicate_request).
 *
 * Just after midnight the retry of a client that signs it anew bears a new day; so the neighbouring
 * days count too, where the content is the same and no more than six hours lie between: a client
 * whose numbers begin anew each day may well say the same thing every morning.
 */
export class Commands<P> {
  readonly #store: CommandStore;
  readonly #sends: SendDesk<P>;
  readonly #clock: Clock;
  /** Actions under way, by channel and number. */
  readonly #underway = new Map<string, Promise<string>>();

  constructor(options: CommandsOptions<P>) {
    this.#store = options.store;
    this.#sends = options.sends;
    this.#clock = options.clock;
  }

  /**
   * Queues a send: command, queue row and answer in one transaction; resolves when it is on disk.
   * @param spell makes the answer, stored and given again
   * @throws AppError
   */
  async send(
    key: CommandKey,
    send: NewSend,
    spell: (accepted: Accepted) => string,
  ): Promise<string> {
    let prepared: P;
    try {
      const result = this.#sends.prepare(send);
      if (isPromise(result)) {
        // While preparing waits for others, a known answer need not.
        result.catch(() => {});
        const known = await this.#known(key);
        if (known !== undefined) return known;
        prepared = await result;
      } else prepared = result;
    } catch (error) {
      // A send that was accepted is not refused because the world changed since.
      const known = await this.#known(key);
      if (known !== undefined) return known;
      throw error;
    }
    const nearMidnight = key.dayBefore !== undefined || key.dayAfter !== undefined;
    const outcome = await this.#store.db.transaction(
      async (tx) => {
        if (nearMidnight) {
          const known = await this.#match(tx, key);
          if (known !== undefined) return known;
        }
        const accepted = this.#sends.number(prepared);
        const answer = spell(accepted);
        // Most txcodes are new: writing the row tells that, too.
        if (!(await this.#add(tx, key, answer, accepted.msgid))) {
          this.#sends.unnumber(accepted);
          return this.#match(tx, key);
        }
        await this.#sends.accept(tx, prepared, accepted);
        return answer;
      },
      // Throws only when the disk does: the whole group fails then.
      { unguarded: true },
    );
    if (outcome === undefined) throw new Error('a command row came and went');
    if (outcome === conflict) throw notUnique(key);
    return outcome;
  }

  /**
   * Does an action that may be done again without harm, then stores its answer; a crash between
   * the two lets the client's retry do it again.
   * @throws AppError
   */
  async once(key: CommandKey, act: () => Promise<string>): Promise<string> {
    const slot = `${key.chid}\n${key.txcode}`;
    let other = this.#underway.get(slot);
    while (other !== undefined) {
      await other.catch(() => {});
      other = this.#underway.get(slot);
    }
    const work = this.#once(key, act);
    this.#underway.set(slot, work);
    try {
      return await work;
    } finally {
      if (this.#underway.get(slot) === work) this.#underway.delete(slot);
    }
  }

  async #once(key: CommandKey, act: () => Promise<string>): Promise<string> {
    const known = await this.#known(key);
    if (known !== undefined) return known;
    const answer = await act();
    const outcome = await this.#store.db.transaction(async (tx) => {
      const other = await this.#match(tx, key);
      if (other === undefined) await this.#add(tx, key, answer, null);
      return other;
    });
    if (outcome === conflict) throw notUnique(key);
    return outcome ?? answer;
  }

  async #match(tx: Tx, key: CommandKey): Promise<string | typeof conflict | undefined> {
    const rows = await this.#store.find(tx, key.chid, key.txcode);
    return match(key, rows, this.#clock.now());
  }

  #add(tx: Tx, key: CommandKey, answer: string, msgid: number | null): Promise<boolean> {
    const { chid, txcode, day, digest } = key;
    return this.#store.add(tx, { chid, txcode, day, digest, answer, msgid, at: this.#clock.now() });
  }

  /** @throws AppError duplicate_request */
  async #known(key: CommandKey): Promise<string | undefined> {
    const known = match(key, await this.#store.look(key.chid, key.txcode), this.#clock.now());
    if (known === conflict) throw notUnique(key);
    return known;
  }
}

const conflict = Symbol('conflict');

/** The answer of the same request, `conflict` for another request of this number, or neither. */
function match(
  key: CommandKey,
  rows: readonly CommandRow[],
  now: number,
): string | typeof conflict | undefined {
  let found: string | undefined;
  for (const row of rows) {
    if (row.day === key.day) return row.digest === key.digest ? row.answer : conflict;
    if (row.day !== key.dayBefore && row.day !== key.dayAfter) continue;
    if (row.digest === key.digest && now - row.at <= midnightSpanMs) found = row.answer;
  }
  return found;
}

function notUnique(key: CommandKey): AppError {
  return new AppError('duplicate_request', {
    zh: `${key.txcode} 当日已用于另一请求`,
    en: `${key.txcode} was used for another request that day`,
  });
}

function isPromise<P>(value: P | Promise<P>): value is Promise<P> {
  return value instanceof Promise;
}
