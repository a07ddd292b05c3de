import { access, constants } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import type { ChatbotSettings, RuleSettings } from '../../config/chatbot-schema.ts';
import type { Logger } from '../../config/logger.ts';
import type { Database } from '../../store/database.ts';
import { DeskStore } from '../../store/im-desks.ts';
import type { Clock, Timer } from '../clock.ts';

export interface ChatbotWatchOptions {
  db: Database;
  clock: Clock;
  logger: Logger;
  /** Why the model is left alone; undefined: it is not. */
  modelFault: () => string | undefined;
}

const lookMs = 60_000;

/**
 * What of the config cannot be as it is meant: files that are not there, desks that nobody made. Told
 * once in the log, and to whoever asks for the health.
 */
export class ChatbotWatch {
  readonly #options: ChatbotWatchOptions;
  readonly #desks: DeskStore;
  #settings: { chatbot: ChatbotSettings; rules: readonly RuleSettings[] } | undefined;
  #faults: readonly string[] = [];
  #told = new Set<string>();
  #timer: Timer | undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: ChatbotWatchOptions) {
    this.#options = options;
    this.#desks = new DeskStore(options.db);
  }

  /** In English: for machines and their keepers. No paths in them. */
  get faults(): readonly string[] {
    const model = this.#options.modelFault();
    return model === undefined ? this.#faults : [...this.#faults, model];
  }

  /** Looks at once, and each minute. */
  async start(chatbot: ChatbotSettings, rules: readonly RuleSettings[]): Promise<void> {
    this.#settings = { chatbot, rules };
    this.#timer?.cancel();
    this.#looking = this.#looking.then(() => this.#look());
    await this.#looking;
    this.#later();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#looking;
  }

  #later(): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.after(lookMs, () => {
      this.#looking = this.#look().finally(() => this.#later());
    });
  }

  async #look(): Promise<void> {
    const { logger } = this.#options;
    if (this.#settings === undefined || this.#stopped) return;
    try {
      const faults = [...(await this.#files()), ...(await this.#unknownDesks())];
      const news = faults.filter(({ text }) => !this.#told.has(text));
      this.#told = new Set(faults.map(({ text }) => text));
      for (const { text, file } of news) logger.warn({ file }, `chatbot: ${text}`);
      const missing = faults.filter(({ file }) => file !== undefined).length;
      this.#faults = [
        ...(missing > 0 ? [`knowledge files cannot be read (${missing})`] : []),
        ...faults.filter(({ file }) => file === undefined).map(({ text }) => text),
      ];
    } catch (error) {
      logger.warn({ err: error }, 'the config of the chatbot was not looked at');
    }
  }

  async #files(): Promise<{ text: string; file?: string }[]> {
    const found: { text: string; file?: string }[] = [];
    for (const one of this.#settings?.chatbot.knowledge ?? []) {
      const file = typeof one === 'string' ? one : one.file;
      await access(file, constants.R_OK).catch(() => {
        found.push({ text: `chatbot.knowledge: ${file} cannot be read`, file });
      });
      await turn();
    }
    return found;
  }

  async #unknownDesks(): Promise<{ text: string; file?: string }[]> {
    const { chatbot, rules = [] } = this.#settings ?? {};
    const named = [
      ['chatbot.handover.storeId', chatbot?.handover.storeId],
      ...rules.map(
        ({ name, reply }) =>
          [`rule ${name}`, reply.type === 'handover' ? reply.storeId : undefined] as const,
      ),
    ] as const;
    const wanted = named.filter(([, id]) => id !== undefined);
    if (wanted.length === 0) return [];
    return await this.#options.db.transaction(async (tx) => {
      const found: { text: string }[] = [];
      for (const [where, id = 0] of wanted) {
        if ((await this.#desks.findDesk(tx, id)) !== undefined) continue;
        found.push({ text: `${where}: there is no desk ${id}` });
      }
      return found;
    });
  }
}
