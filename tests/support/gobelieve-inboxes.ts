import {
  BodyReader,
  command,
  type Frame,
  flag,
  pack,
  readSaid,
  type Said,
} from './gobelieve-frames.ts';
import { type Spoken, SyncLine, type Taken } from './gobelieve-line.ts';

/** What is not stored. */
export type Live = Pick<Taken, 'command' | 'text' | 'sender' | 'receiver'>;

export interface Meta {
  key: number;
  previous: number;
}

const stored: readonly number[] = [
  command.peer,
  command.group,
  command.groupNotice,
  command.system,
  command.customer,
  command.toDesk,
  command.fromDesk,
];

/** What a client hears: its own inbox, those of its super groups, and what is not stored. */
export class Inboxes {
  readonly own: SyncLine;
  /** Super groups it follows. */
  readonly groups = new Map<number, SyncLine>();
  readonly live: Live[] = [];
  readonly #send: (number: number, body: Buffer) => void;
  /** Belongs to the very next frame. */
  #meta: Meta | undefined;
  /** The sync whose messages come now. */
  #open: SyncLine | undefined;

  constructor(send: (number: number, body: Buffer) => void) {
    this.#send = send;
    this.own = new SyncLine({
      whole: true,
      ask: (key) => send(command.sync, pack(['i64', key])),
      confirm: (key) => send(command.syncKey, pack(['i64', key])),
    });
  }

  /** The line of a super group, followed from now on. */
  follow(gid: number): SyncLine {
    const known = this.groups.get(gid);
    if (known !== undefined) return known;
    const say = (number: number) => (key: number) =>
      this.#send(number, pack(['i64', gid], ['i64', key]));
    const line = new SyncLine({
      whole: false,
      ask: say(command.syncGroup),
      confirm: say(command.groupSyncKey),
    });
    this.groups.set(gid, line);
    return line;
  }

  /** On a new connection. */
  start(): void {
    this.#meta = undefined;
    this.#open = undefined;
    this.own.start();
    for (const line of this.groups.values()) line.start();
  }

  /** The connection is gone. */
  stop(): void {
    this.own.stop();
    for (const line of this.groups.values()) line.stop();
  }

  /**
   * Its metadata, if an acknowledgement had some; it is the client's own to read.
   * @returns false: the frame is none of an inbox
   * @throws what a server must not do
   */
  hear(frame: Frame): boolean {
    const { flags, body } = frame;
    const said = readSaid(frame);
    if (frame.command === command.ack) return false;
    const meta = this.takeMeta();
    if (said !== undefined) {
      this.#said(frame, said, meta);
      return true;
    }
    if (meta !== undefined) throw new Error(`metadata before command ${frame.command}`);
    if (flags !== 0) throw new Error(`command ${frame.command} with flags ${flags}`);
    const reader = new BodyReader(body);
    if (!this.#control(frame.command, reader)) return false;
    reader.end();
    return true;
  }

  /** What was said here and is acknowledged. @returns its place */
  acknowledged(spoken: Spoken, flags: number): number | undefined {
    const meta = this.takeMeta();
    if ((flags & ~flag.superGroup) !== 0) throw new Error(`acknowledged with flags ${flags}`);
    if (meta === undefined) return undefined;
    const ofGroup = (flags & flag.superGroup) !== 0;
    const line = ofGroup ? this.groups.get(spoken.receiver ?? 0) : this.own;
    line?.take(spoken, 'ack', meta.key, meta.previous);
    return meta.key;
  }

  takeMeta(): Meta | undefined {
    const meta = this.#meta;
    this.#meta = undefined;
    return meta;
  }

  #control(number: number, reader: BodyReader): boolean {
    switch (number) {
      case command.metadata:
        this.#meta = { key: reader.i64(), previous: reader.i64() };
        if (reader.i64() !== 0 || reader.i64() !== 0) throw new Error('metadata not ending in 0');
        return true;
      case command.syncBegin:
        reader.i64();
        this.#begin(this.own);
        return true;
      case command.syncEnd:
        this.#end(this.own, reader.i64());
        return true;
      case command.syncNotify:
        this.own.notify(reader.i64());
        return true;
      case command.syncGroupBegin:
        this.#begin(this.follow(reader.i64()));
        reader.i64();
        return true;
      case command.syncGroupEnd:
        this.#end(this.follow(reader.i64()), reader.i64());
        return true;
      case command.syncGroupNotify:
        this.follow(reader.i64()).notify(reader.i64());
        return true;
      default:
        return false;
    }
  }

  #begin(line: SyncLine): void {
    if (this.#open !== undefined) throw new Error('a sync begins inside another');
    this.#open = line;
    line.begin();
  }

  #end(line: SyncLine, key: number): void {
    if (this.#open !== line) throw new Error('a sync ends that is not the one that began');
    this.#open = undefined;
    line.end(key);
  }

  #said({ command: number, flags }: Frame, said: Said, meta: Meta | undefined): void {
    const spoken = { ...said, command: number, self: (flags & flag.self) !== 0 };
    if (!stored.includes(number)) {
      if (flags !== 0 || meta !== undefined) throw new Error(`command ${number} is not stored`);
      this.live.push(spoken);
    } else if ((flags & flag.push) === 0) {
      if (meta !== undefined) throw new Error('metadata before a message of a sync');
      if ((flags & ~flag.self) !== 0) throw new Error(`message of a sync with flags ${flags}`);
      if (this.#open?.add(spoken) !== true) throw new Error(`"${said.text}" outside of a sync`);
    } else {
      if (meta === undefined) throw new Error(`"${said.text}" pushed without metadata`);
      if ((flags & ~(flag.push | flag.superGroup)) !== 0) throw new Error(`pushed with ${flags}`);
      const ofGroup = (flags & flag.superGroup) !== 0;
      // As the published clients do: only in groups that they follow.
      const line = ofGroup ? this.groups.get(said.receiver ?? 0) : this.own;
      line?.take(spoken, 'push', meta.key, meta.previous);
    }
  }
}
