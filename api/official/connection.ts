import type { Socket } from 'node:net';
import type { Placed } from '../../bot/im/message.ts';
import type { Session } from '../../bot/im/session.ts';
import type { Position } from '../../bot/official/frames.ts';
import { Arrival } from './arrival.ts';
import { CloseCode } from './close-code.ts';
import type { Watched } from './connections.ts';
import { follow } from './follow.ts';
import { heartbeat } from './frame.ts';
import { greeting } from './greeting.ts';
import type { CloseCause } from './meter.ts';
import type { Flushable } from './outlet.ts';
import { Talk } from './talk.ts';
import type { OfficialSocket, OwnedSocket } from './web-socket.ts';
import type { OfficialWire } from './wire.ts';
import type { Wish } from './wish.ts';

/** Heartbeats without an answer. */
const patience = 2;
/** Longest reason that fits into a close frame, in bytes; ours are ASCII. */
const reasonLimit = 123;
const nothing = Buffer.alloc(0);

/**
 * A client's connection. There may be very many, and most of them are silent: none has a timer, a
 * closure or a buffer of its own while it is.
 */
export class OfficialConnection extends Arrival implements Session, Watched, Flushable {
  readonly id: number;
  readonly uid: number;
  readonly name: string;
  readonly duty: Wish['duty'];
  readonly since: number;
  readonly wire: OfficialWire;
  /** Up to here everything was written to the client, or it has it already. */
  readonly position: Position = { place: 0, many: 0 };
  /** Number of the newest that was told of. */
  told = 0;
  /** What lies in the inbox is being read out: what is told of meanwhile is only noted. */
  reading = true;
  spoke = 0;
  readonly #webSocket: OfficialSocket;
  readonly #socket: Socket;
  #begun = false;
  #closed = false;
  /** The code we have closed it with. */
  #goodbye: number | undefined;
  /** Frames that wait to be written together. */
  #out: Buffer | Buffer[] | undefined;
  /** Bytes heard up to the last heartbeat. */
  #heard: number;
  #missed = -1;
  /** Made for clients that say something. */
  #talk: Talk | undefined;

  constructor(wire: OfficialWire, webSocket: OfficialSocket, socket: OwnedSocket, wish: Wish) {
    super(wish.acks === false);
    this.wire = wire;
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.id = wire.im.hub.nextId();
    this.uid = wish.user.uid;
    this.name = wish.name;
    this.duty = wish.duty;
    this.since = wire.clock.now();
    this.#heard = socket.bytesRead;
    wire.connections.add(this);
    wire.im.hub.add(this);
    this.put(greeting(wire));
    this.#begin(wish).catch((error: unknown) => this.failed(error));
  }

  get address(): string {
    return this.#socket.remoteAddress ?? '';
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** It is known who reads, and from where: confirmations count. */
  get begun(): boolean {
    return this.#begun;
  }

  get talk(): Talk {
    this.#talk ??= new Talk(this);
    return this.#talk;
  }

  inbox({ seq, message }: Placed): void {
    const { position } = this;
    if (this.#closed || seq <= position.place) return;
    this.told = Math.max(this.told, message.id);
    if (this.reading) return;
    const isNext = seq === position.place + 1;
    if (isNext && this.skips(message.id)) {
      position.place = seq;
      return;
    }
    const frame = this.wire.speller.ready(message, this.uid);
    // Something has to be looked up first, or there is something before it.
    if (frame === undefined || !isNext) {
      follow(this);
      return;
    }
    position.place = seq;
    this.give(message.id, frame);
  }

  /** Said to many, this user among them. */
  group(_gid: number, { message }: Placed): void {
    const { position } = this;
    if (this.#closed || message.id <= position.many) return;
    this.told = Math.max(this.told, message.id);
    if (this.reading) return;
    const frame = this.wire.speller.ready(message, this.uid);
    if (frame === undefined) {
      follow(this);
      return;
    }
    position.many = message.id;
    this.give(message.id, frame);
  }

  give(id: number, frame: Buffer): void {
    this.sent = id;
    this.wire.meter.frames += 1;
    this.put(frame);
  }

  /** It was said here, and is there already. */
  skips(id: number): boolean {
    if (this.#talk?.isOwn(id) !== true) return false;
    this.sent = id;
    return true;
  }

  /** A frame, or several in one piece; written soon. */
  put(frame: Buffer): void {
    const out = this.#out;
    if (out === undefined) {
      this.#out = frame;
      this.wire.outlet.touch(this);
    } else if (Array.isArray(out)) out.push(frame);
    else this.#out = [out, frame];
  }

  flush(): void {
    this.ask();
    const out = this.#out;
    if (out === undefined) return;
    this.#out = undefined;
    const socket = this.#socket;
    if (this.#closed || !socket.writable) return;
    socket.write(Array.isArray(out) ? Buffer.concat(out) : out);
    if (socket.writableLength > this.wire.maxPending) {
      this.close('reads too slowly', CloseCode.slow, 'slow');
    }
  }

  /** Writes; resolves when the kernel has taken it, or the client is gone. */
  async drained(): Promise<void> {
    this.flush();
    if (this.#closed || this.#socket.writableLength === 0) return;
    await new Promise<void>((resolve) => {
      this.#socket.write(nothing, () => resolve());
    });
  }

  receive(text: Buffer): void {
    if (!this.#closed) this.talk.hear(text);
  }

  beat(): void {
    if (this.#closed) {
      this.#missed += 1;
      if (this.#missed > patience) this.destroy();
      return;
    }
    const heard = this.#socket.bytesRead;
    if (heard !== this.#heard || this.#webSocket.isPaused) this.#missed = 0;
    else this.#missed += 1;
    this.#heard = heard;
    if (this.#missed < patience) {
      this.put(heartbeat);
      this.repeatQuestion();
    } else this.close('no answer to heartbeats', CloseCode.silent, 'silent');
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#talk?.rested();
    this.readOn();
  }

  /** Unless there is a reason to wait. */
  readOn(): void {
    if (!this.#closed && this.#talk?.held !== true) this.#webSocket.resume();
  }

  failed(error: unknown): void {
    this.wire.logger.error({ err: error, user: this.name }, 'connection failed');
    this.close('failed', CloseCode.failed, 'fault');
  }

  close(reason: string, code: number = CloseCode.policy, cause: CloseCause = 'kicked'): void {
    if (this.#closed) return;
    this.flush();
    // It was too much for the client.
    if (this.#closed) return;
    const { name, address } = this;
    this.wire.logger.info({ user: name, address, reason }, 'connection closed');
    this.#leave(cause);
    this.#goodbye = code;
    this.#webSocket.leave(code, reason.slice(0, reasonLimit));
    // Nobody is there to say goodbye.
    if (code === CloseCode.silent) this.#socket.destroySoon();
  }

  /**
   * The client says goodbye: of what is on its way to it, browsers throw away the rest. Or it answers
   * ours, and has read all that was before it.
   */
  ending(code: number | undefined): void {
    if (code !== undefined && code === this.#goodbye) this.arrived(this.sent);
    else this.#leave('client');
  }

  /** Ends it at once. */
  destroy(): void {
    this.#leave('fault');
    this.#socket.destroy();
  }

  /** The socket is gone. */
  gone(): void {
    this.#leave('client');
    this.wire.connections.delete(this);
    this.lost();
  }

  async #begin(wish: Wish): Promise<void> {
    const { user, device, since, acks, name } = wish;
    const { official, im } = this.wire;
    const reader = await official.readers.open(user, device);
    if (this.#socket.destroyed) {
      official.readers.close(reader);
      return;
    }
    if (acks === true) official.readers.expectAcks(reader);
    this.readBy(reader);
    // The cursor may rise while it is looked up: another connection confirms, or goes.
    let start = since === undefined ? reader.cursor : await official.frames.within(since);
    let position = await official.frames.after(user, start);
    while (since === undefined && start < reader.cursor) {
      start = reader.cursor;
      position = await official.frames.after(user, start);
    }
    Object.assign(this.position, position);
    this.startBehind(start);
    this.#begun = true;
    this.#talk?.begin();
    follow(this);
    if (!this.#closed && this.duty !== undefined) im.conversations.agentCameOnline(name);
  }

  #leave(cause: CloseCause): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#missed = 0;
    this.wire.meter.closed[cause] += 1;
    this.wire.im.hub.remove(this);
    this.left();
  }
}
