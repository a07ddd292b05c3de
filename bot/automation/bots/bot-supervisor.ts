import type { Logger } from '../../../config/logger.ts';
import type { Clock, Timer } from '../../clock.ts';
import type { DriverError } from '../driver.ts';
import type { BotNews } from './bot-news.ts';
import type { BotState } from './bot-state.ts';
import { type Action, deriveState, edges, type Facts, limits, nextStep } from './bot-truth.ts';
import type { DriverHolder } from './driver-holder.ts';
import { DriverLives } from './driver-lives.ts';
import type { StartGate } from './start-gate.ts';

export interface SupervisorOptions {
  facts: Facts;
  holder: DriverHolder;
  news: BotNews;
  clock: Clock;
  logger: Logger;
  gate: StartGate;
  random: () => number;
  onState: () => void;
  /** The life is proven alive: what waits for a running driver can begin. */
  onUp: () => void;
  /** The driver is not to be used any more. */
  onDown: () => void;
}

/** After so many steps in one go something is wrong: look again a second later. */
const stepLimit = 20;

/** Derives the bot's state from its facts, keeps its deadlines, and its driver going. */
export class Supervisor {
  readonly facts: Facts;
  readonly lives: DriverLives;
  /** The driver is leaving after a command: what it says meanwhile concerns nobody. */
  leaving = false;
  readonly #options: SupervisorOptions;
  #state: BotState;
  #since: number;
  #timer: Timer | undefined;
  #looking = false;
  #closed = false;
  #lastError: string | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.facts = options.facts;
    const now = options.clock.now();
    this.#state = deriveState(this.facts, now);
    this.#since = now;
    this.lives = new DriverLives({
      holder: options.holder,
      clock: options.clock,
      gate: options.gate,
      random: options.random,
      startLimit: limits.start,
      onPhase: (phase) => this.#onPhase(phase),
      onStartFailed: (error) => this.#onStartFailed(error),
      isFailed: () => this.facts.failure !== undefined,
    });
  }

  get state(): BotState {
    return this.#state;
  }

  get since(): number {
    return this.#since;
  }

  get lastError(): string | undefined {
    return this.#lastError;
  }

  /** An event came over the stream: it lives, and what was in doubt is not any more. */
  hearStream(): void {
    this.facts.streamAt = this.#options.clock.now();
    this.facts.doubt = undefined;
  }

  /** Only a logged-in account could do this. */
  proveAccount(): void {
    this.facts.accountAt = this.#options.clock.now();
    this.facts.doubt = undefined;
    if (this.#state !== 'ready') this.look();
  }

  /** This life of the driver is over. */
  endLife(reason: string): void {
    this.#lastError = reason;
    this.lives.end();
    this.look();
  }

  /** The provider refuses, or nothing came of starting: told once, tried again for ever. */
  fail(reason: string): void {
    const { facts } = this;
    facts.failure = { reason };
    facts.qr = undefined;
    facts.offline = undefined;
    facts.lostAt = undefined;
    this.#options.news.trouble('failed', reason, facts.account?.id);
    this.lives.end();
    this.look();
  }

  /** WeChat ended the session, or it was out of reach for too long. */
  goOffline(reason: string, retryIn: number): void {
    const { facts } = this;
    facts.account = undefined;
    facts.synced = false;
    facts.qr = undefined;
    facts.lostAt = undefined;
    facts.offline = { reason, retryAt: this.#options.clock.now() + retryIn };
  }

  /** A command ended the session: nothing of it is left to believe in. */
  forgetSession(): void {
    const { facts } = this;
    facts.account = undefined;
    facts.synced = false;
    facts.qr = undefined;
    facts.lostAt = undefined;
    facts.offline = undefined;
    facts.failure = undefined;
    this.#lastError = undefined;
    this.#options.onDown();
  }

  offlinePause(): number {
    const [from, to] = limits.offlineJitter;
    return from + this.#options.random() * (to - from);
  }

  /** A login command: whatever the bot waits for, it tries now. */
  tryNow(): void {
    this.facts.failure = undefined;
    this.facts.offline = undefined;
    this.#lastError = undefined;
    // Between two lives, or in one that ended its session: a new one. Else it goes on as it is.
    if (this.facts.process === 'up') this.lives.end();
    this.lives.hurry();
    this.look();
  }

  /** Derives the state, does what is due, and plans the next look. Called after every new fact. */
  look(): void {
    if (this.#looking || this.#closed) return;
    this.#looking = true;
    this.#timer?.cancel();
    let next: number | undefined;
    try {
      next = this.#settle();
    } finally {
      this.#looking = false;
    }
    if (next === undefined) return;
    const wait = Math.max(1, next - this.#options.clock.now());
    this.#timer = this.#options.clock.after(wait, () => this.look());
  }

  /** Leaves the driver; no state is derived any more, nothing is told. */
  async stop(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.lives.stop();
  }

  /** @returns when to look again */
  #settle(): number | undefined {
    for (let count = 0; count < stepLimit; count++) {
      const now = this.#options.clock.now();
      this.#enter(deriveState(this.facts, now), now);
      const step = nextStep(this.facts, this.#state, this.#since);
      if (step === undefined || step.at > now) return step?.at;
      this.#take(step.action, now);
    }
    this.#options.logger.error({ state: this.#state }, 'the bot does not settle');
    return this.#options.clock.now() + 1000;
  }

  #enter(state: BotState, now: number): void {
    if (state === this.#state) return;
    const { logger, news, onState } = this.#options;
    const from = this.#state;
    this.#state = state;
    this.#since = now;
    if (!edges[from].includes(state)) logger.error({ from, state }, 'no such change of state');
    else logger.info({ from, state }, 'bot state');
    if (state === 'ready' && this.facts.account !== undefined) news.recovered(this.facts.account);
    onState();
  }

  #take(action: Action, now: number): void {
    const { facts } = this;
    switch (action) {
      case 'fail':
        this.fail(this.#lastError ?? 'neither a login nor a QR code within 60 s');
        break;
      case 'restart':
        this.#lastError = facts.doubt ?? `nothing proven in state ${this.#state}`;
        this.lives.end();
        break;
      case 'renew':
        facts.qr = undefined;
        if (facts.process === 'up') this.lives.end();
        this.lives.hurry();
        break;
      case 'giveUp':
        this.goOffline(this.#lastError ?? 'out of reach', this.offlinePause());
        break;
      case 'relogin':
        facts.offline = undefined;
        if (facts.process === 'up') this.lives.end();
        this.lives.hurry();
        break;
      case 'probe':
        this.#probe(now);
        break;
      // The next derivation sees what has become too old.
      case 'look':
        break;
    }
  }

  #probe(now: number): void {
    const { holder } = this.#options;
    const { facts } = this;
    facts.probing = true;
    facts.probedAt = now;
    const { generation } = holder;
    const done = (doubt: string | undefined): void => {
      if (holder.generation !== generation || this.facts.process !== 'up') return;
      facts.probing = false;
      // An answer says nothing of the stream: calls go on working after it died.
      facts.doubt = doubt;
      this.look();
    };
    holder
      .call(limits.probe, (driver) => driver.ping())
      .then(
        () => done(undefined),
        (error: DriverError) => done(error.message),
      );
  }

  #onPhase(phase: 'starting' | 'up' | 'down'): void {
    const { clock, news, onUp, onDown } = this.#options;
    const { facts } = this;
    const now = clock.now();
    facts.process = phase;
    facts.lifeAt = now;
    facts.probing = false;
    facts.doubt = undefined;
    if (phase === 'up') {
      facts.streamAt = now;
      onUp();
    }
    if (phase === 'down') {
      if (facts.account !== undefined && news.hasSession) facts.lostAt ??= now;
      facts.account = undefined;
      facts.synced = false;
      onDown();
    }
    this.look();
  }

  #onStartFailed(error: DriverError): void {
    this.#lastError = error.message;
    if (error.fault === 'refused') this.fail(error.message);
  }
}
