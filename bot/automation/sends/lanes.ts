import type { Text } from '../../errors.ts';
import { Agenda } from './agenda.ts';
import { isNamed } from './targets.ts';

/** The send of a lane that is next. */
export interface Head {
  msgid: number;
  chid: string;
  /** Not before this time; 0: at once. */
  runAt: number;
}

/** The queue of one room or contact. Only its head and its length are in memory. */
export interface Lane {
  readonly key: string;
  head: Head | undefined;
  queued: number;
  state: 'ready' | 'waiting' | 'busy' | 'blocked';
  /** While waiting: until when; Infinity: until it is woken. */
  until: number;
  /** Why it waits, when that is not pacing. */
  why: Text | undefined;
  /** Tries of the head that came to nothing. */
  tries: number;
  /** Version of the rooms that its name was looked up in last. */
  lookedUp: number;
  /** Accepted or moved here while it was busy. */
  later: Head | undefined;
  /** The lane that stands still until this one's next turn is over. */
  holds: string | undefined;
  /** Rises with each change of state: older places in the waiting list are void. */
  ticket: number;
}

/**
 * The lanes of one bot, and whose turn it is: channels take turns, and the lanes whose head is a
 * channel's take turns within it, so that neither a channel nor a room with much to say holds up
 * the others. Every step costs the same, however many lanes there are.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  /** Lanes that are ready, by the channel of their head; the first channel is next. */
  readonly #ready = new Map<string, Map<string, Lane>>();
  readonly #waiting = new Agenda();
  readonly #blocks = new Map<string, number>();
  readonly #named = new Map<string, Lane>();
  #queued = 0;

  /** Sends queued in all lanes. */
  get queued(): number {
    return this.#queued;
  }

  /** Lanes that wait to learn which room or contact is meant. */
  get named(): Iterable<Lane> {
    return this.#named.values();
  }

  get(key: string): Lane | undefined {
    return this.#lanes.get(key);
  }

  all(): Iterable<Lane> {
    return this.#lanes.values();
  }

  /** `count` sends joined the lane, the first of them being `head`. */
  add(key: string, head: Head, count = 1): void {
    const lane = this.#lanes.get(key) ?? this.#make(key);
    lane.queued += count;
    this.#queued += count;
    if (lane.state === 'busy') {
      lane.later = earlier(lane.later, head);
      return;
    }
    const first = earlier(lane.head, head);
    if (first === lane.head) return;
    lane.head = first;
    this.#place(lane, head.runAt);
  }

  /** One send left the lane without having its turn (cancelled, expired). */
  remove(key: string, msgid: number): void {
    const lane = this.#lanes.get(key);
    if (lane === undefined) return;
    this.left(lane);
    if (lane.state === 'busy') return;
    if (lane.queued === 0) this.#forget(lane);
    // The next turn finds out what is next.
    else if (lane.head?.msgid === msgid) this.#place(lane, 0);
  }

  /** Counts sends that are not queued in the lane any more. */
  left(lane: Lane, count = 1): void {
    const gone = Math.min(count, lane.queued);
    lane.queued -= gone;
    this.#queued -= gone;
  }

  /** The lane whose turn it is, from now on busy. */
  pick(now: number): Lane | undefined {
    for (const lane of this.#waiting.due(now)) this.#place(lane, 0);
    for (const [chid, lanes] of this.#ready) {
      this.#ready.delete(chid);
      for (const lane of lanes.values()) {
        lanes.delete(lane.key);
        if (lanes.size > 0) this.#ready.set(chid, lanes);
        this.#busy(lane);
        return lane;
      }
    }
    return undefined;
  }

  /** Takes a lane out of turn, whatever it waits for. @returns false when it is busy */
  seize(lane: Lane): boolean {
    if (lane.state === 'busy') return false;
    this.#unready(lane);
    this.#busy(lane);
    return true;
  }

  /** Ends the turn of a busy lane. `head` is what is next; undefined: nothing, as far as was read. */
  release(
    lane: Lane,
    head: Head | undefined,
    wait: { until: number; why: Text | undefined } = { until: 0, why: undefined },
  ): void {
    const before = lane.head;
    this.#letGo(lane);
    lane.head = lane.later === undefined ? head : earlier(head, lane.later);
    lane.later = undefined;
    lane.state = 'ready';
    if (lane.head === undefined) {
      this.#forget(lane);
      return;
    }
    if (lane.head.msgid !== before?.msgid) lane.tries = 0;
    lane.why = wait.why;
    this.#place(lane, Math.max(wait.until, lane.head.runAt));
  }

  /** This lane turned out to mean the other one, which must not overtake it. */
  hold(lane: Lane, key: string): void {
    if (lane.holds !== undefined) return;
    lane.holds = key;
    this.block(key);
  }

  /** While blocked a lane has no turn; blocks are counted. */
  block(key: string): void {
    this.#blocks.set(key, (this.#blocks.get(key) ?? 0) + 1);
    const lane = this.#lanes.get(key);
    if (lane !== undefined && lane.state !== 'busy') this.#place(lane);
  }

  unblock(key: string): void {
    const left = (this.#blocks.get(key) ?? 0) - 1;
    if (left > 0) this.#blocks.set(key, left);
    else this.#blocks.delete(key);
    const lane = this.#lanes.get(key);
    if (lane?.state === 'blocked') this.#place(lane);
  }

  /** Lanes that wait have another try; those that wait for their budget only where `paced`. */
  wake(paced = false): void {
    for (const lane of this.#lanes.values()) {
      if (lane.state !== 'waiting') continue;
      if (paced || lane.why !== undefined) this.#place(lane, 0);
    }
  }

  /** When the next waiting lane is due. */
  nextAt(): number {
    return this.#waiting.nextAt();
  }

  #make(key: string): Lane {
    const lane: Lane = {
      key,
      head: undefined,
      queued: 0,
      state: 'ready',
      until: 0,
      why: undefined,
      tries: 0,
      lookedUp: -1,
      later: undefined,
      holds: undefined,
      ticket: 0,
    };
    this.#lanes.set(key, lane);
    if (isNamed(key)) this.#named.set(key, lane);
    return lane;
  }

  /** Puts a lane that is not busy where it belongs now. */
  #place(lane: Lane, until = lane.until): void {
    this.#unready(lane);
    lane.until = until;
    lane.ticket += 1;
    if (this.#blocks.has(lane.key)) {
      lane.state = 'blocked';
    } else if (until > 0) {
      lane.state = 'waiting';
      this.#waiting.add(lane);
    } else {
      lane.state = 'ready';
      lane.why = undefined;
      const chid = lane.head?.chid ?? '';
      let lanes = this.#ready.get(chid);
      if (lanes === undefined) {
        lanes = new Map();
        this.#ready.set(chid, lanes);
      }
      lanes.set(lane.key, lane);
    }
  }

  #busy(lane: Lane): void {
    lane.state = 'busy';
    lane.ticket += 1;
    lane.until = 0;
  }

  #unready(lane: Lane): void {
    if (lane.state !== 'ready') return;
    for (const [chid, lanes] of this.#ready) {
      if (!lanes.delete(lane.key)) continue;
      if (lanes.size === 0) this.#ready.delete(chid);
      return;
    }
  }

  #letGo(lane: Lane): void {
    const { holds } = lane;
    lane.holds = undefined;
    if (holds !== undefined) this.unblock(holds);
  }

  #forget(lane: Lane): void {
    this.#letGo(lane);
    this.#unready(lane);
    lane.ticket += 1;
    this.#queued -= lane.queued;
    lane.queued = 0;
    this.#lanes.delete(lane.key);
    this.#named.delete(lane.key);
  }
}

function earlier(a: Head | undefined, b: Head): Head {
  return a === undefined || b.msgid < a.msgid ? b : a;
}
