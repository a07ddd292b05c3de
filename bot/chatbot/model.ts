import type { LlmSettings } from '../../config/chatbot-schema.ts';
import type { Logger } from '../../config/logger.ts';
import type { Clock } from '../clock.ts';
import { ModelBreaker } from './breaker.ts';
import { type Budget, type Reservation, tokensIn } from './budget.ts';
import { callModel } from './model-call.ts';
import { countsAgainst, ModelFailure, mayRetry } from './model-failure.ts';
import { type Dialect, fullDialect } from './model-request.ts';
import type { Message } from './prompt.ts';
import type { Finish } from './responder.ts';
import { Slots } from './slots.ts';
import { ThinkFilter } from './think.ts';

export interface ModelOptions {
  settings: LlmSettings | undefined;
  budget: Budget;
  clock: Clock;
  logger: Logger;
}

export interface ModelRequest {
  /** One answer at a time is made in each. */
  chat: string;
  messages: readonly Message[];
}

export interface Usage {
  prompt: number;
  completion: number;
}

/** A piece of an answer; the last one tells how it ended. */
export type ModelPiece = { delta: string } | { finish: Finish; usage: Usage };

/** Tries after the first one, and the pause before each where it asks for none. */
const retries = 2;
const retryPauseMs = 500;
/** A server that knows no bound of tokens is cut off at so many characters a token. */
const charactersPerToken = 8;
/** Longest that somebody who tries it out has to wait. */
const trialSeconds = 50;

/** A language model behind an OpenAI-compatible address, asked within bounds. */
export class Model {
  readonly #options: ModelOptions;
  readonly #slots: Slots;
  #settings: LlmSettings | undefined;
  #breaker = new ModelBreaker();
  #dialect: Dialect = fullDialect;

  constructor(options: ModelOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#slots = new Slots(options.settings?.concurrency ?? 1);
  }

  /** Undefined: no model, or switched off. */
  get settings(): LlmSettings | undefined {
    return this.#settings?.mode === 'off' ? undefined : this.#settings;
  }

  /** As the configuration names it. */
  get name(): string | undefined {
    return this.#settings?.model;
  }

  /** When it is asked; `off` while it is left alone, so that others answer what they can. */
  get mode(): LlmSettings['mode'] {
    return this.restsUntil === undefined ? (this.#settings?.mode ?? 'off') : 'off';
  }

  /** Answers that are being made. */
  get busy(): number {
    return this.#slots.taken;
  }

  /** Until when a failing model is left alone; undefined: it is asked. */
  get restsUntil(): number | undefined {
    return this.#breaker.restsUntil(this.#options.clock.now());
  }

  /** Settings that count from the next question on. */
  configure(settings: LlmSettings | undefined): void {
    this.#settings = settings;
    this.#breaker = new ModelBreaker();
    this.#dialect = fullDialect;
    this.#slots.resize(settings?.concurrency ?? 1);
  }

  /**
   * Asks it. Pieces come as they are made, without its thoughts; the last one tells how it ended.
   * Whoever stops reading ends it.
   * @throws ModelFailure
   */
  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPiece> {
    const { settings } = this;
    if (settings === undefined) throw new ModelFailure('off');
    yield* this.#bounded(settings, request, signal, false);
  }

  /** As `stream`, for an operator's trial: asked although it is switched off or left alone. */
  async *trial(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPiece> {
    const settings = this.#settings;
    if (settings === undefined) throw new ModelFailure('off');
    const limits = {
      firstTokenSeconds: Math.min(settings.firstTokenSeconds, trialSeconds),
      totalSeconds: Math.min(settings.totalSeconds, trialSeconds),
    };
    yield* this.#bounded({ ...settings, ...limits }, request, signal, true);
  }

  /** One answer: a place, tokens of the budget, and the breaker's leave. */
  async *#bounded(
    settings: LlmSettings,
    request: ModelRequest,
    signal: AbortSignal,
    forced: boolean,
  ): AsyncGenerator<ModelPiece> {
    const { clock, budget } = this.#options;
    const now = clock.now();
    if (!forced && this.restsUntil !== undefined) throw new ModelFailure('resting');
    const firstBy = now + settings.firstTokenSeconds * 1000;
    const endBy = now + settings.totalSeconds * 1000;
    const giveBack = await this.#slots.take(request.chat, firstBy - now, clock, signal);
    try {
      // While it waited the others may have failed.
      const breaker = this.#breaker;
      if (!breaker.enter(clock.now()) && !forced) throw new ModelFailure('resting');
      let known = false;
      const spent = { prompt: promptTokens(request.messages), completion: 0, told: false };
      let reserved: Reservation | undefined;
      try {
        reserved = await budget.reserve(spent.prompt + settings.maxTokens, settings.tokensPerDay);
        if (reserved === undefined) throw new ModelFailure('budget');
        yield* this.#answer(settings, request, signal, { firstBy, endBy }, spent);
        breaker.succeeded();
        known = true;
      } catch (error) {
        if (error instanceof ModelFailure && countsAgainst(error)) {
          known = true;
          if (breaker.failed(clock.now())) this.#tellRest();
        }
        this.#tell(error);
        throw error;
      } finally {
        if (!known) breaker.left();
        if (reserved !== undefined) await this.#settle(reserved, spent);
      }
    } finally {
      giveBack();
    }
  }

  /** Tries again as long as nothing was said. */
  async *#answer(
    settings: LlmSettings,
    { messages }: ModelRequest,
    signal: AbortSignal,
    limits: { firstBy: number; endBy: number },
    spent: Usage & { told: boolean },
  ): AsyncGenerator<ModelPiece> {
    const { clock } = this.#options;
    const promptGuess = spent.prompt;
    for (let tries = 0; ; tries += 1) {
      const think = new ThinkFilter();
      let begun = false;
      let finish: Finish = 'stop';
      let shown = 0;
      spent.prompt = promptGuess;
      try {
        const events = callModel({
          ...{ settings, messages, clock, signal, ...limits },
          dialect: this.#dialect,
          onDialect: (dialect) => {
            this.#dialect = dialect;
          },
        });
        for await (const event of events) {
          begun = true;
          if (event.kind === 'usage') Object.assign(spent, usageOf(event), { told: true });
          if (event.kind === 'finish') finish = event.reason;
          if (event.kind === 'thought' && !spent.told) spent.completion += guess(event.length);
          if (event.kind !== 'text') continue;
          if (!spent.told) spent.completion += tokensIn(event.text);
          const delta = think.push(event.text);
          shown += delta.length;
          if (delta !== '') yield { delta };
          if (shown > settings.maxTokens * charactersPerToken) {
            finish = 'length';
            break;
          }
        }
        const rest = think.end();
        shown += rest.length;
        if (rest !== '') yield { delta: rest };
        if (shown === 0 && finish !== 'length') throw new ModelFailure('empty');
        yield { finish, usage: { prompt: spent.prompt, completion: spent.completion } };
        return;
      } catch (error) {
        // What it would not do costs nothing; what it may still be thinking about does.
        if (!begun && !isLeft(error)) spent.prompt = 0;
        const again = !begun && tries < retries && error instanceof ModelFailure && mayRetry(error);
        if (!again) throw error;
        const pause = error.retryAfterMs ?? retryPauseMs * 2 ** tries;
        if (clock.now() + pause >= limits.firstBy) throw error;
        await clock.sleep(pause, signal);
        if (signal.aborted) throw new ModelFailure('cancelled');
      }
    }
  }

  async #settle(reserved: Reservation, spent: Usage): Promise<void> {
    try {
      await this.#options.budget.settle(reserved, spent.prompt + spent.completion);
    } catch (error) {
      // It stays at what was set aside; the answer is no worse for it.
      this.#options.logger.warn({ err: error }, 'usage of the model was not written down');
    }
  }

  #tell(error: unknown): void {
    const { logger } = this.#options;
    if (!(error instanceof ModelFailure)) return;
    const { reason, status, detail } = error;
    // Its words may quote what was asked.
    logger.debug({ reason, status, detail }, 'the model did not answer');
    if (reason !== 'cancelled') logger.warn({ reason, status }, 'no answer of the model');
  }

  #tellRest(): void {
    const until = new Date(this.restsUntil ?? 0).toISOString();
    this.#options.logger.warn({ until }, 'the model fails: it is left alone for a while');
  }
}

/** We went away; it may not have. */
function isLeft(error: unknown): boolean {
  return error instanceof ModelFailure && ['slow', 'endless', 'cancelled'].includes(error.reason);
}

function promptTokens(messages: readonly Message[]): number {
  let tokens = 8;
  for (const { content } of messages) tokens += tokensIn(content) + 4;
  return tokens;
}

function usageOf({ prompt, completion }: Usage): Usage {
  return { prompt, completion };
}

function guess(characters: number): number {
  return Math.ceil(characters / 2);
}
