import type { Logger } from '../../config/logger.ts';
import type { Clock } from '../clock.ts';
import type { LiveAnswer } from './live-answer.ts';
import { ModelFailure } from './model-failure.ts';
import type { Ask, Outcome, Responder } from './responder.ts';

export interface PipelineOptions {
  /** In the order in which they are asked. */
  responders: readonly Responder[];
  /** Whether only what operators wrote may answer. */
  writtenOnly?: (ask: Ask) => boolean;
  clock: Clock;
  logger: Logger;
}

/** Asks one responder after another, until one of them answers. */
export class Pipeline {
  readonly #responders: readonly Responder[];
  readonly #writtenOnly: (ask: Ask) => boolean;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor({ responders, writtenOnly, clock, logger }: PipelineOptions) {
    this.#responders = responders;
    this.#writtenOnly = writtenOnly ?? (() => false);
    this.#clock = clock;
    this.#logger = logger;
  }

  /** @returns whether one answered, to its end */
  async run(ask: Ask, answer: LiveAnswer): Promise<boolean> {
    const writtenOnly = this.#writtenOnly(ask);
    for (const responder of this.#responders) {
      if (ask.signal.aborted) return false;
      if (responder.isOff === true) continue;
      if (writtenOnly && responder.isWritten !== true) continue;
      const began = this.#clock.now();
      const end = (outcome: Outcome | 'failed', note?: string): void =>
        answer.stepped({ step: responder.name, outcome, ms: this.#clock.now() - began, note });
      try {
        const outcome = await responder.respond(ask, answer);
        if (outcome === 'answered' || responder.isQuiet !== true) end(outcome);
        if (outcome === 'answered') return true;
        // What passes has said nothing; if it did, there is no going back.
        if (answer.said) return false;
      } catch (error) {
        if (ask.signal.aborted) return false;
        // Somebody else's fault is told in a word; ours with where it happened.
        if (error instanceof ModelFailure) {
          this.#logger.warn({ step: responder.name, reason: error.message }, 'an answer broke off');
        } else {
          this.#logger.error({ err: error, step: responder.name }, 'a step of an answer failed');
        }
        end('failed', error instanceof Error ? error.name : 'error');
        if (answer.said) return false;
      }
    }
    return false;
  }
}
