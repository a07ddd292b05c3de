import { createHash } from 'node:crypto';
import type { Logger } from '../../../../config/logger.ts';
import type { Clock } from '../../../clock.ts';
import {
  type Account,
  DriverError,
  type DriverRoom,
  type IncomingMessage,
  type SendFile,
  type Target,
} from '../../driver.ts';
import { Faults } from './simulator-faults.ts';
import { type Client, Gate, type SimulatorState } from './simulator-gate.ts';
import type { Life } from './simulator-life.ts';
import type { ShownQr } from './simulator-login.ts';
import type {
  Fault,
  FaultOrder,
  Person,
  SeenMessage,
  Words,
  WorldRoom,
} from './simulator-types.ts';
import type { World } from './simulator-world.ts';

export interface SimulatedWeChatOptions {
  botcode: string;
  world: World;
  clock: Clock;
  logger: Logger;
}

export interface SimulatorView {
  botcode: string;
  state: SimulatorState;
  qr: ShownQr | undefined;
  /** Logged in. */
  account: Account | undefined;
  /** Would log in without a QR code. */
  keptSession: boolean;
  faults: Fault[];
}

/**
 * WeChat's side of one bot: what its client (the driver) can do there, and everything a phone, the
 * other members of a room or the weather can do to it.
 */
export class SimulatedWeChat {
  readonly botcode: string;
  readonly world: World;
  readonly faults = new Faults();
  readonly #gate: Gate;
  readonly #clock: Clock;

  constructor(options: SimulatedWeChatOptions) {
    this.botcode = options.botcode;
    this.world = options.world;
    this.#clock = options.clock;
    this.#gate = new Gate({ ...options, faults: this.faults });
  }

  connect(client: Client): void {
    this.#gate.connect(client);
  }

  disconnect(life: Life): void {
    this.#gate.disconnect(life);
  }

  forgetSession(): void {
    this.#gate.forgetSession();
  }

  /** The account this client is logged in with. @throws DriverError offline */
  accountOf(life: Life): Account {
    return this.#gate.accountOf(life);
  }

  /** @throws DriverError offline, absent, refused; nothing was said then */
  deliver(life: Life, to: Target, words: Words): SeenMessage {
    const account = this.accountOf(life);
    if (to.kind === 'room') this.roomOf(account, to.id);
    else if (this.world.person(to.id)?.friend !== true) {
      throw new DriverError('absent', `no contact ${to.id}`);
    }
    let message: SeenMessage;
    try {
      message = this.world.say(to.id, account, true, words, this.#clock.now());
    } catch (error) {
      throw new DriverError('refused', 'the simulated WeChat cannot write', { cause: error });
    }
    this.#tell(account, message, to.kind === 'room', false);
    return message;
  }

  /** @throws DriverError absent */
  roomOf(account: Account, id: string): DriverRoom {
    const room = this.world.room(id);
    if (room === undefined || room.gone || room.account !== account.id) {
      throw new DriverError('absent', `no room ${id}`);
    }
    return this.#asDriverRoom(account, room);
  }

  roomsOf(account: Account): DriverRoom[] {
    return this.world.rooms(account.id).map((room) => this.#asDriverRoom(account, room));
  }

  view(): SimulatorView {
    return {
      botcode: this.botcode,
      state: this.#gate.state,
      qr: this.#gate.qr,
      account: this.#gate.account,
      keptSession: this.world.session() !== undefined,
      faults: this.faults.list(),
    };
  }

  /** The account whose rooms the outside sees: logged in, kept, or the main one. */
  account(): Account {
    return this.#gate.account ?? this.world.session()?.account ?? this.world.mainAccount();
  }

  rooms(): WorldRoom[] {
    return this.world.rooms(this.account().id);
  }

  contacts(): Person[] {
    // An account finds its first contacts when it is first asked for.
    this.account();
    return this.world.contacts();
  }

  /** `account`: name of the WeChat account that scans. @throws AppError conflict */
  scan(account?: string): void {
    this.#gate.scan(account);
  }

  /** Resolves once logged in. @throws AppError conflict */
  async confirm(): Promise<void> {
    await this.#gate.confirm();
  }

  /** WeChat ends the session. @throws AppError conflict when the bot is not logged in */
  kick(reason = 'logged out on the phone'): void {
    this.#gate.kick(reason);
  }

  /** `silent`: the bot is not told, as when an event gets lost. */
  createRoom(topic: string, members: readonly string[], silent = false): WorldRoom {
    const room = this.world.createRoom(this.account().id, topic, members);
    if (!silent) this.#tellRoom(room, room.topic);
    return room;
  }

  /** `add`, `remove`: ids or names. @throws AppError when one to remove is not in the room */
  changeRoom(
    room: WorldRoom,
    change: { topic?: string; add?: readonly string[]; remove?: readonly string[] },
    silent = false,
  ): WorldRoom {
    const changed = this.world.changeRoom(room, change);
    if (!silent) this.#tellRoom(changed, change.topic);
    return changed;
  }

  /** A member speaks; `at`: to the account. @throws AppError when `who` is not a member */
  say(room: WorldRoom, who: string, text: string, at: boolean): SeenMessage {
    const from = this.world.memberOf(room, who, 'from');
    const account = this.world.accountOf(room);
    const called = `@${account.name}`;
    const mentioned = at || text.includes(`${called}\u2005`) || `${text} `.includes(`${called} `);
    const words: Words = {
      kind: 'text',
      text: at && !text.includes(called) ? `${called}\u2005${text}` : text,
      ...(mentioned && { mentions: [account.id] }),
    };
    const message = this.world.say(room.id, from, false, words, this.#clock.now());
    if (!room.gone) this.#tell(account, message, true, mentioned);
    return message;
  }

  /** A contact writes to the account privately. */
  sayPrivately(contact: Person, text: string): SeenMessage {
    const words: Words = { kind: 'text', text };
    const message = this.world.say(contact.id, contact, false, words, this.#clock.now());
    this.#tell(this.account(), message, false, false);
    return message;
  }

  /** @throws AppError when the kind cannot act on that */
  addFault(order: FaultOrder): Fault {
    const fault = this.faults.add(order);
    this.#gate.strike();
    return fault;
  }

  clearFaults(): void {
    this.faults.clear();
    this.#gate.unmute();
  }

  #asDriverRoom(account: Account, room: WorldRoom): DriverRoom {
    const members = this.world.membersOf(room).map(({ id, name }) => ({ id, name }));
    return { id: room.id, topic: room.topic, members: [{ ...account }, ...members] };
  }

  #tellRoom(room: WorldRoom, topic: string | undefined): void {
    this.#gate.tell(room.account, { type: 'room', roomId: room.id, topic, gone: room.gone });
  }

  #tell(account: Account, seen: SeenMessage, inRoom: boolean, mentionsSelf: boolean): void {
    // Words nobody listens to use up no fault.
    if (this.#gate.account?.id !== account.id) return;
    const message: IncomingMessage = {
      id: seen.id,
      kind: seen.kind,
      text: seen.text ?? '',
      fromId: seen.from,
      fromName: seen.fromName,
      roomId: inRoom ? seen.chat : undefined,
      toId: inRoom ? undefined : seen.self ? seen.chat : account.id,
      mentionsSelf,
      self: seen.self,
      at: seen.at,
      ...(seen.card !== undefined && { card: seen.card }),
    };
    const fault = this.faults.take(seen.self ? 'echo' : 'message', seen.chat);
    if (fault?.kind === 'drop') return;
    this.#gate.tell(account.id, { type: 'message', message }, fault?.ms);
    if (fault?.kind === 'duplicate') {
      this.#gate.tell(account.id, { type: 'message', message }, fault.ms);
    }
  }
}

/** What the world remembers of a file: everything but its bytes. */
export function seenFile(file: SendFile): NonNullable<Words['file']> {
  const sha256 = createHash('sha256').update(file.bytes).digest('hex');
  return { name: file.name, type: file.type, size: file.bytes.byteLength, sha256 };
}
