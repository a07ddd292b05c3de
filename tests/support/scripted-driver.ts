import {
  type Account,
  type Capabilities,
  type Driver,
  type DriverContact,
  DriverError,
  type DriverEvent,
  type DriverRoom,
  type Receipt,
} from '../../bot/automation/driver.ts';
import type { Clock, Timer } from '../../bot/clock.ts';

/** What a start, a ping, a room list or a log-out does. */
export type Conduct = 'good' | 'hang' | 'reject' | 'refuse' | 'throw';

/** What a driver of the script does; shared by all objects built for one bot. */
export interface Script {
  start: Conduct;
  stop: Conduct;
  ping: Conduct;
  rooms: Conduct;
  logout: Conduct;
  /** Said right after a good start, in order. */
  says: DriverEvent[];
  /** Whether a life says `alive` every 15 s. */
  heart: boolean;
  stableIds: boolean;
  roomList: DriverRoom[];
  contactList: DriverContact[];
}

export function script(changes: Partial<Script> = {}): Script {
  return {
    start: 'good',
    stop: 'good',
    ping: 'good',
    rooms: 'good',
    logout: 'good',
    says: [],
    heart: true,
    stableIds: true,
    roomList: [],
    contactList: [],
    ...changes,
  };
}

export function loginOf(account: Account): DriverEvent {
  return { type: 'login', account };
}

export function scanOf(code: string, expiresAt?: number): DriverEvent {
  return { type: 'scan', code, status: 'waiting', expiresAt };
}

/** A driver that does what its script says, at the time of the clock. */
export class ScriptedDriver implements Driver {
  readonly #script: Script;
  readonly #clock: Clock;
  readonly #listeners = new Set<(event: DriverEvent) => void>();
  #heart: Timer | undefined;
  starts = 0;
  stops = 0;
  logouts = 0;
  pings = 0;
  live = false;

  constructor(options: { script: Script; clock: Clock }) {
    this.#script = options.script;
    this.#clock = options.clock;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  get capabilities(): Capabilities {
    return {
      text: true,
      image: true,
      miniProgram: false,
      file: true,
      realMention: false,
      messageIds: true,
      stableIds: this.#script.stableIds,
      echo: true,
    };
  }

  on(listener: (event: DriverEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Says something, in or out of a life. */
  say(...events: DriverEvent[]): void {
    for (const event of events) for (const listener of [...this.#listeners]) listener(event);
  }

  start(signal: AbortSignal): Promise<void> {
    this.starts += 1;
    return this.#behave(this.#script.start, () => {
      if (signal.aborted) throw new DriverError('offline', 'stopped while starting');
      this.live = true;
      this.#beat();
      this.say({ type: 'alive' }, ...this.#script.says);
    });
  }

  stop(): Promise<void> {
    this.stops += 1;
    this.live = false;
    this.#heart?.cancel();
    return this.#behave(this.#script.stop, () => {});
  }

  logout(): Promise<void> {
    this.logouts += 1;
    return this.#behave(this.#script.logout, () => {});
  }

  ping(): Promise<void> {
    this.pings += 1;
    return this.#behave(this.#script.ping, () => {});
  }

  sendText(): Promise<Receipt> {
    return Promise.resolve({ messageId: 'm' });
  }

  sendMiniProgram(): Promise<Receipt> {
    return Promise.reject(new DriverError('unsupported', 'no cards'));
  }

  sendImage(): Promise<Receipt> {
    return Promise.resolve({ messageId: 'm' });
  }

  sendFile(): Promise<Receipt> {
    return Promise.resolve({ messageId: 'm' });
  }

  rooms(): Promise<DriverRoom[]> {
    return this.#behave(this.#script.rooms, () => [...this.#script.roomList]);
  }

  room(id: string): Promise<DriverRoom> {
    return this.#behave(this.#script.rooms, () => {
      const room = this.#script.roomList.find((one) => one.id === id);
      if (room === undefined) throw new DriverError('absent', 'no such room');
      return room;
    });
  }

  contacts(): Promise<DriverContact[]> {
    return this.#behave('good', () => [...this.#script.contactList]);
  }

  #beat(): void {
    this.#heart?.cancel();
    this.#heart = this.#clock.after(15_000, () => {
      if (!this.live) return;
      if (this.#script.heart) this.say({ type: 'alive' });
      this.#beat();
    });
  }

  #behave<T>(conduct: Conduct, good: () => T): Promise<T> {
    switch (conduct) {
      case 'good':
        return Promise.resolve().then(good);
      case 'hang':
        return new Promise(() => {});
      case 'reject':
        return Promise.reject(new Error('out of order'));
      case 'refuse':
        return Promise.reject(new DriverError('refused', 'the token is not valid'));
      case 'throw':
        throw new Error('thrown, not rejected');
    }
  }
}
