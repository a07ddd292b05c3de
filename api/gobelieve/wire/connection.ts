import type { Socket } from 'node:net';
import type { Message, Placed, User } from '../../../bot/im/message.ts';
import type { Session } from '../../../bot/im/session.ts';
import { Command, Flag } from './commands.ts';
import type { Frame } from './frame-reader.ts';
import type { FrameWriter } from './frame-writer.ts';
import { InboxWord } from './inbox-word.ts';
import {
  type FrameSink,
  writeGroupKey,
  writeKey,
  writeLive,
  writeMessage,
  writeMetadata,
  writeText,
} from './messages.ts';
import type { Wire } from './wire.ts';

/** So much that came too early is kept; then the client is not read any more. */
export const earlyLimit = 65_536;

/** So many messages of a connection may wait for the disk; then it is not read any more. */
const storingLimit = 256;

/** After the login a client has so long to say first what it wants. */
export const firstWordMs = 5000;

/** Codes with which a WebSocket is closed. */
export const CloseCode = {
  stopping: 1001,
  fault: 1002,
  text: 1003,
  policy: 1008,
  failed: 1011,
} as const;

/**
 * A client's connection, whatever carries it. There may be very many, and most of them are silent:
 * none has a timer, a closure or a buffer of its own while it is.
 */
export abstract class ClientConnection implements Session, FrameSink {
  abstract readonly transport: 'tcp' | 'websocket';
  readonly id: number;
  readonly wire: Wire;
  appid = 0;
  uid = 0;
  device = 0;
  platform = 0;
  since = 0;
  /** Came as a customer. */
  customer = false;
  /** Of the protocol; 0 until the login. */
  version = 0;
  /** The chat room it is in; 0: none. */
  room = 0;
  /** What the client shows as unread. */
  unread = 0;
  /** Tick in which it was heard last; once closed: in which it was closed. */
  heard: number;
  /** Tick in which it came. */
  readonly opened: number;
  protected readonly socket: Socket;
  #state: 'new' | 'in' | 'closed' = 'new';
  #seq = 0;
  #writer: FrameWriter | undefined;
  #held = false;
  /** Messages of this connection that are not stored yet. */
  #storing = 0;
  /** Too many of them: frames wait too. */
  #crowded = false;
  /** Has said something since the login. */
  #spoken = false;
  readonly word = new InboxWord();
  #wake: (() => void) | undefined;

  constructor(wire: Wire, socket: Socket) {
    this.wire = wire;
    this.socket = socket;
    this.id = wire.nextId();
    this.heard = wire.connections.tick;
    this.opened = this.heard;
    wire.connections.add(this);
  }

  get address(): string {
    return this.socket.remoteAddress ?? '';
  }

  get loggedIn(): boolean {
    return this.#state === 'in';
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** Frames wait, so that each is done with before the next one. */
  get held(): boolean {
    return this.#held || this.#crowded;
  }

  /** Written, but not handed to the socket yet. */
  get gathered(): number {
    return this.#writer?.length ?? 0;
  }

  /** Handles what waits, unless it is held. */
  protected abstract proceed(): void;

  /** Ends the transport after all that was written. */
  protected abstract end(code: number, reason: string): void;

  /** Whether each frame is a WebSocket message of its own. */
  protected abstract get inMessages(): boolean;

  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.proceed();
  }

  protected handle(frame: Frame): void {
    if (this.#state === 'in') this.#spoken = true;
    const fault = this.wire.dispatch(this, frame);
    if (fault !== undefined) this.close(fault, CloseCode.fault);
  }

  enter(
    user: User,
    as: { device: number; platform: number; version: number; customer: boolean },
  ): void {
    this.appid = user.appid;
    this.uid = user.uid;
    this.device = as.device;
    this.platform = as.platform;
    this.version = as.version;
    this.customer = as.customer;
    this.since = this.wire.clock.now();
    this.unread = 0;
    this.#state = 'in';
    this.wire.im.hub.add(this);
  }

  begin(command: number, length: number, flags = 0): FrameWriter {
    let writer = this.#writer;
    if (writer === undefined) {
      writer = this.wire.writers.take();
      this.#writer = writer;
      this.wire.im.hub.touch(this);
    }
    this.#seq = (this.#seq + 1) | 0;
    const { version } = this;
    writer.begin(this.inMessages, { seq: this.#seq, command, version, flags, length });
    return writer;
  }

  flush(): void {
    const writer = this.#writer;
    if (writer === undefined) return;
    this.#writer = undefined;
    const { socket, wire } = this;
    if (this.closed || !socket.writable) {
      wire.writers.give(writer);
      return;
    }
    socket.write(writer.written);
    const unsent = socket.writableLength;
    // All of it is in the kernel; else the socket goes on reading it.
    if (unsent === 0) wire.writers.give(writer);
    else if (unsent > wire.maxPending) this.destroy('reads too slowly');
  }

  inbox({ seq, message }: Placed, push: boolean): void {
    if (this.word.note(0, seq)) return;
    if (push && this.#follows()) {
      writeMetadata(this, seq);
      writeMessage(this, message, Flag.push);
    }
    writeKey(this, Command.syncNotify, seq);
  }

  group(gid: number, { seq, message }: Placed, push: boolean): void {
    if (this.word.note(gid, seq)) return;
    if (push && this.#follows()) {
      writeMetadata(this, seq);
      writeMessage(this, message, Flag.push | Flag.superGroup);
    }
    writeGroupKey(this, Command.syncGroupNotify, gid, seq);
  }

  chatRoom(sender: number, room: number, content: Buffer): void {
    if (!this.#isBehind()) writeLive(this, Command.roomIm, { sender, receiver: room, content });
  }

  realtime(sender: number, receiver: number, content: Buffer): void {
    if (!this.#isBehind()) writeLive(this, Command.rt, { sender, receiver, content });
  }

  notification(content: Buffer): void {
    if (!this.#isBehind()) writeText(this, Command.notification, content);
  }

  /** Not stored: a message of customer service. */
  live(message: Message): void {
    if (!this.#isBehind()) writeMessage(this, message, 0);
  }

  /** A message of this connection is on its way to the disk. */
  storing(): void {
    this.#storing += 1;
    if (this.#storing >= storingLimit) this.#crowded = true;
  }

  stored(): void {
    this.#storing -= 1;
    if (this.#storing === 0) this.#wake?.();
    if (!this.#crowded || this.#storing > storingLimit / 2) return;
    this.#crowded = false;
    // Not from inside of what is being handled.
    setImmediate(() => this.proceed());
  }

  /**
   * Before an inbox is read out: waits for what this connection has said. Until the end what is new
   * in that inbox is only noted: a push in the middle would not follow what the client has.
   */
  async beginReading(inbox: number): Promise<void> {
    if (this.#storing > 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.word.begin(inbox);
  }

  /** Writes; resolves when the client has taken most of it, or is gone. */
  async drained(): Promise<void> {
    this.flush();
    if (this.closed || !this.socket.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.socket.once('drain', resolve);
    });
  }

  close(reason: string, code: number = CloseCode.policy): void {
    if (this.closed) return;
    this.flush();
    if (this.#leave(reason)) this.end(code, reason);
  }

  /** Ends it at once; what was not sent is lost. */
  destroy(reason: string): void {
    this.#leave(reason);
    this.socket.destroy();
  }

  /** The socket is gone. */
  gone(): void {
    this.#leave(undefined);
    this.wire.connections.delete(this);
  }

  /**
   * Whether a push may go out. While frames wait, or the first one after the login is on its way, it
   * may ask for an inbox from a key that the push would follow: the client would have the message
   * twice.
   */
  #follows(): boolean {
    if (this.#held) return false;
    this.#spoken ||= this.wire.clock.now() - this.since >= firstWordMs;
    return this.#spoken;
  }

  /** What is live only is dropped then: nobody may be made to lose the connection by it. */
  #isBehind(): boolean {
    return this.socket.writableLength > this.wire.maxPending / 4;
  }

  /** @param reason undefined: the client's own. @returns false when it had left before */
  #leave(reason: string | undefined): boolean {
    if (this.closed) return false;
    const { appid, uid, transport, wire } = this;
    if (reason !== undefined) {
      const { address } = this;
      wire.logger.info({ appid, uid, transport, address, reason }, 'connection closed');
    }
    this.#state = 'closed';
    this.heard = wire.connections.tick;
    wire.im.hub.leaveRoom(this, this.room);
    wire.im.hub.remove(this);
    this.#wake?.();
    return true;
  }
}
