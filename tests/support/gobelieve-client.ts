import { eventually } from './eventually.ts';
import { type Address, GobelieveConnection } from './gobelieve-connection.ts';
import {
  authBody,
  BodyReader,
  command,
  type Frame,
  pack,
  type Said,
  saidBody,
} from './gobelieve-frames.ts';
import { Inboxes, type Live } from './gobelieve-inboxes.ts';
import type { Spoken, SyncLine } from './gobelieve-line.ts';

export interface ClientOptions {
  address: Address;
  appid: number;
  uid: number;
  token: string;
  version?: 0 | 1 | 2;
  /** 1 iOS, 2 Android, 3 web. */
  platform?: number;
  deviceId?: string;
}

export interface Ack {
  /** Undefined before version 2. */
  status: number | undefined;
  /** Its place in the own inbox or the super group's. */
  key: number | undefined;
}

interface Outstanding {
  spoken: Spoken;
  settle(ack: Ack): void;
  fail(error: Error): void;
  ack: Promise<Ack>;
}

/**
 * A GoBelieve client as the published ones are: one device of a user, over any number of
 * connections. It takes nothing that the protocol does not allow: the first breach ends the
 * connection and fails whatever is waited for.
 */
export class GobelieveClient {
  readonly uid: number;
  /** Acknowledgements that have come on this connection, by the number of the frame. */
  readonly acks = new Map<number, Ack>();
  readonly #options: Required<ClientOptions>;
  readonly #inboxes: Inboxes;
  readonly #outstanding = new Map<number, Outstanding>();
  #connection: GobelieveConnection | undefined;
  #breach: Error | undefined;
  #room: number | undefined;
  #status: number | undefined;
  #pongs = 0;
  #loseAt = Number.POSITIVE_INFINITY;

  constructor(options: ClientOptions) {
    const { uid } = options;
    this.uid = uid;
    this.#options = { version: 2, platform: 2, deviceId: `device of ${uid}`, ...options };
    this.#inboxes = new Inboxes((number, body) => void this.#connection?.send(number, body));
  }

  get inbox(): SyncLine {
    return this.#inboxes.own;
  }

  /** Super groups it follows. */
  get groups(): ReadonlyMap<number, SyncLine> {
    return this.#inboxes.groups;
  }

  /** What came and is not stored. */
  get live(): readonly Live[] {
    return this.#inboxes.live;
  }

  get texts(): string[] {
    return this.inbox.texts;
  }

  get isConnected(): boolean {
    return this.#connection?.isOpen === true;
  }

  get closed(): Promise<string> {
    return this.#connection?.closed ?? Promise.resolve('never open');
  }

  /** Logs in and asks for what has been missed, without waiting in between. @throws when refused */
  async connect(): Promise<void> {
    const { address, version, platform, token, deviceId } = this.#options;
    await this.disconnect();
    this.#status = undefined;
    this.acks.clear();
    let connection: GobelieveConnection | undefined;
    const onFrame = (frame: Frame): void => {
      if (connection === this.#connection) this.#hear(frame);
    };
    connection = await GobelieveConnection.open(address, { version, onFrame });
    this.#connection = connection;
    void connection.closed.then((reason) => this.#lost(connection, reason));
    connection.send(command.authToken, authBody(platform, token, deviceId));
    if (this.#room !== undefined) this.enterRoom(this.#room);
    this.#inboxes.start();
    const status = await this.until('the login', () => {
      if (this.#status === undefined && !connection.isOpen) throw new Error('lost at the login');
      return this.#status;
    });
    if (status !== 0) throw new Error(`login refused: ${status}`);
  }

  /** The connection breaks when so many more messages of a sync have come. */
  loseAfter(count: number): void {
    this.#loseAt = this.inbox.heard + count;
  }

  /** Reads nothing any more; over TCP only. */
  pause(): void {
    this.#connection?.pause();
  }

  async disconnect(): Promise<void> {
    await this.#connection?.close();
  }

  /** @throws what the server did wrong */
  async close(): Promise<void> {
    await this.disconnect();
    this.assertSound();
  }

  assertSound(): void {
    const breach = this.#breach ?? this.#connection?.breach;
    this.#breach = breach;
    if (breach !== undefined) throw breach;
  }

  /** Waits; fails when the server breaks the protocol meanwhile. */
  until<T>(what: string, probe: () => T | undefined | false, withinMs?: number): Promise<T> {
    const guarded = (): T | undefined | false => {
      this.assertSound();
      return probe();
    };
    return eventually(`${what} at ${this.uid}`, guarded, withinMs);
  }

  /** It holds so many messages or more, and no sync is under way. */
  async holds(count: number, line: SyncLine = this.inbox, withinMs?: number): Promise<void> {
    const held = (): boolean => line.taken.length >= count && !line.isSyncing;
    await this.until(`${count} messages`, held, withinMs);
  }

  peer(receiver: number, text: string, clientId = 0): Promise<Ack> {
    return this.acked(this.utter(command.peer, { receiver, text, clientId }));
  }

  group(gid: number, text: string, clientId = 0): Promise<Ack> {
    return this.acked(this.utter(command.group, { receiver: gid, text, clientId }));
  }

  /** In the chat room it is in. */
  room(text: string): Promise<Ack> {
    return this.acked(this.utter(command.room, { receiver: this.#room ?? 0, text }));
  }

  customer(receiverApp: number, receiver: number, text: string): Promise<Ack> {
    const said = { senderApp: this.#options.appid, receiverApp, receiver, text };
    return this.acked(this.utter(command.customer, said));
  }

  realtime(receiver: number, text: string): void {
    this.send(command.realtime, this.#body(command.realtime, { receiver, text }));
  }

  enterRoom(room: number): void {
    this.#room = room;
    this.send(command.enterRoom, pack(['i64', room]));
  }

  leaveRoom(room: number): void {
    this.#room = undefined;
    this.send(command.leaveRoom, pack(['i64', room]));
  }

  /** Resolves when everything sent before has been read by the server. */
  async ping(): Promise<void> {
    const before = this.#pongs;
    this.send(command.ping);
    await this.until('a pong', () => this.#pongs > before);
  }

  /** A super group, followed from now on. */
  follow(gid: number): SyncLine {
    return this.#inboxes.follow(gid);
  }

  /** Says it without waiting. @returns the number of the frame */
  utter(number: number, said: Said, flags = 0): number {
    const seq = this.send(number, this.#body(number, said), flags);
    const { promise, resolve, reject } = Promise.withResolvers<Ack>();
    promise.catch(() => {});
    const spoken = { sender: this.uid, ...said, command: number, self: true };
    this.#outstanding.set(seq, { spoken, ack: promise, settle: resolve, fail: reject });
    return seq;
  }

  /** @throws when the connection ends before */
  acked(seq: number): Promise<Ack> {
    const known = this.acks.get(seq);
    if (known !== undefined) return Promise.resolve(known);
    return this.#outstanding.get(seq)?.ack ?? Promise.reject(new Error(`nothing sent as ${seq}`));
  }

  /** Any frame. @returns its number */
  send(number: number, body?: Buffer, flags?: number): number {
    if (this.#connection === undefined) throw new Error('not connected');
    return this.#connection.send(number, body, flags);
  }

  #body(number: number, said: Said): Buffer {
    return saidBody(number, this.#options.version, { sender: this.uid, ...said });
  }

  #lost(connection: GobelieveConnection, reason: string): void {
    this.#breach ??= connection.breach;
    if (connection !== this.#connection) return;
    this.#inboxes.stop();
    const error = new Error(`connection of ${this.uid} lost: ${reason}`);
    for (const one of this.#outstanding.values()) one.fail(error);
    this.#outstanding.clear();
  }

  #hear(frame: Frame): void {
    if (this.#inboxes.hear(frame)) {
      if (this.inbox.heard < this.#loseAt) return;
      this.#loseAt = Number.POSITIVE_INFINITY;
      void this.#connection?.close();
      return;
    }
    const reader = new BodyReader(frame.body);
    if (frame.command === command.authStatus) this.#status = reader.i32();
    else if (frame.command === command.pong) this.#pongs += 1;
    else if (frame.command === command.ack) this.#acknowledged(frame, reader);
    else throw new Error(`command ${frame.command} from the server`);
    reader.end();
  }

  #acknowledged({ flags }: Frame, reader: BodyReader): void {
    const seq = reader.i32();
    const status = this.#options.version === 2 ? reader.i8() : undefined;
    const outstanding = this.#outstanding.get(seq);
    if (outstanding === undefined) throw new Error(`frame ${seq} acknowledged, again or unasked`);
    this.#outstanding.delete(seq);
    const ack = { status, key: this.#inboxes.acknowledged(outstanding.spoken, flags) };
    this.acks.set(seq, ack);
    outstanding.settle(ack);
  }
}
