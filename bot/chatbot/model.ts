import type { LlmSettings } from '../../config/chatbot-schema.ts';
import type { Logger } from '../../config/logger.ts';
import type { Clock } from '../clock.ts';
import { ModelBreaker } from './breaker.ts';
import { type Budget, type Reservation, tokensIn } from './budget.ts';
import { KeyFilter } from './key-filter.ts';
import { callModel } from './model-call.ts';
import { countsAgainst, ModelFailure, mayRetry } from './model-failure.ts';
import { type Dialect, fullDialect } from './model-request.ts';
import type { Message } from './prompt.ts';
import type { Finish } from './responder.ts';
import { Slots } from './slots.ts';
import { Spending, type Usage } from './spending.ts';
import { ThinkFilter } from './think.ts';

export interface ModelOptions {
  settings: LlmSettings | undefined;
  budget: Budget;
  clock: Clock;
  logger: Logger;
  /** Told of what each call has used, however it ended. */
  onSpent?: ((usage: Usage) => void) | undefined;
}

export interface ModelRequest {
  /** One answer at a time is made in each. */
  chat: string;
  messages: readonly Message[];
}

/** A piece of an answer; the last one tells how it ended. */
export type ModelPiece = { delta: string } | { finish: Finish; usage: Usage };

/** Tries after the first one, and the pause before each where it asks for none. */
const retries = 2;
const retryPauseMs = 500;
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
      const spent = new Spending(promptTokens(request.messages), settings.maxTokens);
      let reserved: Reservation | undefined;
      try {
        reserved = await budget.reserve(spent.most, settings.tokensPerDay);
        if (reserved === undefined) throw new ModelFailure('budget');
        yield* this.#answer(settings, request, signal, { firstBy, endBy }, spent, reserved);
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
        if (reserved !== undefined) await this.#settle(reserved, spent, settings.tokensPerDay);
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
    spent: Spending,
    reserved: Reservation,
  ): AsyncGenerator<ModelPiece> {
    const { clock } = this.#options;
    for (let tries = 0; ; tries += 1) {
      const think = new ThinkFilter();
      const key = new KeyFilter(settings.apiKey);
      let begun = false;
      let finish: Finish = 'stop';
      let shown = 0;
      spent.asked();
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
          if (event.kind === 'usage') spent.told(event);
          if (event.kind === 'finish') finish = event.reason;
          if (event.kind !== 'text' && event.kind !== 'thought') continue;
          const { room } = spent;
          if (event.kind === 'thought') {
            spent.thought(Math.min(event.length, room));
          } else {
            const text = event.text.slice(0, room);
            spent.said(text);
            const delta = key.push(think.push(text));
            shown += delta.length;
            if (delta !== '') yield { delta };
          }
          if (spent.room === 0 || !(await this.#suffices(reserved, spent, settings))) {
            finish = 'length';
            break;
          }
        }
        // What is cut off may end within a tag.
        const rest = key.push(finish === 'length' ? '' : think.end()) + key.end();
        shown += rest.length;
        if (rest !== '') yield { delta: rest };
        if (shown === 0 && finish !== 'length') throw new ModelFailure('empty');
        yield { finish, usage: spent.usage };
        return;
      } catch (error) {
        // What it would not do costs nothing; what it may still be thinking about does.
        if (!begun && !isLeft(error)) spent.refused();
        const again = !begun && tries < retries && error instanceof ModelFailure && mayRetry(error);
        if (!again) throw error;
        const pause = error.retryAfterMs ?? retryPauseMs * 2 ** tries;
        if (clock.now() + pause >= limits.firstBy) throw error;
        await clock.sleep(pause, signal);
        if (signal.aborted) throw new ModelFailure('cancelled');
      }
    }
  }

  /** Whether what was set aside is enough, or the day has more: a server may know no bound. */
  async #suffices(
    reserved: Reservation,
    spent: Spending,
    { maxTokens, tokensPerDay }: LlmSettings,
  ): Promise<boolean> {
    const missing = spent.total - reserved.tokens;
    if (missing <= 0) return true;
    return await this.#options.budget.extend(reserved, missing + maxTokens, tokensPerDay);
  }

  async #settle(reserved: Reservation, spent: Spending, perDay: number): Promise<void> {
    this.#options.onSpent?.(spent.usage);
    // What was cut off because the day has no more used no more of it.
    const used = perDay > 0 && spent.isGuess ? Math.min(spent.total, reserved.tokens) : spent.total;
    try {
      await this.#options.budget.settle(reserved, used);
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
