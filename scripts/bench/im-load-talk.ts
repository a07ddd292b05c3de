import type { ImClient } from './im-client.ts';
import type { Confirms, Received } from './im-client-types.ts';
import {
  answered,
  openClient,
  pause,
  type Tell,
  type Times,
  textOf,
  timesOf,
} from './im-load-tools.ts';
import type { Place } from './im-socket.ts';

/** Users talk as fast as they are answered: each to three others, or all in one group. */
export interface TalkOrder {
  kind: 'talk';
  tokens: string;
  place: Place;
  confirms: Confirms;
  connections: number;
  senders: number;
  /** Messages of a sender that may wait for their ACK. */
  window: number;
  bytes: number;
  seconds: number;
  warmSeconds: number;
  /** Everybody is in it. */
  group?: { gid: number; super: boolean };
}

export interface TalkResult extends Times {
  /** Acknowledged while it was measured. */
  acked: number;
  /** Received by others in that time. */
  delivered: number;
  seconds: number;
  /** All there were, warming up included. */
  allAcked: number;
  allDelivered: number;
  /** Deliveries that the acknowledged messages make. */
  owed: number;
  refused: number;
  /** Not the next one of its sender, or not what was said. */
  wrong: number;
  dropped: number;
}

export async function loadTalk(order: TalkOrder, tokens: string[], tell: Tell): Promise<void> {
  const { place, connections, confirms, group } = order;
  const gid = group?.super === true ? group.gid : undefined;
  const clients = await Promise.all(
    tokens
      .slice(0, connections)
      .map((token, index) => openClient(place, { uid: index + 1, token, confirms, gid })),
  );
  tell(await new Talk(order, clients).run(tell));
  // Whoever comes next must not have to fetch what these have seen.
  for (const client of clients) {
    client.confirm(0);
    if (gid !== undefined) client.confirm(gid);
  }
  await Promise.all(clients.map(answered));
  for (const client of clients) client.end();
}

class Talk {
  readonly #order: TalkOrder;
  readonly #clients: ImClient[];
  readonly #text: Buffer;
  /** Newest number from each sender at each receiver. */
  readonly #last: Int32Array;
  readonly #said: Int32Array;
  readonly #latencies: number[] = [];
  #phase: 'warm' | 'measured' | 'over' = 'warm';
  #began = 0;
  #waiting = 0;
  #acked = 0;
  #delivered = 0;
  #allAcked = 0;
  #allDelivered = 0;
  #refused = 0;
  #wrong = 0;

  constructor(order: TalkOrder, clients: ImClient[]) {
    this.#order = order;
    this.#clients = clients;
    this.#text = textOf(order.bytes);
    this.#last = new Int32Array(clients.length * order.senders);
    this.#said = new Int32Array(clients.length * order.senders);
  }

  async run(tell: Tell): Promise<TalkResult> {
    const { senders, seconds, warmSeconds, group, connections } = this.#order;
    for (const [index, client] of this.#clients.entries()) {
      client.onMessage = (message) => this.#receive(index, message);
    }
    for (let index = 0; index < senders; index += 1) this.#begin(index);
    await pause(warmSeconds * 1000);
    tell({ phase: 'begin' });
    this.#phase = 'measured';
    this.#began = performance.now();
    await pause(seconds * 1000);
    this.#phase = 'over';
    const measured = (performance.now() - this.#began) / 1000;
    tell({ phase: 'end' });
    const owed = (): number => this.#allAcked * (group === undefined ? 1 : connections - 1);
    for (let tries = 0; tries < 1000; tries += 1) {
      if (this.#waiting === 0 && this.#allDelivered >= owed()) break;
      await pause(10);
    }
    return {
      ...timesOf(this.#latencies),
      acked: this.#acked,
      delivered: this.#delivered,
      seconds: measured,
      allAcked: this.#allAcked,
      allDelivered: this.#allDelivered,
      owed: owed(),
      refused: this.#refused,
      wrong: this.#wrong,
      dropped: this.#clients.reduce((sum, client) => sum + client.dropped, 0),
    };
  }

  #begin(index: number): void {
    const client = this.#clients[index];
    if (client === undefined) return;
    const { window, senders, connections, group } = this.#order;
    const each = Math.floor((connections - senders) / senders);
    const sentAt = new Float64Array(64);
    let next = 0;
    const say = (): void => {
      this.#waiting += 1;
      let seq: number;
      if (group === undefined) {
        const receiver = senders + index * each + (next++ % each);
        seq = client.say(receiver + 1, this.#number(receiver, index), this.#text);
      } else seq = client.sayInGroup(group.gid, this.#number(index, index), this.#text);
      sentAt[seq & 63] = performance.now();
    };
    client.onAck = (seq, status) => {
      const at = sentAt[seq & 63] ?? 0;
      this.#waiting -= 1;
      if (status !== 0) this.#refused += 1;
      else this.#allAcked += 1;
      if (this.#phase === 'over') return;
      if (this.#phase === 'measured') {
        this.#acked += 1;
        if (at >= this.#began) this.#latencies.push(performance.now() - at);
      }
      say();
    };
    for (let count = 0; count < window; count += 1) say();
  }

  #number(receiver: number, sender: number): number {
    const at = receiver * this.#order.senders + sender;
    const number = (this.#said[at] ?? 0) + 1;
    this.#said[at] = number;
    return number;
  }

  #receive(receiver: number, message: Received): void {
    const sender = message.sender - 1;
    // One's own come in the first sync.
    if (sender === receiver) return;
    const at = receiver * this.#order.senders + sender;
    const { buffer, textAt, textEnd, number } = message;
    const same = this.#text.compare(buffer, textAt, textEnd) === 0;
    if (sender >= this.#order.senders || number !== (this.#last[at] ?? 0) + 1 || !same) {
      this.#wrong += 1;
    }
    this.#last[at] = number;
    this.#allDelivered += 1;
    if (this.#phase === 'measured') this.#delivered += 1;
  }
}
