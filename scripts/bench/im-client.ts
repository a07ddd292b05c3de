import type { ImClientOptions, Received } from './im-client-types.ts';
import { ImSocket } from './im-socket.ts';
import {
  ackFrame,
  Command,
  headBytes,
  idsFrame,
  loginFrame,
  makeFrame,
  pushFlag,
  readId,
  saidBytes,
  saidFrame,
  superFlag,
} from './im-wire.ts';

const received: Received = {
  ...{ command: 0, gid: 0, key: 0, live: false, sender: 0, receiver: 0, number: 0 },
  ...{ buffer: Buffer.alloc(0), textAt: 0, textEnd: 0 },
};

/** A sync under way. */
interface Reading {
  asked: number;
  count: number;
  /** Told of meanwhile. */
  newest: number;
}

/**
 * A client that follows the rules of the SDKs: a push counts only when its METADATA came right
 * before it and continues what the client has; everything else is fetched with SYNC when the server
 * says that there is something. Connects at once.
 */
export class ImClient {
  readonly uid: number;
  key: number;
  readonly groupKeys: Map<number, number>;
  /** Pushes that did not fit; they come with a sync. */
  dropped = 0;
  onLogin: (accepted: boolean) => void = () => {};
  onMessage: (message: Received) => void = () => {};
  /** `key`: the place of our message, when it continues what we have; `gid` as in Received. */
  onAck: (seq: number, status: number, key: number | undefined, gid: number) => void = () => {};
  /** A sync has ended; `more`: the next one is under way. The server may tell of more right behind. */
  onSynced: (gid: number, more: boolean) => void = () => {};
  onPong: () => void = () => {};
  onFault: (what: string) => void = () => {};
  onClose: (reason: string | undefined) => void = () => {};
  readonly #socket: ImSocket;
  readonly #options: ImClientOptions;
  /** 1 as in browsers, 2 as in apps. */
  readonly #version: number;
  readonly #readings = new Map<number, Reading>();
  /** Group whose sync is arriving. */
  #arriving = 0;
  #metaSeq = -1;
  #metaKey = 0;
  #metaBefore = 0;
  /** To which group a message of ours went, by its frame; own inbox: absent. */
  readonly #into = new Map<number, number>();

  constructor(options: ImClientOptions) {
    this.#options = options;
    this.uid = options.uid;
    this.key = options.key ?? 0;
    this.groupKeys = options.groupKeys ?? new Map();
    this.#version = options.transport === 'tcp' ? 2 : 1;
    this.#socket = new ImSocket(options);
    this.#socket.onFrame = (buffer, at, end) => this.#handle(buffer, at, end);
    this.#socket.onClose = (reason) => this.onClose(reason);
  }

  logIn(): void {
    const { token, transport } = this.#options;
    const app = transport === 'tcp';
    this.#socket.send(
      loginFrame(this.#version, app ? 2 : 3, token, app ? `device-${this.uid}` : ''),
    );
  }

  /** As the SDKs open: login and syncs without waiting. */
  open(): void {
    this.#socket.together(() => {
      this.logIn();
      this.sync();
      for (const gid of this.groupKeys.keys()) this.syncGroup(gid);
    });
  }

  sync(): void {
    this.#readings.set(0, { asked: this.key, count: 0, newest: 0 });
    this.#socket.send(idsFrame(Command.sync, this.#version, this.key));
  }

  syncGroup(gid: number): void {
    const key = this.groupKeys.get(gid) ?? 0;
    this.groupKeys.set(gid, key);
    this.#readings.set(gid, { asked: key, count: 0, newest: 0 });
    this.#socket.send(idsFrame(Command.syncGroup, this.#version, gid, key));
  }

  /** @returns the number under which it will be acknowledged */
  say(receiver: number, number: number, text: Buffer): number {
    return this.#say(Command.im, receiver, number, text);
  }

  sayInGroup(gid: number, number: number, text: Buffer): number {
    const seq = this.#say(Command.groupIm, gid, number, text);
    this.#into.set(seq, gid);
    return seq;
  }

  /** The answer comes after those to everything sent before. */
  ping(): void {
    this.#socket.send(makeFrame(Command.ping, this.#version, 0));
  }

  /** Has the server remember how far this client has come. */
  confirm(gid: number): void {
    const key = gid === 0 ? this.key : (this.groupKeys.get(gid) ?? 0);
    const ids = gid === 0 ? [key] : [gid, key];
    const command = gid === 0 ? Command.syncKey : Command.groupSyncKey;
    this.#socket.send(idsFrame(command, this.#version, ...ids));
  }

  get syncing(): boolean {
    return this.#readings.size > 0;
  }

  end(): void {
    this.#socket.end();
  }

  #say(command: number, receiver: number, number: number, text: Buffer): number {
    const said = { sender: this.uid, receiver, number, text };
    return this.#socket.send(saidFrame(command, this.#version, said));
  }

  #handle(buffer: Buffer, at: number, end: number): void {
    const command = buffer[at + 8] ?? 0;
    const body = at + headBytes;
    switch (command) {
      case Command.metadata:
        this.#metaSeq = buffer.readInt32BE(at + 4);
        this.#metaKey = readId(buffer, body);
        this.#metaBefore = readId(buffer, body + 8);
        return;
      case Command.ack:
        this.#handleAck(buffer, at, body);
        return;
      case Command.im:
      case Command.groupIm:
      case Command.groupNotice:
      case Command.system:
        this.#handleMessage(command, buffer, at, end);
        return;
      case Command.syncNotify:
        this.#told(0, readId(buffer, body));
        return;
      case Command.syncGroupNotify:
        this.#told(readId(buffer, body), readId(buffer, body + 8));
        return;
      case Command.syncBegin:
        this.#arriving = 0;
        return;
      case Command.syncGroupBegin:
        this.#arriving = readId(buffer, body);
        return;
      case Command.syncEnd:
        this.#endSync(0, readId(buffer, body));
        return;
      case Command.syncGroupEnd:
        this.#endSync(readId(buffer, body), readId(buffer, body + 8));
        return;
      case Command.pong:
        this.onPong();
        return;
      case Command.authStatus:
        this.onLogin(buffer.readInt32BE(body) === 0);
        return;
      default:
        this.onFault(`command ${command}`);
    }
  }

  #handleAck(buffer: Buffer, at: number, body: number): void {
    const seq = buffer.readInt32BE(body);
    const status = this.#version >= 2 ? (buffer[body + 4] ?? 0) : 0;
    const into = this.#into.get(seq);
    if (into !== undefined) this.#into.delete(seq);
    const gid = ((buffer[at + 10] ?? 0) & superFlag) !== 0 ? (into ?? 0) : 0;
    const key = this.#continues(buffer.readInt32BE(at + 4), gid) ? this.#metaKey : undefined;
    if (key !== undefined) this.#raise(gid, key);
    this.onAck(seq, status, key, gid);
  }

  #handleMessage(command: number, buffer: Buffer, at: number, end: number): void {
    const flags = buffer[at + 10] ?? 0;
    const seq = buffer.readInt32BE(at + 4);
    const body = at + headBytes;
    const said = command === Command.im || command === Command.groupIm;
    received.command = command;
    received.sender = said ? readId(buffer, body) : 0;
    received.receiver = said ? readId(buffer, body + 8) : 0;
    received.number = said ? buffer.readInt32BE(body + 20) : 0;
    received.buffer = buffer;
    received.textAt = said ? body + saidBytes : body;
    received.textEnd = end;
    const live = (flags & pushFlag) !== 0;
    const gid = live ? ((flags & superFlag) === 0 ? 0 : received.receiver) : this.#arriving;
    if (live) {
      if (!this.#continues(seq, gid)) {
        this.dropped += 1;
        return;
      }
      this.#raise(gid, this.#metaKey);
      received.key = this.#metaKey;
    } else {
      const reading = this.#readings.get(gid);
      if (reading === undefined) {
        this.onFault('a message that nobody asked for');
        return;
      }
      reading.count += 1;
      received.key = reading.asked + reading.count;
    }
    received.gid = gid;
    received.live = live;
    this.onMessage(received);
    if (this.#options.confirms !== 'each') return;
    this.#socket.send(ackFrame(this.#version, seq));
    if (live) this.confirm(gid);
  }

  /** Whether the METADATA that came belongs to this frame and continues what the client has. */
  #continues(seq: number, gid: number): boolean {
    if (this.#metaSeq + 1 !== seq) return false;
    const known = gid === 0 ? this.key : this.groupKeys.get(gid);
    return this.#metaBefore !== 0 && this.#metaBefore === known;
  }

  #told(gid: number, key: number): void {
    const reading = this.#readings.get(gid);
    if (reading !== undefined) reading.newest = Math.max(reading.newest, key);
    else if (key > (gid === 0 ? this.key : (this.groupKeys.get(gid) ?? 0))) this.#fetch(gid);
  }

  #endSync(gid: number, key: number): void {
    const reading = this.#readings.get(gid);
    if (reading === undefined) {
      this.onFault('a sync ended that was not asked for');
      return;
    }
    // From 0 the server begins where any device of the user has come to.
    if (reading.asked > 0 && reading.count > 0 && key !== reading.asked + reading.count) {
      this.onFault(
        `${this.uid}: ${reading.count} messages from ${reading.asked} on end at ${key} in inbox ${gid}`,
      );
    }
    this.#readings.delete(gid);
    this.#arriving = 0;
    this.#raise(gid, key);
    if (this.#options.confirms !== 'never' && reading.count > 0) this.confirm(gid);
    const more = reading.newest > key;
    if (more) this.#fetch(gid);
    this.onSynced(gid, more);
  }

  #fetch(gid: number): void {
    if (gid === 0) this.sync();
    else this.syncGroup(gid);
  }

  #raise(gid: number, key: number): void {
    if (gid === 0) this.key = Math.max(this.key, key);
    else this.groupKeys.set(gid, Math.max(this.groupKeys.get(gid) ?? 0, key));
  }
}
