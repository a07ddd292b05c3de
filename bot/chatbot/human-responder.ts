import type { Language } from '../errors.ts';
import { normalize } from './question.ts';
import type { Answering, Ask, Outcome, Responder } from './responder.ts';
import { handoverText } from './sentences.ts';

export interface HumanResponderOptions {
  keywords: () => readonly string[];
  language: Language;
}

/** Longer than this it is a question that mentions agents, not a call for one. */
const longestCall = 20;

/** Hands over to the agents of a desk when somebody asks for one. */
export class HumanResponder implements Responder {
  readonly name = 'human';
  readonly #options: HumanResponderOptions;

  constructor(options: HumanResponderOptions) {
    this.#options = options;
  }

  async respond({ chat, question }: Ask, out: Answering): Promise<Outcome> {
    if (chat.channel !== 'mpweixin') return 'pass';
    const text = normalize(question);
    if (text.length > longestCall) return 'pass';
    const word = this.#options.keywords().find((one) => text.includes(normalize(one)));
    if (word === undefined) return 'pass';
    out.trace({ rule: word });
    out.say({ type: 'text', text: handoverText[this.#options.language] });
    out.handOver();
    return 'answered';
  }
}
