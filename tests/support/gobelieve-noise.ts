import { authBody, command, encodeFrame, pack, saidBody } from './gobelieve-frames.ts';

/** Random numbers that a seed repeats. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  of<T>(list: readonly T[]): T {
    const one = list[this.below(list.length)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; at += 1) bytes[at] = this.below(256);
    return bytes;
  }
}

export interface NoiseWorld {
  users: readonly { uid: number; token: string }[];
  groups: readonly number[];
}

const commands = Object.values(command);
const odd = [0, 1, -1, 2, 7, 255, 2 ** 31 - 1, -(2 ** 31)];
const oddLong = [...odd, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 2 ** 62, -(2 ** 63)];

/**
 * What a client gone mad says on one connection: mostly frames that mean something, in an order
 * that does not, with ids, keys, lengths, versions and flags of all kinds; now and then one that
 * has to end the connection.
 */
export class Noise {
  readonly #dice: Dice;
  readonly #world: NoiseWorld;
  readonly #own: { uid: number; token: string };
  #seq = 0;

  constructor(dice: Dice, world: NoiseWorld) {
    this.#dice = dice;
    this.#world = world;
    this.#own = dice.of(world.users);
  }

  /** So many frames, one after the other as they go over the wire. */
  frames(count: number): Buffer[] {
    const frames = Array.from({ length: count }, () => this.#frame());
    // Now and then the login is missing, or late, or doubled.
    const login = this.#plain(command.authToken, this.#login());
    if (this.#dice.next() < 0.85) frames.unshift(login);
    else if (this.#dice.next() < 0.5) frames.splice(this.#dice.below(count), 0, login, login);
    return frames.slice(0, count);
  }

  /** What the server says back when it has read all before, unless that has confused it for good. */
  last(mark: string): Buffer[] {
    const { uid } = this.#own;
    const login = authBody(2, this.#own.token, 'noise');
    const echo = saidBody(command.realtime, 2, { sender: uid, receiver: uid, text: mark });
    return [this.#plain(command.authToken, login), this.#plain(command.realtime, echo)];
  }

  #frame(): Buffer {
    const dice = this.#dice;
    const roll = dice.next();
    if (roll < 0.005) return this.#lethal();
    const [number, body] = this.#meaning();
    // Of a right length, and nothing else.
    if (roll < 0.012) return this.#plain(number, dice.bytes(body.length));
    if (roll > 0.1) return this.#plain(number, body);
    // Longer than its layout: what is more than text is ignored.
    const more = number === command.ping ? 0 : dice.below(40);
    return this.#plain(number, Buffer.concat([body, dice.bytes(more)]));
  }

  #meaning(): [number, Buffer] {
    const dice = this.#dice;
    const roll = dice.next();
    const text = dice.next() < 0.05 ? '长'.repeat(dice.below(300)) : '话';
    const sender = dice.next() < 0.8 ? this.#own.uid : this.#uid();
    if (roll < 0.2) return this.#say(command.peer, sender, this.#uid(), text);
    if (roll < 0.3) return this.#say(command.group, sender, this.#gid(), text);
    if (roll < 0.36) return this.#say(command.realtime, sender, this.#uid(), text);
    if (roll < 0.42) return this.#say(command.room, sender, dice.below(5), text);
    if (roll < 0.46) {
      const said = { senderApp: dice.of([7, 8, ...odd]), receiverApp: dice.of([7, 8, ...odd]) };
      const body = saidBody(command.customer, 2, { ...said, sender, receiver: this.#uid(), text });
      return [command.customer, body];
    }
    if (roll < 0.5) {
      const desk: [number, number, number, number] = [7, sender, dice.of(odd), this.#uid()];
      const number = dice.of([command.toDesk, command.fromDesk]);
      return [number, saidBody(number, 2, { desk, text })];
    }
    if (roll < 0.54) return [command.sync, pack(['i64', this.#key()])];
    if (roll < 0.56) return [command.syncGroup, pack(['i64', this.#gid()], ['i64', this.#key()])];
    if (roll < 0.66) return [command.syncKey, pack(['i64', this.#key()])];
    if (roll < 0.74)
      return [command.groupSyncKey, pack(['i64', this.#gid()], ['i64', this.#key()])];
    if (roll < 0.8) return [command.enterRoom, pack(['i64', dice.below(5)])];
    if (roll < 0.84) return [command.leaveRoom, pack(['i64', dice.below(5)])];
    if (roll < 0.88) return [command.unreadCount, pack(['i32', dice.of(odd)])];
    if (roll < 0.93) return [command.ack, pack(['i32', dice.of(odd)])];
    if (roll < 0.95) return [command.authToken, this.#login()];
    return [command.ping, Buffer.alloc(0)];
  }

  #say(number: number, sender: number, receiver: number, text: string): [number, Buffer] {
    return [number, saidBody(number, 2, { sender, receiver, text })];
  }

  /** Something after which nothing can be understood. */
  #lethal(): Buffer {
    const dice = this.#dice;
    const [number, body] = this.#meaning();
    const whole = this.#plain(number, body);
    switch (dice.below(6)) {
      case 0:
        return whole.subarray(0, dice.below(whole.length));
      case 1:
        return this.#plain(number, body.subarray(0, dice.below(Math.max(1, body.length))));
      case 2:
        return this.#plain(dice.of([...commands, dice.below(256)]), dice.bytes(dice.below(40)));
      case 3:
        return dice.bytes(dice.below(100));
      case 4:
        whole.writeInt32BE(dice.of([-1, 32_768, 2 ** 31 - 1, -(2 ** 31), 32_767]), 0);
        return whole;
      default:
        return this.#plain(command.ping, Buffer.from('x'));
    }
  }

  #plain(number: number, body: Buffer): Buffer {
    const dice = this.#dice;
    const tidy = dice.next() < 0.8;
    this.#seq += 1;
    return encodeFrame({
      command: number,
      seq: tidy ? this.#seq : dice.of(odd),
      version: tidy ? 2 : dice.of([0, 1, 2, 3, 255]),
      flags: tidy ? 0 : dice.below(256),
      body,
    });
  }

  #login(): Buffer {
    const dice = this.#dice;
    const roll = dice.next();
    const platform = dice.of([1, 2, 3, 4, 5, 0, 255]);
    const token = roll < 0.9 ? this.#own.token : dice.of(['', 'x', 'ü'.repeat(100)]);
    // Many devices have the same name: their numbers need not be told apart here.
    const device = roll < 0.97 ? `noise ${dice.below(20)}` : '';
    return authBody(platform, token, device);
  }

  #uid(): number {
    const dice = this.#dice;
    return dice.next() < 0.9 ? dice.of(this.#world.users).uid : dice.of(odd);
  }

  #gid(): number {
    const dice = this.#dice;
    return dice.next() < 0.9 ? dice.of(this.#world.groups) : dice.of(odd);
  }

  #key(): number {
    const dice = this.#dice;
    return dice.next() < 0.7 ? dice.below(500) : dice.of(oddLong);
  }
}
