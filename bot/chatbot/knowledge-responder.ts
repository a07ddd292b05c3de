import type { Logger } from '../../config/logger.ts';
import type { Language } from '../errors.ts';
import type { Entry } from './entry.ts';
import type { Found, Knowledge, Verdict } from './knowledge.ts';
import type { Answering, Ask, Findings, Outcome, Responder } from './responder.ts';
import { pickText, suggestText } from './sentences.ts';

export interface KnowledgeResponderOptions {
  knowledge: Pick<Knowledge, 'search' | 'judge' | 'get' | 'addHit'>;
  /** always: the model answers whatever is found; rag: it answers what is not quite found. */
  mode: () => 'off' | 'fallback' | 'rag' | 'always';
  /** Settles when it knows what it was given at the start. */
  ready: () => Promise<unknown>;
  logger: Logger;
  language: Language;
}

/** So many are looked at, and so many written down. */
const looked = 10;
const written = 5;

/** Answers from the knowledge base: directly, or with questions that it has an answer to. */
export class KnowledgeResponder implements Responder {
  readonly name = 'knowledge';
  readonly #options: KnowledgeResponderOptions;
  /** What is said should the model not answer. */
  readonly #kept = new WeakMap<Ask, Exclude<Verdict, { kind: 'miss' }>>();

  constructor(options: KnowledgeResponderOptions) {
    this.#options = options;
  }

  async respond(ask: Ask, out: Answering): Promise<Outcome> {
    const { knowledge, mode, ready } = this.#options;
    await ready();
    const picked = await this.#picked(ask);
    if (picked !== undefined) {
      out.trace({ verdict: 'picked', entry: picked.id });
      return this.#give(picked, out);
    }
    const found = await knowledge.search(ask.question, { limit: looked });
    const verdict = knowledge.judge(found);
    out.trace({ verdict: verdict.kind, candidates: candidatesOf(found) });
    if (verdict.kind === 'miss') return 'pass';
    const asked = mode();
    if (asked === 'always' || (asked === 'rag' && verdict.kind === 'suggest')) {
      this.#kept.set(ask, verdict);
      return 'pass';
    }
    return this.#say(verdict, out);
  }

  /** Says what was found, where the model that was to answer has not. */
  sayKept(ask: Ask, out: Answering): Outcome {
    const kept = this.#kept.get(ask);
    if (kept === undefined) return 'pass';
    out.trace({ verdict: kept.kind });
    return this.#say(kept, out);
  }

  #say(verdict: Exclude<Verdict, { kind: 'miss' }>, out: Answering): Outcome {
    if (verdict.kind === 'suggest') {
      out.trace({ candidates: candidatesOf(verdict.options) });
      return this.#offer(verdict.options, out);
    }
    out.trace({ entry: verdict.entry.id, score: verdict.score });
    return this.#give(verdict.entry, out, verdict.answer);
  }

  /** @param text of a passage, the part that answers */
  #give(entry: Entry, out: Answering, text = entry.answer): Outcome {
    const { knowledge, logger } = this.#options;
    out.say(entry.reply ?? { type: 'text', text });
    knowledge.addHit(entry.id).catch((error: unknown) => {
      logger.warn({ err: error }, 'an answer was not counted');
    });
    return 'answered';
  }

  #offer(found: readonly Found[], out: Answering): Outcome {
    const entries = found.map(({ entry }) => entry);
    const { language } = this.#options;
    const lines = entries.map(({ title }, at) => `${at + 1}. ${title}`);
    const text = [suggestText[language], ...lines, pickText[language]].join('\n');
    out.offer(entries.map(({ id }) => id));
    out.say({ type: 'text', text });
    return 'answered';
  }

  /** The entry whose number is all that was said. */
  async #picked({ question, options }: Ask): Promise<Entry | undefined> {
    const number = /^[(第]?([1-9])[)、.。个]?$/.exec(question.normalize('NFKC').trim())?.[1];
    const id = number === undefined ? undefined : options[Number(number) - 1];
    const entry = id === undefined ? undefined : await this.#options.knowledge.get(id);
    return entry?.enabled === true ? entry : undefined;
  }
}

function candidatesOf(found: readonly Found[]): Findings['candidates'] {
  return found.slice(0, written).map(({ entry, score }) => ({
    entry: entry.id,
    score: Math.round(score * 1000) / 1000,
    title: entry.title,
  }));
}
