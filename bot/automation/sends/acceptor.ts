import type { Insertion, Statement, Tx } from '../../../store/database.ts';
import type { InsertSend } from '../../../store/sends.ts';
import type { Prepared } from './prepare.ts';
import { reasons } from './reasons.ts';
import type { SendCore } from './send-core.ts';
import { type Accepted, type Claim, payloadText } from './send-types.ts';
import { recordEnd } from './settle.ts';

/** What is called once a queued send is on disk. */
export type OnQueued = (prepared: Prepared, msgid: number) => void;

/**
 * Takes sends into the queue. Numbers are given inside the transaction, so they rise in the order
 * in which sends become durable; being told a number by the database would cost as much as a row.
 */
export class Acceptor {
  readonly #core: SendCore;
  readonly #onQueued: OnQueued;
  #lastMsgid: number | undefined;

  constructor(core: SendCore, onQueued: OnQueued) {
    this.#core = core;
    this.#onQueued = onQueued;
  }

  async start(): Promise<void> {
    this.#lastMsgid = await this.#core.store.lastMsgid();
  }

  /** Queues it, or settles it at once, in the caller's transaction. */
  async accept(tx: Tx, prepared: Prepared, claim: Claim | undefined): Promise<Accepted> {
    const { absent } = prepared.place;
    const accepted: Accepted = {
      msgid: this.#next(),
      state: absent ? 'absent' : 'queued',
      reason: absent ? this.#core.say(reasons.roomAbsent) : undefined,
    };
    const { msgid } = accepted;
    await this.#core.store.insert(tx, this.#row(prepared, msgid, claim, claim?.spell(accepted)));
    if (absent) await this.#settle(tx, prepared, accepted);
    else tx.onDurable(() => this.#onQueued(prepared, msgid));
    return accepted;
  }

  /**
   * The same for the hot path, in a transaction of its own.
   * @returns its answer; undefined: nothing was done, as it does not queue, `unless` found a row,
   *   or its request is known
   */
  acceptAlone(
    prepared: Prepared,
    claim: Claim,
    unless: Statement | undefined,
  ): Promise<string | undefined> {
    if (prepared.place.absent) return Promise.resolve(undefined);
    const { db, store } = this.#core;
    let msgid = 0;
    const row = (): Insertion<string> => {
      msgid = this.#next();
      const answer = claim.spell({ msgid, state: 'queued', reason: undefined });
      return store.insertion(this.#row(prepared, msgid, claim, answer), answer);
    };
    return db.insert(row, unless, () => this.#onQueued(prepared, msgid));
  }

  #next(): number {
    if (this.#lastMsgid === undefined) throw new Error('sends are numbered once they are started');
    this.#lastMsgid += 1;
    return this.#lastMsgid;
  }

  /** Its room is proven not to be there: it ends as it begins. */
  async #settle(tx: Tx, { send }: Prepared, { msgid, reason }: Accepted): Promise<void> {
    const { botcode, chid, txcode } = send;
    const settled_at = this.#core.clock.now();
    const end = { state: 'absent', reason: reason ?? null, settled_at };
    await this.#core.store.change(tx, msgid, 'queued', end);
    await recordEnd(this.#core, tx, { msgid, botcode, chid, txcode }, 'absent', null, reason);
  }

  #row(
    { send, place, accountId, parts }: Prepared,
    msgid: number,
    claim: Claim | undefined,
    answer: string | undefined,
  ): InsertSend {
    return {
      msgid,
      botcode: send.botcode,
      chid: send.chid,
      txcode: send.txcode,
      day: claim?.day ?? null,
      digest: claim?.digest ?? null,
      answer: answer ?? null,
      kind: send.content.kind,
      lane: place.lane,
      payload: payloadText(send),
      account_id: accountId ?? null,
      room_id: place.roomId ?? null,
      parts,
      accepted_at: this.#core.clock.now(),
      expires_at: send.expiresAt,
    };
  }
}
