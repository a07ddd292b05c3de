import type { ChatbotSettings, RuleSettings } from '../../config/chatbot-schema.ts';
import type { Logger } from '../../config/logger.ts';
import type { Vault } from '../../config/secrets.ts';
import type { Database } from '../../store/database.ts';
import type { Clock } from '../clock.ts';
import { Knowledge } from './knowledge.ts';
import { KnowledgeSources } from './knowledge-sources.ts';
import { Rules } from './rules.ts';

export interface KnowhowOptions {
  db: Database;
  vault: Vault;
  clock: Clock;
  logger: Logger;
  settings: ChatbotSettings;
  rules: readonly RuleSettings[];
}

/** What the chatbot answers from, without any talk: its knowledge base and its rules. */
export class Knowhow {
  readonly knowledge: Knowledge;
  readonly rules: Rules;
  /** Files that the knowledge base follows. */
  readonly sources: KnowledgeSources;
  readonly #rules: readonly RuleSettings[];

  constructor({ db, vault, clock, logger, settings, rules }: KnowhowOptions) {
    const { thresholds, bases, starter } = settings;
    this.knowledge = new Knowledge({ db, clock, logger, thresholds, bases, starter });
    this.rules = new Rules({ db, vault, clock, logger });
    this.sources = new KnowledgeSources(this.knowledge, settings, logger);
    this.#rules = rules;
  }

  /** Files are read in the background: `sources.settled`. */
  async start(): Promise<void> {
    await this.rules.start(this.#rules);
    await this.knowledge.start();
    this.sources.start();
  }

  async stop(): Promise<void> {
    await this.knowledge.stop();
    await this.sources.stop();
  }

  async applyConfig(settings: ChatbotSettings, rules: readonly RuleSettings[]): Promise<void> {
    await this.rules.applyConfig(rules);
    this.knowledge.setThresholds(settings.thresholds, settings.bases);
    this.knowledge.setStarter(settings.starter);
    this.sources.applyConfig(settings);
  }
}
