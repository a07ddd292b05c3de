import type { Clock, Timer } from '../clock.ts';
import {
  type Answering,
  type Findings,
  type Finish,
  type Reply,
  type TraceStep,
  textOf,
} from './responder.ts';

/** Most characters of an answer. */
const longest = 20_000;
/** So long pieces gather before they are told: spares frames, and nobody reads faster. */
const gatherMs = 40;
/** The text ends within a character. */
const highSurrogate = /[\uD800-\uDBFF]$/;

/** To which desk. left: a word for whoever comes, while the bot goes on answering. */
export interface HandedOver {
  storeId: number | undefined;
  left: boolean;
}

export interface LiveAnswerOptions {
  clock: Clock;
  /** A piece of the text with its number, from 0 and without gaps. */
  onPiece: (seq: number, delta: string) => void;
}

/** An answer while it is being made: its text so far in numbered pieces, and how it came about. */
export class LiveAnswer implements Answering {
  readonly #clock: Clock;
  readonly #onPiece: LiveAnswerOptions['onPiece'];
  /** Where the pieces told end in the text. */
  readonly #ends: number[] = [];
  readonly #steps: TraceStep[] = [];
  #text = '';
  #reply: Reply | undefined;
  #finish: Finish = 'stop';
  #options: readonly number[] = [];
  #handover: HandedOver | undefined;
  #findings: Findings = {};
  #timer: Timer | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor({ clock, onPiece }: LiveAnswerOptions) {
    this.#clock = clock;
    this.#onPiece = onPiece;
  }

  /** All of it, told or not. */
  get text(): string {
    return this.#text;
  }

  /** What watchers were told so far. */
  get told(): string {
    return this.#text.slice(0, this.#ends.at(-1) ?? 0);
  }

  /** Number of the next piece. */
  get nextSeq(): number {
    return this.#ends.length;
  }

  get said(): boolean {
    return this.#text !== '' || this.#reply !== undefined;
  }

  get reply(): Reply | undefined {
    return this.#reply;
  }

  get finished(): Finish {
    return this.#finish;
  }

  get options(): readonly number[] {
    return this.#options;
  }

  get handedOver(): HandedOver | undefined {
    return this.#handover;
  }

  get steps(): readonly TraceStep[] {
    return this.#steps;
  }

  /** What was told from a piece on, with the numbers. */
  *pieces(from: number): Generator<[seq: number, delta: string]> {
    for (let seq = Math.max(from, 0); seq < this.#ends.length; seq += 1) {
      yield [seq, this.#text.slice(this.#ends[seq - 1] ?? 0, this.#ends[seq])];
    }
  }

  delta(text: string): void {
    if (this.#closed || text === '') return;
    const room = longest - this.#text.length;
    this.#text += text.length > room ? text.slice(0, room) : text;
    if (text.length > room) this.#finish = 'length';
    const wait = this.#toldAt + gatherMs - this.#clock.now();
    if (wait <= 0) this.#tell();
    else this.#timer ??= this.#clock.after(wait, () => this.#tell());
  }

  say(reply: Reply): void {
    if (this.#closed) return;
    if (reply.type !== 'text') this.#reply = reply;
    this.delta(textOf(reply));
  }

  finish(reason: Finish): void {
    this.#finish = reason;
  }

  handOver(storeId?: number): void {
    this.#handover = { storeId, left: false };
  }

  leaveWord(storeId?: number): void {
    this.#handover = { storeId, left: true };
  }

  offer(entries: readonly number[]): void {
    this.#options = entries;
  }

  trace(findings: Findings): void {
    Object.assign(this.#findings, findings);
  }

  /** A step of the way is over; what it found itself says more than what is said of it. */
  stepped({ note, ...step }: Pick<TraceStep, 'step' | 'outcome' | 'ms' | 'note'>): void {
    this.#steps.push({ ...step, ...(note !== undefined && { note }), ...this.#findings });
    this.#findings = {};
  }

  /** Adds to what is written down of the last step: what became of its answer. */
  remark(note: string): void {
    const last = this.#steps.at(-1);
    if (last === undefined) return;
    last.note = last.note === undefined ? note : `${last.note}; ${note}`;
  }

  /** The last step's answer is said by this send. */
  leavesBy(msgid: number): void {
    const last = this.#steps.at(-1);
    if (last !== undefined) last.msgid = msgid;
  }

  /** Nothing is added any more; what has gathered is told. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#tell(true);
  }

  #tell(whole = false): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const begin = this.#ends.at(-1) ?? 0;
    let delta = this.#text.slice(begin);
    // Half a character waits for its other half.
    if (!whole && highSurrogate.test(delta)) delta = delta.slice(0, -1);
    if (delta === '') return;
    this.#toldAt = this.#clock.now();
    const seq = this.#ends.push(begin + delta.length) - 1;
    this.#onPiece(seq, delta);
  }
}
