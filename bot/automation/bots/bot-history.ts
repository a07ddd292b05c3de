import type { Clock } from '../../clock.ts';
import type { BotRegistry } from './bot-port.ts';
import type { BotState } from './bot-state.ts';

/** A state that a bot came into. */
export interface BotMoment {
  at: number;
  state: BotState;
  reason: string | undefined;
  account: string | undefined;
}

/** Moments that are kept of each bot. */
const most = 200;

/**
 * What bots went through since the daemon started, for whoever asks why one was away. The state is
 * derived anew all the time, so that what did not change is not a moment.
 */
export class BotHistory {
  readonly #bots: Pick<BotRegistry, 'get' | 'on'>;
  readonly #clock: Clock;
  readonly #moments = new Map<string, BotMoment[]>();
  #unlisten: (() => void) | undefined;

  constructor(options: { bots: Pick<BotRegistry, 'get' | 'on'>; clock: Clock }) {
    this.#bots = options.bots;
    this.#clock = options.clock;
  }

  start(): void {
    this.#unlisten ??= this.#bots.on((botcode, notice) => {
      if (notice.type === 'state') this.#note(botcode);
    });
  }

  stop(): void {
    this.#unlisten?.();
    this.#unlisten = undefined;
  }

  /** Newest first. */
  of(botcode: string): BotMoment[] {
    return [...(this.#moments.get(botcode) ?? [])].reverse();
  }

  #note(botcode: string): void {
    const bot = this.#bots.get(botcode);
    if (bot === undefined) {
      this.#moments.delete(botcode);
      return;
    }
    const { state, reason, account } = bot.view();
    const moments = this.#moments.get(botcode) ?? [];
    this.#moments.set(botcode, moments);
    const last = moments.at(-1);
    const name = account?.name;
    if (last?.state === state && last.reason === reason && last.account === name) return;
    moments.push({ at: this.#clock.now(), state, reason, account: name });
    if (moments.length > most) moments.shift();
  }
}
