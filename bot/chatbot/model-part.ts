import type { LlmSettings } from '../../config/chatbot-schema.ts';
import type { Logger } from '../../config/logger.ts';
import { ChatUsageStore } from '../../store/chat-usage.ts';
import type { Database } from '../../store/database.ts';
import { KbVectorStore } from '../../store/kb-vectors.ts';
import type { Clock } from '../clock.ts';
import type { Language } from '../errors.ts';
import { Budget } from './budget.ts';
import { Embeddings } from './embeddings.ts';
import { Model } from './model.ts';
import { ModelResponder } from './model-responder.ts';
import { type ModelTrial, tryModel } from './model-trial.ts';
import { createPassages, type PassagesOptions } from './passages.ts';
import type { Usage } from './spending.ts';

export interface ModelPartOptions {
  db: Database;
  settings: LlmSettings | undefined;
  knowledge: PassagesOptions['knowledge'];
  clock: Clock;
  logger: Logger;
  language: Language;
  timezone: string;
  onFailed?: ((reason: string) => void) | undefined;
  onSpent?: ((usage: Usage) => void) | undefined;
}

/** Everything of the chatbot that asks a language model. */
export interface ModelPart {
  model: Model;
  embeddings: Embeddings;
  responder: ModelResponder;
  budget: Budget;
  /** One question, for an operator. */
  test(signal: AbortSignal): Promise<ModelTrial>;
  configure(settings: LlmSettings | undefined): void;
  start(): void;
  stop(): Promise<void>;
}

export function createModelPart(options: ModelPartOptions): ModelPart {
  const { db, settings, clock, logger, timezone } = options;
  const budget = new Budget({ store: new ChatUsageStore(db), clock, timezone });
  const model = new Model({ settings, budget, clock, logger, onSpent: options.onSpent });
  const store = new KbVectorStore(db);
  const embeddings = new Embeddings({ store, settings, budget, clock, logger });
  const passages = createPassages({ knowledge: options.knowledge, embeddings, logger });
  const { language } = options;
  return {
    model,
    embeddings,
    budget,
    responder: new ModelResponder({
      ...{ model, passages, clock, logger, language, onFailed: options.onFailed },
    }),
    test: (signal) => tryModel({ model, budget, clock, signal }),
    configure: (changed) => {
      model.configure(changed);
      embeddings.configure(changed);
    },
    start: () => embeddings.start(),
    stop: () => embeddings.stop(),
  };
}
