import type { Clock } from '../../../clock.ts';
import { within } from '../../../deadline.ts';
import type { Account, DriverEvent, IncomingMessage } from '../../driver.ts';
import type { ClientPuppet } from './client-puppet.ts';
import type { DirectoryReader } from './directory-reader.ts';
import { dirtyTypes, scanStatusOf } from './message-mapping.ts';
import type { NameBook } from './name-book.ts';

export interface LifeEventsOptions {
  puppet: ClientPuppet;
  names: NameBook;
  clock: Clock;
  emit: (event: DriverEvent) => void;
  /** The server stopped or restarted its puppet; the account was not logged out by that. */
  onStopped: () => void;
}

/** A login does not wait longer than this for the account's name. */
const nameMs = 2000;
/** What the puppet library gives as the reason of a log-out that is only its own stop. */
const ownStop = 'puppet stop()';

/** Turns the puppet's events into the driver's, in order: login before ready before messages. */
export class LifeEvents {
  readonly #options: LifeEventsOptions;
  #account: Account | undefined;
  #ready = false;
  #logoutExpected = false;
  #showedSession = false;
  #code = '';
  #order: Promise<void> = Promise.resolve();

  constructor(options: LifeEventsOptions) {
    this.#options = options;
  }

  /** Known from the moment the server tells of the login. */
  get account(): Account | undefined {
    return this.#account;
  }

  /** There was a login or a QR code. */
  get showedSession(): boolean {
    return this.#showedSession;
  }

  /** The log-out that comes next is ours and is not told. */
  expectLogout(expected: boolean): void {
    this.#logoutExpected = expected;
  }

  message(message: IncomingMessage): void {
    this.#later(() => this.#options.emit({ type: 'message', message }));
  }

  listen(directory: DirectoryReader): void {
    const { puppet, names, emit } = this.#options;
    puppet.on('scan', ({ qrcode, status }) => {
      this.#showedSession = true;
      if (qrcode !== undefined && qrcode !== '') this.#code = qrcode;
      emit({ type: 'scan', code: this.#code, status: scanStatusOf(status), expiresAt: undefined });
    });
    puppet.on('login', ({ contactId }) => this.#onLogin(contactId));
    puppet.on('logout', ({ data }) => this.#onLogout(data ?? ''));
    puppet.on('ready', () => this.#onReady());
    puppet.on('room-topic', ({ roomId, newTopic }) => this.#room(roomId, newTopic));
    puppet.on('room-join', ({ roomId }) => this.#room(roomId));
    puppet.on('room-leave', ({ roomId, removeeIdList }) => {
      const gone = this.#account !== undefined && removeeIdList.includes(this.#account.id);
      emit({ type: 'room', roomId, topic: undefined, gone });
    });
    puppet.on('dirty', ({ payloadType, payloadId }) => {
      const type: number = payloadType;
      if (type === dirtyTypes.contact) names.forgetContact(payloadId);
      if (type === dirtyTypes.roomMember) names.forgetRoom(payloadId);
      const news = type === dirtyTypes.room && !directory.isOwnDirty(payloadId);
      if (news || type === dirtyTypes.roomMember) this.#room(payloadId);
    });
  }

  #room(roomId: string, topic?: string): void {
    this.#options.emit({ type: 'room', roomId, topic, gone: false });
  }

  #onLogin(id: string): void {
    const { puppet, clock, emit } = this.#options;
    this.#account = { id, name: '' };
    this.#showedSession = true;
    this.#ready = false;
    this.#logoutExpected = false;
    this.#later(async () => {
      const name = await within(clock, nameMs, () => puppet.contactRawPayload(id)).then(
        (contact) => contact.name,
        () => '',
      );
      if (this.#account?.id !== id) return;
      this.#account = { id, name };
      emit({ type: 'login', account: this.#account });
    });
  }

  #onLogout(reason: string): void {
    if (reason === ownStop) {
      this.#options.onStopped();
      return;
    }
    if (this.#account === undefined) return;
    this.#account = undefined;
    this.#ready = false;
    if (this.#logoutExpected) return;
    this.#later(() => {
      const told = reason === '' ? 'the account was logged out' : reason;
      this.#options.emit({ type: 'logout', reason: told });
    });
  }

  /** Servers repeat it; it is told once a login. */
  #onReady(): void {
    if (this.#account === undefined || this.#ready) return;
    this.#ready = true;
    this.#later(() => {
      if (this.#account !== undefined) this.#options.emit({ type: 'ready' });
    });
  }

  #later(work: () => void | Promise<void>): void {
    this.#order = this.#order.then(work).catch(() => {});
  }
}
