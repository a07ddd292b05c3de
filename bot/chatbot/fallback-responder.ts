import type { Logger } from '../../config/logger.ts';
import type { Language } from '../errors.ts';
import type { KnowledgeResponder } from './knowledge-responder.ts';
import type { Answering, Ask, Outcome, Responder } from './responder.ts';
import { fallbackText } from './sentences.ts';
import type { Unanswered } from './unanswered.ts';

export interface FallbackResponderOptions {
  /** What was found nearly, and left to a model. */
  knowledge: Pick<KnowledgeResponder, 'sayKept'>;
  unanswered: Pick<Unanswered, 'note'>;
  text: () => string | undefined;
  logger: Logger;
  language: Language;
}

/** Says that nothing is known, and writes down what was asked. */
export class FallbackResponder implements Responder {
  readonly name = 'fallback';
  readonly #options: FallbackResponderOptions;

  constructor(options: FallbackResponderOptions) {
    this.#options = options;
  }

  async respond(ask: Ask, out: Answering): Promise<Outcome> {
    const { knowledge, text, language } = this.#options;
    if (knowledge.sayKept(ask, out) === 'answered') return 'answered';
    this.#write(ask);
    // A room talks about many things, and so do friends: what the bot does not know it leaves to people.
    if (ask.chat.channel === 'room' || ask.chat.channel === 'private') {
      out.trace({ note: 'silent' });
      return 'answered';
    }
    out.say({ type: 'text', text: text() ?? fallbackText[language] });
    return 'answered';
  }

  #write({ question, chat }: Ask): void {
    if (chat.channel === 'test') return;
    const { unanswered, logger } = this.#options;
    unanswered.note(question, chat.id).catch((error: unknown) => {
      logger.warn({ err: error }, 'an unanswered question was not written down');
    });
  }
}
