import type { LlmSettings } from '../../config/chatbot-schema.ts';
import type { Logger } from '../../config/logger.ts';
import type { Clock } from '../clock.ts';
import type { Language, Text } from '../errors.ts';
import type { Model } from './model.ts';
import { ModelFailure } from './model-failure.ts';
import { buildPrompt } from './prompt.ts';
import type { Answering, Ask, Outcome, Responder } from './responder.ts';

/** What is found for a model to go by. */
export interface PassageHit {
  entry: { id: number; title: string; answer: string };
  score: number;
}

/** The nearest in the knowledge base, best first. */
export type FindPassages = (question: string, limit: number) => Promise<readonly PassageHit[]>;

export interface ModelResponderOptions {
  model: Model;
  passages: FindPassages;
  clock: Clock;
  logger: Logger;
  language: Language;
  /** Told why it did not answer, or not to the end. */
  onFailed?: ((reason: string) => void) | undefined;
}

const mostPassages = 5;
/** Below this, what was found has a word in common and no more. */
const leastScore = 0.1;

const shortened: Text = { zh: '……（回答过长，已截断）', en: '… (cut short)' };

/** Lets a language model answer, from what the knowledge base has nearest. */
export class ModelResponder implements Responder {
  readonly name = 'model';

  /** Where none is configured it is no step. */
  get isOff(): boolean {
    return this.#options.model.settings === undefined;
  }

  readonly #options: ModelResponderOptions;

  constructor(options: ModelResponderOptions) {
    this.#options = options;
  }

  async respond(ask: Ask, out: Answering): Promise<Outcome> {
    const { model, language } = this.#options;
    const { settings } = model;
    if (settings === undefined) return 'pass';
    out.trace({ model: settings.model });
    // No passages are looked for where nobody would read them.
    const { restsUntil } = model;
    if (restsUntil !== undefined) return passed(out, new ModelFailure('resting'));
    const hits = settings.mode === 'fallback' ? [] : await this.#find(ask);
    const { messages, cited } = buildPrompt({
      ...{ question: ask.question, history: ask.history, language },
      ...{ systemPrompt: settings.systemPrompt, historyTurns: settings.historyTurns },
      passages: hits.map(({ entry }) => ({ id: entry.id, title: entry.title, text: entry.answer })),
      strict: settings.mode === 'rag',
    });
    out.trace({ cited, candidates: hits.map(candidate) });
    return await this.#answer(ask, out, messages, settings);
  }

  async #answer(
    ask: Ask,
    out: Answering,
    messages: Parameters<Model['stream']>[0]['messages'],
    settings: LlmSettings,
  ): Promise<Outcome> {
    const { model, clock, language } = this.#options;
    const began = clock.now();
    let said = false;
    try {
      for await (const piece of model.stream({ chat: ask.chat.id, messages }, ask.signal)) {
        if ('delta' in piece) {
          if (!said) out.trace({ firstMs: clock.now() - began });
          said = true;
          out.delta(piece.delta);
          continue;
        }
        out.trace({ tokens: piece.usage });
        if (piece.finish === 'stop') continue;
        if (!said) return passed(out, new ModelFailure('empty'));
        if (piece.finish === 'length') out.delta(shortened[language]);
        out.finish(piece.finish);
      }
      return 'answered';
    } catch (error) {
      if (!(error instanceof ModelFailure)) throw error;
      if (error.reason !== 'cancelled') this.#options.onFailed?.(error.reason);
      if (!said) return passed(out, error);
      // What was said cannot be taken back: the answer breaks off here.
      out.trace({ note: noteOf(error), model: settings.model });
      throw error;
    }
  }

  /** Failing to find something is no reason not to answer. */
  async #find({ question, history }: Ask): Promise<readonly PassageHit[]> {
    const { passages, logger } = this.#options;
    const find = async (text: string): Promise<readonly PassageHit[]> =>
      (await passages(text, mostPassages)).filter(({ score }) => score >= leastScore);
    try {
      const found = await find(question);
      const before = history.at(-1)?.question;
      if (found.length > 1 || before === undefined) return found;
      // "And how do I do that?": the words to look for were said before.
      const more = await find(`${before} ${question}`);
      const known = new Set(found.map(({ entry }) => entry.id));
      return [...found, ...more.filter(({ entry }) => !known.has(entry.id))].slice(0, mostPassages);
    } catch (error) {
      logger.warn({ err: error }, 'nothing was looked up for the model');
      return [];
    }
  }
}

function passed(out: Answering, failure: ModelFailure): Outcome {
  out.trace({ note: noteOf(failure) });
  return 'pass';
}

function noteOf({ message }: ModelFailure): string {
  return `model: ${message}`;
}

function candidate({ entry, score }: PassageHit): { entry: number; score: number; title: string } {
  return { entry: entry.id, score, title: entry.title };
}
