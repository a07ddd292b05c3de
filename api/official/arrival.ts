import { counts, type Reader, type Taking } from '../../bot/official/readers.ts';
import type { Asked } from './asker.ts';
import { NamesSession } from './names-session.ts';
import type { OfficialWire } from './wire.ts';

/**
 * What of a connection tells whether frames have arrived. That the kernel has taken them says
 * nothing: who has lost his network takes frames for minutes. So a ping goes behind them, and its
 * answer, which every client gives by itself, says that all before it has been read.
 */
export abstract class Arrival extends NamesSession implements Taking, Asked {
  abstract readonly wire: OfficialWire;
  /** Number of the frame that was given last. */
  sent = 0;
  taken = 0;
  settled = 0;
  waiting = false;
  readonly silent: boolean;
  #reader: Reader | undefined;
  /** Up to here it was asked whether it has arrived. */
  #asked = 0;
  #resting = false;

  constructor(silent: boolean) {
    super();
    this.silent = silent;
  }

  abstract get closed(): boolean;

  abstract put(frame: Buffer): void;

  get device(): number {
    return this.#reader?.number ?? 0;
  }

  get reader(): Reader {
    if (this.#reader === undefined) throw new Error('not known yet who reads');
    return this.#reader;
  }

  /** An answer to a ping, in the words of the ping. */
  answered(words: Buffer): void {
    const id = Number(words.toString('latin1'));
    // Whatever else it says is about none of ours, or about a heartbeat.
    if (Number.isSafeInteger(id) && id <= this.#asked) this.arrived(id);
  }

  askAgain(): void {
    this.#resting = false;
    this.ask();
  }

  /** Asks behind what was given, unless the client says by itself what it has. */
  protected ask(): void {
    const { sent, wire } = this;
    if (this.#resting || sent <= this.#asked || this.closed || !counts(this)) return;
    this.#asked = sent;
    this.#resting = true;
    wire.asker.rest(this);
    this.put(wire.asker.ping(sent));
  }

  /** The same once more: a client may answer the last of several pings only. */
  protected repeatQuestion(): void {
    if (this.#asked > this.taken) this.put(this.wire.asker.ping(this.#asked));
  }

  /** The client has everything up to a message. */
  protected arrived(id: number): void {
    if (this.#reader === undefined) return;
    const { readers } = this.wire.official;
    readers.took(this, id);
    if (this.closed) readers.left(this);
  }

  /** It is known who reads. */
  protected readBy(reader: Reader): void {
    this.#reader = reader;
  }

  /** And that he has everything up to a message. */
  protected startBehind(start: number): void {
    this.sent = start;
    this.taken = start;
    this.settled = start;
    this.#asked = start;
  }

  /** Nothing is given any more. */
  protected left(): void {
    if (this.#reader !== undefined) this.wire.official.readers.left(this);
  }

  /** Nothing can be heard any more. */
  protected lost(): void {
    this.left();
    if (this.#reader !== undefined) this.wire.official.readers.close(this.#reader);
  }
}
