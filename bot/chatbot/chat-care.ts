import { setImmediate as turn } from 'node:timers/promises';
import type { Logger } from '../../config/logger.ts';
import type { ChatCareStore } from '../../store/chat-care.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Language } from '../errors.ts';
import { endOf } from './chat.ts';
import type { Chats } from './chats.ts';
import type { Handover } from './handover.ts';
import { brokenOff } from './sentences.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Rows of one transaction: a few milliseconds. */
const batch = 500;

export interface ChatCareOptions {
  store: ChatCareStore;
  chats: Chats;
  handover: Pick<Handover, 'giveBack'>;
  clock: Clock;
  logger: Logger;
  language: Language;
  /** A chat in which nobody says anything for so long has ended. */
  idleMs: () => number;
  /** An agent who says nothing for so long has left it to the bot. */
  humanIdleMs: () => number;
  keepDays: number;
}

/**
 * Ends what was left lying: answers of a former life at start; each minute chats that nobody talks in;
 * each hour what is old enough to be forgotten. In small transactions.
 */
export class ChatCare {
  readonly #options: ChatCareOptions;
  #timer: Timer | undefined;
  #round: Promise<void> = Promise.resolve();
  #forgotAt: number;
  #stopped = false;

  constructor(options: ChatCareOptions) {
    this.#options = options;
    this.#forgotAt = options.clock.now();
  }

  /** Before anybody asks: nobody makes these answers any more. */
  async start(): Promise<void> {
    await this.#failHalfMade();
    this.#later();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#round;
  }

  /** One round of everything that is due. */
  async run(): Promise<void> {
    const { store, chats, handover, clock, idleMs, humanIdleMs } = this.#options;
    const { db } = store;
    await this.#each(
      () => store.idle('human', clock.now() - humanIdleMs(), batch),
      (id) => handover.giveBack(id),
    );
    await this.#each(
      () => store.idle('open', clock.now() - idleMs(), batch),
      (id) => chats.end(id),
    );
    if (clock.now() - this.#forgotAt < hourMs) return;
    this.#forgotAt = clock.now();
    const before = clock.now() - this.#options.keepDays * dayMs;
    await this.#inSteps(() => db.transaction((tx) => store.forgetTurns(tx, before, batch)));
    await this.#inSteps(() => db.transaction((tx) => store.forgetChats(tx, before, batch)));
  }

  #later(): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.after(minuteMs, () => {
      this.#round = this.run()
        .catch((error: unknown) => {
          this.#options.logger.error({ err: error }, 'old chats stay');
        })
        .finally(() => this.#later());
    });
  }

  async #failHalfMade(): Promise<void> {
    const { store, chats, clock, language } = this.#options;
    let failed = 0;
    await this.#inSteps(async () => {
      const rows = await store.halfMade(batch);
      const doneAt = clock.now();
      const end = { state: 'failed', finish: 'error', reply: undefined, doneAt } as const;
      await store.db.transaction(async (tx) => {
        for (const { chat, turn } of rows) {
          const text = brokenOff(await store.partOf(tx, chat, turn), language);
          await chats.store.endTurn(tx, chat, turn, endOf({ ...end, text }));
        }
      });
      failed += rows.length;
      return rows.length;
    });
    if (failed > 0) this.#options.logger.warn({ failed }, 'answers were not finished');
  }

  /** Those found, until none is. What is found again was not dealt with: then it is left. */
  async #each(find: () => Promise<string[]>, deal: (id: string) => Promise<void>): Promise<void> {
    const seen = new Set<string>();
    while (!this.#stopped) {
      const ids = (await find()).filter((id) => !seen.has(id));
      if (ids.length === 0) return;
      for (const id of ids) {
        seen.add(id);
        await deal(id);
      }
      await turn();
    }
  }

  async #inSteps(step: () => Promise<number>): Promise<void> {
    while (!this.#stopped && (await step()) === batch) await turn();
  }
}
