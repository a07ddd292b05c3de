import type { Logger } from '../../../../config/logger.ts';
import type { Clock } from '../../../clock.ts';
import {
  type Capabilities,
  type Card,
  type Driver,
  type DriverContact,
  DriverError,
  type DriverEvent,
  type DriverFault,
  type DriverRoom,
  type Receipt,
  type SendFile,
  type SendOptions,
  type Sessions,
  type Target,
} from '../../driver.ts';
import { type Answer, type Deadline, Life } from './simulator-life.ts';
import type { Fault, FaultPoint, Words } from './simulator-types.ts';
import { type SimulatedWeChat, seenFile } from './simulator-wechat.ts';

const sendDeadline: Deadline = { ms: 15_000, fault: 'unknown' };
const lookUpDeadline: Deadline = { ms: 30_000, fault: 'offline' };
/** `stop` ends within this, hanging or not. */
const stopMs = 5_000;

const capabilities: Capabilities = {
  text: true,
  image: true,
  miniProgram: true,
  file: true,
  realMention: true,
  messageIds: true,
  stableIds: true,
  echo: true,
};

export interface SimulatorDriverOptions {
  wechat: SimulatedWeChat;
  autoScan: boolean;
  sessions: Sessions;
  clock: Clock;
  logger: Logger;
}

/** A client of the simulated WeChat. */
export class SimulatorDriver implements Driver {
  readonly capabilities = capabilities;
  readonly #options: SimulatorDriverOptions;
  readonly #listeners = new Set<(event: DriverEvent) => void>();
  #life: Life | undefined;

  constructor(options: SimulatorDriverOptions) {
    this.#options = options;
  }

  on(listener: (event: DriverEvent) => void): () => void {
    // Its own function, so that a listener that is there twice leaves once.
    const own = (event: DriverEvent): void => listener(event);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  async start(signal: AbortSignal): Promise<void> {
    const { autoScan, clock, sessions, wechat } = this.#options;
    this.#end();
    const life = new Life(clock, (event) => {
      for (const listener of this.#listeners) listener(event);
    });
    this.#life = life;
    const abort = (): void => this.#endOf(life);
    signal.addEventListener('abort', abort);
    try {
      if (signal.aborted) abort();
      await this.#call('start', lookUpDeadline, () => undefined);
      const token = await sessions.load(wechat.botcode);
      if (life.ended) throw new DriverError('offline', 'stopped while starting');
      const keep = (made: string): Promise<void> => sessions.save(wechat.botcode, made);
      wechat.connect({ life, autoScan, token, keep });
    } catch (error) {
      this.#endOf(life);
      if (error instanceof DriverError) throw error;
      throw new DriverError('offline', 'the simulated WeChat cannot be reached', { cause: error });
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async stop(): Promise<void> {
    const { clock, wechat } = this.#options;
    if (this.#life === undefined) return;
    const fault = wechat.faults.take('stop');
    this.#end();
    if (fault !== undefined) await clock.sleep(Math.min(fault.ms ?? stopMs, stopMs));
  }

  async logout(): Promise<void> {
    const { sessions, wechat } = this.#options;
    if (this.#life !== undefined) await this.#call('logout', lookUpDeadline, () => undefined);
    wechat.forgetSession();
    await sessions.forget(wechat.botcode);
  }

  ping(): Promise<void> {
    return this.#call('ping', lookUpDeadline, () => undefined);
  }

  sendText(to: Target, text: string, options: SendOptions): Promise<Receipt> {
    return this.#send('text', to, options, () => ({ kind: 'text', text }));
  }

  sendMiniProgram(to: Target, card: Card, options: SendOptions): Promise<Receipt> {
    return this.#send('card', to, options, () => ({ kind: 'miniProgram', card: { ...card } }));
  }

  sendImage(to: Target, file: SendFile, options: SendOptions): Promise<Receipt> {
    return this.#send('image', to, options, () => ({ kind: 'image', file: seenFile(file) }));
  }

  sendFile(to: Target, file: SendFile, options: SendOptions): Promise<Receipt> {
    return this.#send('file', to, options, () => ({ kind: 'file', file: seenFile(file) }));
  }

  rooms(): Promise<DriverRoom[]> {
    const { wechat } = this.#options;
    return this.#call('rooms', lookUpDeadline, (life) => wechat.roomsOf(wechat.accountOf(life)));
  }

  room(id: string): Promise<DriverRoom> {
    const { wechat } = this.#options;
    const find = (life: Life): DriverRoom => wechat.roomOf(wechat.accountOf(life), id);
    return this.#call('room', lookUpDeadline, find, id);
  }

  contacts(): Promise<DriverContact[]> {
    const { wechat } = this.#options;
    return this.#call('contacts', lookUpDeadline, (life) => {
      wechat.accountOf(life);
      return wechat.world.contacts().map(({ id, name }) => ({ id, name }));
    });
  }

  #send(
    point: FaultPoint,
    to: Target,
    options: SendOptions,
    content: () => Words,
  ): Promise<Receipt> {
    const deliver = (life: Life): Receipt => {
      const { ref, mentionIds = [] } = options;
      const mentions = mentionIds.length > 0 ? { mentions: mentionIds } : {};
      const words: Words = { ...content(), ...mentions, ref };
      return { messageId: this.#options.wechat.deliver(life, to, words).id };
    };
    return this.#call(point, sendDeadline, deliver, to.id);
  }

  /** Does `work` on the connected life; without a fault at once, without a timer. */
  #call<T>(
    point: FaultPoint,
    deadline: Deadline,
    work: (life: Life) => T,
    chat?: string,
  ): Promise<T> {
    const life = this.#life;
    if (life === undefined || life.ended) {
      return Promise.reject(new DriverError('offline', 'not connected'));
    }
    if (deadline === sendDeadline) {
      // What is not logged in uses up no fault: nothing was handed over.
      try {
        this.#options.wechat.accountOf(life);
      } catch (error) {
        return Promise.reject(error);
      }
    }
    const fault = this.#options.wechat.faults.take(point, chat);
    if (fault === undefined) {
      try {
        return Promise.resolve(work(life));
      } catch (error) {
        return Promise.reject(error);
      }
    }
    return life.call(deadline, (answer) => misbehave(life, fault, deadline, answer, work));
  }

  #end(): void {
    if (this.#life !== undefined) this.#endOf(this.#life);
    this.#life = undefined;
  }

  #endOf(life: Life): void {
    this.#options.wechat.disconnect(life);
    life.end();
  }
}

function misbehave<T>(
  life: Life,
  fault: Fault,
  deadline: Deadline,
  answer: Answer<T>,
  work: (life: Life) => T,
): void {
  const attempt = (then: (value: T) => void): void => {
    try {
      then(work(life));
    } catch (error) {
      answer.reject(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const fail = (kind: DriverFault, message: string, afterMs: number | undefined): void => {
    const reject = (): void => answer.reject(new DriverError(kind, message));
    if (afterMs === undefined || afterMs === 0) reject();
    else life.after(afterMs, reject);
  };
  switch (fault.kind) {
    case 'delay':
      life.after(fault.ms ?? 0, () => attempt(answer.resolve));
      return;
    case 'hang':
      // Without `ms` the deadline ends it.
      if (fault.ms !== undefined) fail(deadline.fault, 'no answer', fault.ms);
      return;
    case 'lost-answer':
      attempt(() => {
        if (fault.ms !== undefined) fail(deadline.fault, 'the answer was lost', fault.ms);
      });
      return;
    case 'rate':
      fail('rate', 'too frequent', fault.ms);
      return;
    default: {
      const kind = fault.fault ?? (deadline === sendDeadline ? 'refused' : 'offline');
      fail(kind, 'refused by the simulated WeChat', fault.ms);
    }
  }
}
