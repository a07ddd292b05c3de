import { hash } from 'node:crypto';
import { askedOf, type CommandRow, type CommandStore } from '../../store/commands.ts';
import type { Statement, Tx } from '../../store/database.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { type Accepted, type Claim, type NewSend, payloadText } from './sends/send-types.ts';

export type { Accepted } from './sends/send-types.ts';

/** The number of a request. */
export interface CommandKey {
  chid: string;
  txcode: string;
  /** Days as `yyyymmdd`. */
  day: string;
  /** Undefined while midnight is too far away for that day to matter (`midnightSpanMs`). */
  dayBefore: string | undefined;
  dayAfter: string | undefined;
}

/** What commands need of the sends. `P` is what preparing found out and accepting needs. */
export interface SendDesk<P> {
  /** Checks and looks up, before any transaction. At once where nothing has to be waited for. */
  prepare(send: NewSend): P | Promise<P>;
  /**
   * Queues it in a transaction of its own.
   * @returns its answer; undefined: nothing was done, look closer in a transaction
   */
  acceptAlone(
    prepared: P,
    claim: Claim,
    unless: Statement | undefined,
  ): Promise<string | undefined>;
  /** Queues it, in the transaction of its command. */
  accept(tx: Tx, prepared: P, claim: Claim): Promise<Accepted>;
}

export interface CommandsOptions<P> {
  store: CommandStore;
  sends: SendDesk<P>;
  clock: Clock;
  /** Throws while nothing new is taken; what was accepted is answered as ever. */
  assertRoom?: () => void;
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
  readonly #assertRoom: (() => void) | undefined;
  /** Actions under way, by channel and number. */
  readonly #underway = new Map<string, Promise<string>>();

  /** Channels that have used numbers for something else than a message. */
  readonly #others = new Set<string>();

  constructor(options: CommandsOptions<P>) {
    this.#store = options.store;
    this.#sends = options.sends;
    this.#clock = options.clock;
    this.#assertRoom = options.assertRoom;
  }

  async start(): Promise<void> {
    for (const chid of await this.#store.otherChannels()) this.#others.add(chid);
  }

  /**
   * Queues a send with its number and answer; resolves when it is on disk.
   * @param spell makes the answer, stored and given again
   * @throws AppError
   */
  send(key: CommandKey, send: NewSend, spell: (accepted: Accepted) => string): Promise<string> {
    const claim: Claim = { day: key.day, digest: sendDigest(send), spell };
    let prepared: P | Promise<P>;
    try {
      prepared = this.#sends.prepare(send);
    } catch (error) {
      prepared = Promise.reject(error);
    }
    if (isPromise(prepared)) return this.#sendWhenPrepared(key, send, prepared, claim);
    return this.#accept(key, send, prepared, claim);
  }

  async #sendWhenPrepared(
    key: CommandKey,
    send: NewSend,
    preparing: Promise<P>,
    claim: Claim,
  ): Promise<string> {
    // A known answer need not wait; and what was accepted is not refused as the world changed since.
    preparing.catch(() => {});
    const known = await this.#known(key, askedFor(send, claim));
    return known ?? this.#accept(key, send, await preparing, claim);
  }

  /** Most numbers are new: whether this one is, is told by writing the row. */
  #accept(key: CommandKey, send: NewSend, prepared: P, claim: Claim): Promise<string> {
    try {
      this.#assertRoom?.();
    } catch (error) {
      return this.#knownOr(key, send, claim, error);
    }
    return this.#sends
      .acceptAlone(prepared, claim, this.#used(key))
      .then((answer) => answer ?? this.#acceptOrKnown(key, send, prepared, claim));
  }

  /** Nothing new is taken: who asks again for what was accepted gets its answer all the same. */
  async #knownOr(key: CommandKey, send: NewSend, claim: Claim, error: unknown): Promise<string> {
    const known = await this.#known(key, askedFor(send, claim));
    if (known === undefined) throw error;
    return known;
  }

  /** Finds a row that may say that the number is not new, where writing would not tell. */
  #used({ chid, txcode, dayBefore, dayAfter }: CommandKey): Statement | undefined {
    const nearMidnight = dayBefore !== undefined || dayAfter !== undefined;
    if (nearMidnight) return this.#store.usedAtAll(chid, txcode);
    return this.#others.has(chid) ? this.#store.used(chid, txcode) : undefined;
  }

  async #acceptOrKnown(key: CommandKey, send: NewSend, prepared: P, claim: Claim): Promise<string> {
    const asked = askedFor(send, claim);
    const outcome = await this.#store.db.transaction(async (tx) => {
      const known = await this.#match(tx, key, asked);
      return known ?? claim.spell(await this.#sends.accept(tx, prepared, claim));
    });
    if (outcome === conflict) throw notUnique(key);
    return outcome;
  }

  /**
   * Does an action that may be done again without harm. Its number is taken before, so that nothing
   * is done under a number that something else has; a crash in between lets the client's retry do
   * it again. What is refused leaves its number free.
   * @param digest of what is asked for
   * @throws AppError
   */
  async once(key: CommandKey, digest: string, act: () => Promise<string>): Promise<string> {
    const slot = `${key.chid}\n${key.txcode}`;
    let other = this.#underway.get(slot);
    while (other !== undefined) {
      await other.catch(() => {});
      other = this.#underway.get(slot);
    }
    const work = this.#once(key, digest, act);
    this.#underway.set(slot, work);
    try {
      return await work;
    } finally {
      if (this.#underway.get(slot) === work) this.#underway.delete(slot);
    }
  }

  async #once(key: CommandKey, digest: string, act: () => Promise<string>): Promise<string> {
    this.#others.add(key.chid);
    const known = await this.#store.db.transaction(async (tx) => {
      const other = await this.#match(tx, key, digest);
      if (other !== undefined) return other;
      await this.#store.take(tx, key, digest, this.#clock.now());
      return undefined;
    });
    if (known === conflict) throw notUnique(key);
    if (known !== undefined) return known;
    let answer: string | undefined;
    try {
      answer = await act();
    } finally {
      await this.#store.db.transaction((tx) => this.#store.finish(tx, key, answer));
    }
    return answer;
  }

  async #match(
    tx: Tx,
    key: CommandKey,
    asked: string,
  ): Promise<string | typeof conflict | undefined> {
    const rows = await this.#store.find(tx, key.chid, key.txcode);
    return match(key, asked, rows, this.#clock.now());
  }

  /** @throws AppError duplicate_request */
  async #known(key: CommandKey, asked: string): Promise<string | undefined> {
    const rows = await this.#store.look(key.chid, key.txcode);
    const known = match(key, asked, rows, this.#clock.now());
    if (known === conflict) throw notUnique(key);
    return known;
  }
}

/**
 * A send that comes again is compared by bot, target and content as they were asked for; not by the
 * time and signature of the request, nor by fields that mean nothing. Of a picture only a reference
 * is kept, so what was asked for is kept as a digest.
 */
function sendDigest(send: NewSend): string | null {
  if (send.content.kind !== 'image') return null;
  return hash('sha256', askedOf(send.botcode, payloadText(send)), 'base64url').slice(0, 22);
}

function askedFor(send: NewSend, claim: Claim): string {
  return claim.digest ?? askedOf(send.botcode, payloadText(send));
}

const conflict = Symbol('conflict');

/** The answer of the same request, `conflict` for another request of this number, or neither. */
function match(
  key: CommandKey,
  asked: string,
  rows: readonly CommandRow[],
  now: number,
): string | typeof conflict | undefined {
  let found: string | undefined;
  for (const row of rows) {
    // Its action was begun and not ended: it is done again.
    if (row.answer === null && row.asked === asked) continue;
    if (row.day === key.day) return row.asked === asked ? (row.answer ?? undefined) : conflict;
    if (row.day !== key.dayBefore && row.day !== key.dayAfter) continue;
    if (row.asked === asked && now - row.at <= midnightSpanMs) found = row.answer ?? undefined;
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
