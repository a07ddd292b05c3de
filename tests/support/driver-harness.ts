import type { Driver, DriverEvent, RoomMember } from '../../bot/automation/driver.ts';
import { eventually } from './eventually.ts';

/** What a fault acts on. */
export type FaultTarget = 'text' | 'image' | 'card' | 'rooms' | 'start' | 'ping';

/** Faults that happen once each. */
export type HarnessFault =
  /** The call is answered `ms` later than it would be. */
  | { kind: 'delay'; on: FaultTarget; ms: number }
  /** The call is never answered and nothing leaves. */
  | { kind: 'hang'; on: FaultTarget }
  /** The other side refuses; nothing leaves. */
  | { kind: 'error'; on: FaultTarget }
  /** WeChat says "too frequent"; nothing leaves. */
  | { kind: 'rate'; on: FaultTarget }
  /** The message is in the room, its answer never comes. */
  | { kind: 'lost-answer'; on: FaultTarget }
  /** The event stream breaks now; the account's session stays. */
  | { kind: 'stream-death' };

/** What a world cannot do is left out, and the tests that need it are skipped by name. */
export type HarnessFeature =
  /** Shows QR codes: `scan` and `confirm` act on them. Without: a start logs in by itself. */
  | 'qr'
  /** A QR code that nobody scans is replaced by another (driven by `pass`). */
  | 'qr-renewal'
  /** After stop, a new driver on the same world logs in without a QR code. */
  | 'kept-session'
  | 'kick'
  /** Contacts can write to the account privately, and it to them. */
  | 'private'
  /** `say` with `at` is a mention that WeChat knows. */
  | 'mention'
  /** Proofs of life come by themselves while nothing happens (driven by `pass`). */
  | 'heartbeat';

/** One message as the world saw it. */
export interface Seen {
  id: string;
  kind: string;
  text?: string | undefined;
  self: boolean;
  ref?: string | undefined;
  card?: Record<string, unknown> | undefined;
  /** Lower-case hex. */
  fileSha256?: string | undefined;
  mentionIds?: readonly string[] | undefined;
}

/** WeChat's side. Every promise settles when the world has done it, not when the driver knows. */
export interface WorldControls {
  scan(): Promise<void>;
  confirm(): Promise<void>;
  /** The phone ends the session. */
  kick(): Promise<void>;
  /** Members besides the account itself, by name. */
  createRoom(topic: string, members: string[]): Promise<{ id: string; members: RoomMember[] }>;
  rename(roomId: string, topic: string): Promise<void>;
  /** A friend of the account; answers the contact's id. */
  addContact(name: string): Promise<string>;
  say(roomId: string, memberId: string, text: string, options?: { at?: boolean }): Promise<void>;
  sayPrivately(contactId: string, text: string): Promise<void>;
  /** Everything said in a room (room id) or privately (contact id), oldest first. */
  seen(chatId: string): Promise<Seen[]>;
  fault(fault: HarnessFault): Promise<void>;
}

export interface DriverRig {
  /** Not started. */
  driver: Driver;
  world: WorldControls;
  /** Another driver object on the same world and kept sessions, as after a process restart. */
  reopen(): Promise<Driver>;
  /** Lets this much time go by on the driver's clock. */
  pass(ms: number): Promise<void>;
  /** Stops what still runs and removes what was made. */
  close(): Promise<void>;
}

export interface DriverHarness {
  /** A fresh world whose account has never logged in, and a driver on it. */
  open(): Promise<DriverRig>;
  features: readonly HarnessFeature[];
  /** Faults it can make: `kind` for stream-death, else `kind:target`. */
  faults: readonly string[];
}

/** Every event of a driver, in order. */
export class Heard {
  readonly events: DriverEvent[] = [];
  readonly off: () => void;

  constructor(driver: Driver) {
    this.off = driver.on((event) => this.events.push(event));
  }

  of<T extends DriverEvent['type']>(type: T): Extract<DriverEvent, { type: T }>[] {
    return this.events.filter(
      (event): event is Extract<DriverEvent, { type: T }> => event.type === type,
    );
  }

  /** Waits until there are at least `count` events of a type; answers the last of them. */
  async until<T extends DriverEvent['type']>(
    type: T,
    count = 1,
  ): Promise<Extract<DriverEvent, { type: T }>> {
    return eventually(`${count} × ${type}`, () => {
      const found = this.of(type);
      return found.length >= count ? found.at(-1) : undefined;
    });
  }

  /** Texts of messages heard, by whom. */
  texts(filter: { self: boolean }): string[] {
    return this.of('message')
      .filter(({ message }) => message.self === filter.self)
      .map(({ message }) => message.text);
  }
}

/** Starts a driver and brings its account to ready, scanning where it has to. */
export async function logIn(rig: DriverRig, driver: Driver = rig.driver): Promise<Heard> {
  const heard = new Heard(driver);
  await driver.start(new AbortController().signal);
  await eventually('scan or login', () => heard.of('scan')[0] ?? heard.of('login')[0]);
  if (heard.of('login').length === 0) {
    await rig.world.scan();
    await rig.world.confirm();
    await heard.until('login');
  }
  await heard.until('ready');
  return heard;
}
