import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Budget } from '../../bot/chatbot/budget.ts';
import { Model } from '../../bot/chatbot/model.ts';
import { ModelFailure } from '../../bot/chatbot/model-failure.ts';
import { VirtualClock } from '../../bot/clock.ts';
import { llmSchema } from '../../config/chatbot-schema.ts';
import { createLogger, type Logger } from '../../config/logger.ts';
import { ChatUsageStore } from '../../store/chat-usage.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { eventually } from './eventually.ts';
import { FakeModel } from './fake-model.ts';

/** What a test learns of an answer. */
export interface ModelSaid {
  text: string;
  finish?: string;
  usage?: { prompt: number; completion: number };
  failure?: ModelFailure;
}

export const modelKey = 'sk-S3CRET-key-of-the-model';
const nobody = new AbortController().signal;

/** A model behind a real listener, with a real database, in virtual time. */
export class ModelRig {
  readonly fake: FakeModel;
  readonly db: SqliteDatabase;
  readonly clock = new VirtualClock();
  readonly budget: Budget;
  readonly logger: Logger;
  log = '';
  readonly file: string;
  readonly #folder: string;

  private constructor(fake: FakeModel, db: SqliteDatabase, folder: string) {
    this.fake = fake;
    this.db = db;
    this.#folder = folder;
    this.file = join(folder, 'a.db');
    const store = new ChatUsageStore(db);
    this.budget = new Budget({ store, clock: this.clock, timezone: 'Asia/Shanghai' });
    this.logger = createLogger('debug', {
      write: (line) => {
        this.log += line;
      },
    });
  }

  static async open(): Promise<ModelRig> {
    const folder = mkdtempSync(join(tmpdir(), 'wxrc-model-'));
    const db = new SqliteDatabase({ file: join(folder, 'a.db') });
    await migrate(db, { now: 1 });
    return new ModelRig(await FakeModel.open(), db, folder);
  }

  async close(): Promise<void> {
    await this.fake.close();
    await this.db.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  model(settings: Record<string, unknown> = {}): Model {
    const { budget, clock, logger } = this;
    const all = { baseUrl: this.fake.baseUrl, apiKey: modelKey, model: 'fake', ...settings };
    return new Model({ settings: llmSchema.parse(all), budget, clock, logger });
  }

  /** Lets time pass until it is there. */
  async inTime<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const note = (): void => {
      settled = true;
    };
    work.then(note, note);
    await eventually('its end', async () => {
      // What is on its way over the network arrives before time goes on.
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (!settled) await this.clock.advance(500);
      return settled;
    });
    return await work;
  }
}

export async function askModel(
  model: Model,
  chat = 'c1',
  signal = nobody,
  said: ModelSaid = { text: '' },
): Promise<ModelSaid> {
  const messages = [{ role: 'user', content: '你好' } as const];
  try {
    for await (const piece of model.stream({ chat, messages }, signal)) {
      if ('delta' in piece) said.text += piece.delta;
      else Object.assign(said, piece);
    }
  } catch (error) {
    if (!(error instanceof ModelFailure)) throw error;
    said.failure = error;
  }
  return said;
}
