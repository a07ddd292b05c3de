import { ImClient } from '../bench/im-client.ts';
import type { Received } from '../bench/im-client-types.ts';
import type { Place } from '../bench/im-socket.ts';
import { Command } from '../bench/im-wire.ts';
import { nameOf } from './im-names.ts';

/**
 * A device of a user, over all lives of the daemon: how far it has read, what it got at which
 * place, and what is owed to it.
 */
export class Person {
  readonly uid: number;
  readonly transport: Place['transport'];
  key: number;
  readonly groupKeys: Map<number, number>;
  /** Texts by inbox (0 the own, else a super group's) and place. */
  readonly places = new Map<number, (string | undefined)[]>();
  readonly broken: string[] = [];
  /** Called with what was said and in which frame, when it is acknowledged. */
  onAck: (text: string) => void = () => {};
  received = 0;
  readonly #token: string;
  readonly #seen = new Set<string>();
  /** What was promised to be in its inboxes, with the life in which it was. */
  readonly #owed = new Map<string, number>();
  #client: ImClient | undefined;
  #waiting = new Map<number, string>();
  /** Of a sync that has not ended, by inbox: it all comes again when the daemon dies now. */
  readonly #arriving = new Map<number, [key: number, text: string, name: string][]>();

  constructor(uid: number, token: string, transport: Place['transport'], gid: number) {
    this.uid = uid;
    this.transport = transport;
    this.#token = token;
    // The notices that the groups were made lie at 1.
    this.key = 1;
    this.groupKeys = new Map([[gid, 1]]);
  }

  get owed(): ReadonlyMap<string, number> {
    return this.#owed;
  }

  /** Resolves when it has fetched what waited; never when the daemon dies before. */
  async enter(place: Omit<Place, 'transport'>, life: number): Promise<void> {
    const { uid, key, groupKeys, transport } = this;
    const client = new ImClient({
      ...place,
      ...{ transport, uid, key, groupKeys, token: this.#token, confirms: 'each' },
    });
    this.#client = client;
    this.#waiting = new Map();
    this.#arriving.clear();
    client.onFault = (what) => this.broken.push(`${uid}: ${what}`);
    client.onLogin = (accepted) => accepted || this.broken.push(`${uid} was refused`);
    client.onMessage = (message) => this.#take(message);
    client.onSynced = (gid) => this.#synced(gid);
    client.onAck = (seq, status, at, gid) => this.#acked(seq, status, at, gid);
    client.onClose = () => this.#keep();
    client.open();
    do {
      client.ping();
      await new Promise<void>((resolve) => {
        client.onPong = resolve;
      });
    } while (client.syncing);
    for (const [name, promised] of this.#owed) {
      if (promised >= life) continue;
      this.broken.push(`${uid}: ${name} was promised in life ${promised} and did not come`);
      this.#owed.delete(name);
    }
  }

  say(receiver: number, inGroup: boolean, text: string): void {
    const client = this.#client;
    if (client === undefined) return;
    const content = Buffer.from(text);
    const seq = inGroup
      ? client.sayInGroup(receiver, 0, content)
      : client.say(receiver, 0, content);
    this.#waiting.set(seq, text);
  }

  leave(): void {
    this.#keep();
    this.#client?.end();
    this.#client = undefined;
  }

  /** This will come, or has. */
  owe(name: string, life: number): void {
    if (!this.#seen.has(name)) this.#owed.set(name, life);
  }

  #keep(): void {
    this.key = this.#client?.key ?? this.key;
  }

  #acked(seq: number, status: number, key: number | undefined, gid: number): void {
    const text = this.#waiting.get(seq);
    this.#waiting.delete(seq);
    if (text === undefined || status !== 0) {
      this.broken.push(`${this.uid}: ACK of ${text ?? 'nothing it said'} with status ${status}`);
      return;
    }
    if (key !== undefined) this.#put(gid, key, text, text);
    this.onAck(text);
  }

  #take({ command, gid, key, live, buffer, textAt, textEnd }: Received): void {
    const text = buffer.toString('utf8', textAt, textEnd);
    const name = command === Command.groupNotice ? nameOf(text) : text;
    if (live) {
      this.received += 1;
      this.#put(gid, key, text, name);
      return;
    }
    const arriving = this.#arriving.get(gid);
    if (arriving === undefined) this.#arriving.set(gid, [[key, text, name]]);
    else arriving.push([key, text, name]);
  }

  #synced(gid: number): void {
    for (const [key, text, name] of this.#arriving.get(gid) ?? []) {
      this.received += 1;
      this.#put(gid, key, text, name);
    }
    this.#arriving.delete(gid);
  }

  #put(gid: number, key: number, text: string, name: string): void {
    let inbox = this.places.get(gid);
    if (inbox === undefined) {
      inbox = [];
      this.places.set(gid, inbox);
    }
    const there = inbox[key];
    if (there !== undefined) {
      this.broken.push(`${this.uid}: place ${key} of inbox ${gid} was ${there}, is ${text}`);
    } else if (this.#seen.has(name)) this.broken.push(`${this.uid}: ${name} came twice`);
    inbox[key] = text;
    this.#seen.add(name);
    this.#owed.delete(name);
  }
}
