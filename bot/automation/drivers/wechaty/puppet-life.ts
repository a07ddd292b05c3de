import type { Logger } from '../../../../config/logger.ts';
import type { Clock } from '../../../clock.ts';
import { within } from '../../../deadline.ts';
import { type Account, DriverError, type DriverEvent } from '../../driver.ts';
import { BoundedCalls } from './bounded-calls.ts';
import { ClientPuppet, type ClientPuppetOptions } from './client-puppet.ts';
import { DirectoryReader } from './directory-reader.ts';
import type { StreamEnd } from './grpc-link.ts';
import { Inbox } from './inbox.ts';
import { LifeEvents } from './life-events.ts';
import { Liveness } from './liveness.ts';
import { MessageReader } from './message-reader.ts';
import type { NameBook } from './name-book.ts';
import { ConnectionLost, describe, status } from './puppet-errors.ts';
import { PuppetReports } from './puppet-reports.ts';
import type { Redact } from './redact.ts';

export interface PuppetLifeOptions {
  connect: ClientPuppetOptions;
  names: NameBook;
  clock: Clock;
  logger: Logger;
  redact: Redact;
  emit: (event: DriverEvent) => void;
}

/** Ms, on the driver's clock. */
const limits = { start: 20_000, send: 15_000, lookUp: 30_000, logout: 10_000 } as const;
const muteMs = 30_000;
/** At most one proof of life is told in this time. */
const aliveEveryMs = 1000;

/**
 * One connection to one puppet server, from start to its end. A puppet object lives once: the
 * library leaks listeners into a second start. What happens after the end is unheard.
 */
export class PuppetLife {
  readonly directory: DirectoryReader;
  readonly #options: PuppetLifeOptions;
  readonly #puppet: ClientPuppet;
  readonly #events: LifeEvents;
  readonly #liveness: Liveness;
  readonly #inbox: Inbox<Parameters<LifeEvents['message']>[0]>;
  readonly #end = new AbortController();
  readonly #calls: BoundedCalls;
  #phase: 'starting' | 'up' | 'over' = 'starting';
  #hanging = false;
  #upAt = 0;
  #aliveAt = Number.NEGATIVE_INFINITY;

  constructor(options: PuppetLifeOptions) {
    const { connect, names, clock, logger, redact } = options;
    this.#options = options;
    this.#calls = new BoundedCalls({ clock, redact });
    const puppet = new ClientPuppet(connect);
    this.#puppet = puppet;
    this.#liveness = new Liveness({
      clock,
      ask: (data) => puppet.askDong(data),
      onDead: (reason) => {
        this.#hanging = true;
        this.#die(reason);
      },
    });
    this.#events = new LifeEvents({
      puppet,
      names,
      clock,
      emit: (event) => this.#emit(event),
      onStopped: () => this.#die('the puppet behind the server was stopped or restarted'),
    });
    const account = (): Account | undefined => this.#events.account;
    this.directory = new DirectoryReader({ puppet, names, clock, selfId: () => account()?.id });
    const reader = new MessageReader({ puppet, names, clock, account });
    this.#inbox = new Inbox({
      read: (id) => reader.read(id),
      deliver: (message) => this.#events.message(message),
      onLost: (id, error) =>
        logger.warn({ messageId: id, reason: redact(describe(error).text) }, 'a message is lost'),
    });
    this.#listen();
  }

  get isOver(): boolean {
    return this.#phase === 'over';
  }

  /** It ended without a word from the server, which may still keep our place on its stream. */
  get isHanging(): boolean {
    return this.#hanging;
  }

  /** It was up for long and showed neither a login nor a QR code. */
  get wasMute(): boolean {
    const { clock } = this.#options;
    return this.#upAt > 0 && !this.#events.showedSession && clock.now() - this.#upAt > muteMs;
  }

  get account(): Account | undefined {
    return this.#events.account;
  }

  /**
   * Connects and proves it: the puppet says it is active and the stream has brought something.
   * `taken`: all is well but for the event stream, whose only place is another client's, or that of
   * a life of ours the server has not noticed the end of.
   * @throws DriverError
   */
  async start(signal: AbortSignal, limitMs: number = limits.start): Promise<'up' | 'taken'> {
    const { clock, redact } = this.#options;
    if (signal.aborted) {
      this.leave();
      throw new DriverError('offline', 'the start was aborted');
    }
    const failed = Promise.withResolvers<never>();
    failed.promise.catch(() => {});
    const onAbort = (): void => failed.reject(new DriverError('offline', 'the start was aborted'));
    signal.addEventListener('abort', onAbort);
    this.#puppet.onStartFailed = failed.reject;
    this.#puppet.onStreamEnd = (end) => {
      failed.reject(end.error ?? new ConnectionLost('the server ended the event stream'));
      this.#streamEnded(end);
    };
    try {
      const begun = (): Promise<boolean> => Promise.race([this.#begin(), failed.promise]);
      if (!(await within(clock, limitMs, begun))) return 'taken';
    } catch (error) {
      if (describe(error).code === status.alreadyExists) return 'taken';
      this.leave();
      throw startError(error, redact);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    this.#phase = 'up';
    this.#upAt = clock.now();
    this.#liveness.start();
    return 'up';
  }

  /** Ends the connection, keeps the account logged in. Nothing is told. Idempotent. */
  leave(reason = 'the driver was stopped'): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    this.#liveness.stop();
    this.#inbox.close();
    this.#end.abort();
    this.#calls.endAll(reason);
    this.#puppet.detach();
  }

  /** Stops the server's puppet, which frees the place on its event stream; then leaves. */
  async freeStream(signal: AbortSignal): Promise<void> {
    const onAbort = (): void => this.leave('the start was aborted');
    signal.addEventListener('abort', onAbort);
    try {
      await this.#calls.run('look-up', limits.logout, () => this.#puppet.stopServer());
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.leave();
    }
  }

  /** Hands something to WeChat; `handOver` marks the moment from which it may have left. */
  async send(
    work: (puppet: ClientPuppet, handOver: () => void) => Promise<unknown>,
  ): Promise<string | undefined> {
    this.#mustBeUp();
    if (this.account === undefined)
      throw new DriverError('offline', 'the account is not logged in');
    let settled = false;
    let handed = false;
    const handOver = (): void => {
      // Nobody waits for it any more: it must not leave behind our back.
      if (settled) throw new ConnectionLost('too late to be sent');
      handed = true;
    };
    try {
      const id = await this.#calls.run('send', limits.send, () => work(this.#puppet, handOver));
      return typeof id === 'string' && id !== '' ? id : undefined;
    } catch (error) {
      if (handed || !(error instanceof DriverError) || error.fault !== 'unknown') throw error;
      throw new DriverError('offline', error.message);
    } finally {
      settled = true;
    }
  }

  async lookUp<T>(work: (directory: DirectoryReader, signal: AbortSignal) => Promise<T>) {
    this.#mustBeUp();
    return this.#calls.run<T>('look-up', limits.lookUp, () =>
      work(this.directory, this.#end.signal),
    );
  }

  async ping(): Promise<void> {
    this.#mustBeUp();
    await this.#calls.run('look-up', limits.lookUp, () => this.#liveness.check('dong'));
  }

  async logout(): Promise<void> {
    this.#mustBeUp();
    if (this.account === undefined) return;
    this.#events.expectLogout(true);
    try {
      await this.#calls.run('look-up', limits.logout, () => this.#puppet.logoutAccount());
    } catch (error) {
      this.#events.expectLogout(false);
      throw error;
    }
  }

  async #begin(): Promise<boolean> {
    await this.#puppet.start();
    if (this.#puppet.state.active() !== true) {
      throw new DriverError('offline', 'the puppet did not become active');
    }
    if (this.#liveness.heardAnything) return true;
    return this.#liveness.check('any').then(
      () => true,
      () => false,
    );
  }

  #mustBeUp(): void {
    if (this.#phase !== 'up') throw new DriverError('offline', 'not connected');
  }

  #listen(): void {
    const puppet = this.#puppet;
    puppet.on('heartbeat', () => this.#noteAlive());
    puppet.on('dong', () => this.#liveness.noteDong());
    puppet.on('message', ({ messageId }) => this.#inbox.push(messageId));
    const { clock, redact, logger } = this.#options;
    const reports = new PuppetReports({
      now: () => clock.now(),
      redact,
      write: (reason, times) => logger.warn({ reason, times }, 'the puppet reports an error'),
    });
    // Stays for ever: an error nobody listens to ends the process.
    puppet.on('error', (payload) => reports.note(payload));
    this.#events.listen(this.directory);
  }

  #noteAlive(): void {
    this.#liveness.noteEvent();
    const now = this.#options.clock.now();
    if (now - this.#aliveAt < aliveEveryMs) return;
    this.#aliveAt = now;
    this.#emit({ type: 'alive' });
  }

  #streamEnded({ code, error }: StreamEnd): void {
    if (this.#phase !== 'up') return;
    const reason = this.#options.redact(
      error === undefined ? 'the server ended it' : describe(error).text,
    );
    this.#hanging = error !== undefined;
    const refused = code === status.unauthenticated || code === status.permissionDenied;
    this.#die(`the event stream ended: ${reason}`, refused ? 'refused' : 'down');
  }

  #die(reason: string, type: 'down' | 'refused' = 'down'): void {
    if (this.#phase === 'over') return;
    const { emit } = this.#options;
    this.leave(reason);
    emit({ type, reason });
  }

  #emit(event: DriverEvent): void {
    if (this.#phase !== 'over') this.#options.emit(event);
  }
}

/** A start that fails leaves nothing behind; what the provider refuses stays refused. */
function startError(error: unknown, redact: Redact): DriverError {
  if (error instanceof DriverError) return error;
  const { code, text } = describe(error);
  const refused =
    code === status.unauthenticated ||
    code === status.permissionDenied ||
    (code === status.unknown && /token|auth|forbidden|expired|banned/i.test(text));
  return new DriverError(refused ? 'refused' : 'offline', redact(text));
}
