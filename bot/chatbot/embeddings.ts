import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { LlmSettings } from '../../config/chatbot-schema.ts';
import type { Logger } from '../../config/logger.ts';
import type { KbVectorState, KbVectorStore } from '../../store/kb-vectors.ts';
import type { Clock, Timer } from '../clock.ts';
import { ModelBreaker } from './breaker.ts';
import { type Budget, type Reservation, tokensIn } from './budget.ts';
import { type EmbeddingTarget, embed, embeddingTarget, type Vector } from './embed.ts';
import { ModelFailure } from './model-failure.ts';
import { type Near, Vectors } from './vectors.ts';

export interface EmbeddingsOptions {
  store: KbVectorStore;
  settings: LlmSettings | undefined;
  budget: Budget;
  clock: Clock;
  logger: Logger;
}

/** Vectors of so many phrasings are held; the others are found by their words alone. */
const most = 20_000;
const batch = 64;
const pageRows = 500;
/** What has changed in the knowledge base is looked for so often. */
const refreshMs = 60_000;
const questionMs = 3000;
const batchMs = 60_000;
/** Vectors of questions that are kept: the same ones are asked again and again. */
const mostQuestions = 200;
const longest = 2000;

/** What questions and phrasings mean, where a model of embeddings is configured. */
export class Embeddings {
  readonly #options: EmbeddingsOptions;
  readonly #vectors = new Vectors();
  readonly #questions = new Map<string, Vector>();
  #target: EmbeddingTarget | undefined;
  #perDay = 0;
  #breaker = new ModelBreaker();
  #timer: Timer | undefined;
  #stop = new AbortController();
  #refreshing: Promise<void> = Promise.resolve();
  #running = false;

  constructor(options: EmbeddingsOptions) {
    this.#options = options;
    this.#use(options.settings);
  }

  get on(): boolean {
    return this.#target !== undefined;
  }

  /** Phrasings whose vectors are held. */
  get size(): number {
    return this.#vectors.size;
  }

  start(): void {
    this.#running = true;
    this.#plan(0);
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#timer?.cancel();
    this.#stop.abort(new ModelFailure('cancelled'));
    await this.#refreshing;
  }

  configure(settings: LlmSettings | undefined): void {
    this.#perDay = settings?.tokensPerDay ?? 0;
    if (isDeepStrictEqual(embeddingTarget(settings), this.#target)) return;
    this.#stop.abort(new ModelFailure('cancelled'));
    this.#stop = new AbortController();
    this.#vectors.clear();
    this.#questions.clear();
    this.#breaker = new ModelBreaker();
    this.#use(settings);
    if (this.#running) this.#plan(0);
  }

  /** Entries whose phrasings mean the nearest. @throws ModelFailure */
  async nearest(question: string, limit: number): Promise<Near[]> {
    if (this.#target === undefined || this.#vectors.size === 0) return [];
    const known = this.#questions.get(question);
    const vector = known ?? (await this.#embed([question], questionMs))[0];
    if (vector === undefined) return [];
    // The one asked last is forgotten last.
    this.#questions.delete(question);
    this.#questions.set(question, vector);
    const [oldest] = this.#questions.keys();
    if (this.#questions.size > mostQuestions && oldest !== undefined)
      this.#questions.delete(oldest);
    return await this.#vectors.nearest(vector, limit);
  }

  /** Looks at once for what has changed; settles when it is done with it. */
  async refresh(): Promise<void> {
    const { signal } = this.#stop;
    const before = this.#refreshing;
    this.#refreshing = before
      .then(() => this.#refresh(signal))
      .catch((error: unknown) => {
        if (signal.aborted) return;
        this.#options.logger.warn(
          { err: error },
          'embeddings of the knowledge base are not complete',
        );
      });
    await this.#refreshing;
  }

  #use(settings: LlmSettings | undefined): void {
    this.#target = embeddingTarget(settings);
    this.#perDay = settings?.tokensPerDay ?? 0;
  }

  #plan(ms: number): void {
    this.#timer?.cancel();
    if (this.#target === undefined) return;
    this.#timer = this.#options.clock.after(ms, () => {
      void this.refresh().then(() => this.#running && this.#plan(refreshMs));
    });
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    const { store } = this.#options;
    const target = this.#target;
    if (target === undefined) return;
    const seen = new Set<number>();
    for (let after = 0; seen.size < most; ) {
      const page = await store.page(after, Math.min(pageRows, most - seen.size));
      const last = page.at(-1);
      if (last === undefined) break;
      after = Number(last.id);
      for (const { id } of page) seen.add(Number(id));
      await this.#hold(page, target, signal);
    }
    if (signal.aborted) return;
    this.#vectors.keep(seen);
    const strays = await store.strays(pageRows);
    if (strays.length > 0) {
      await store.db.transaction(async (tx) => {
        for (const phrase of strays) await store.remove(tx, phrase);
      });
    }
  }

  /** Reads the vectors of these phrasings, and makes those that are not there. */
  async #hold(
    page: readonly KbVectorState[],
    target: EmbeddingTarget,
    signal: AbortSignal,
  ): Promise<void> {
    const { store } = this.#options;
    const states = page.map((row) => ({
      ...row,
      id: Number(row.id),
      entry: Number(row.entry),
      now: hashOf(row.text),
    }));
    const absent = states.filter((one) => !this.#vectors.has(one.id, one.entry, one.now));
    const stored = absent.filter(({ model, hash, now }) => model === target.model && hash === now);
    const rows = stored.length === 0 ? [] : await store.vectors(stored.map(({ id }) => id));
    const read = new Map(rows.map(({ phrase, vector }) => [Number(phrase), fromBytes(vector)]));
    for (const { id, entry, now } of stored) {
      const vector = read.get(id);
      if (vector !== undefined && !signal.aborted) {
        this.#vectors.put(id, { entry, hash: now, vector });
      }
    }
    const missing = absent.filter((one) => !stored.includes(one));
    for (let at = 0; at < missing.length; at += batch) {
      if (signal.aborted) return;
      const some = missing.slice(at, at + batch);
      const made = await this.#embed(
        some.map(({ text }) => text),
        batchMs,
      );
      if (signal.aborted) return;
      const { model } = target;
      await store.db.transaction(async (tx) => {
        for (const [place, { id, now }] of some.entries()) {
          const vector = made[place];
          if (vector === undefined) continue;
          await store.put(tx, { phrase: id, model, hash: now, vector: toBytes(vector) });
        }
      });
      for (const [place, { id, entry, now }] of some.entries()) {
        const vector = made[place];
        if (vector === undefined || signal.aborted) continue;
        this.#vectors.put(id, { entry, hash: now, vector });
      }
    }
  }

  async #embed(texts: readonly string[], ms: number): Promise<Vector[]> {
    const { clock, budget, logger } = this.#options;
    const target = this.#target;
    if (target === undefined) throw new ModelFailure('off');
    const breaker = this.#breaker;
    if (!breaker.enter(clock.now())) throw new ModelFailure('resting');
    const late = new AbortController();
    const timer = clock.after(ms, () => late.abort(new ModelFailure('slow')));
    const input = texts.map((text) => text.slice(0, longest));
    const guess = input.reduce((sum, text) => sum + tokensIn(text) + 4, 0);
    let spent = 0;
    let reserved: Reservation | undefined;
    try {
      reserved = await budget.reserve(guess, this.#perDay);
      if (reserved === undefined) throw new ModelFailure('budget');
      const signal = AbortSignal.any([late.signal, this.#stop.signal]);
      const { vectors, tokens } = await embed(target, input, signal);
      breaker.succeeded();
      spent = tokens === 0 ? guess : tokens;
      return vectors;
    } catch (error) {
      if (!(error instanceof ModelFailure) || ['cancelled', 'budget'].includes(error.reason)) {
        breaker.left();
      } else if (breaker.failed(clock.now())) {
        logger.warn('embeddings fail: the knowledge base is searched by words alone for a while');
      }
      throw error;
    } finally {
      timer.cancel();
      if (reserved !== undefined) await budget.settle(reserved, spent);
    }
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** On disk the smaller byte comes first, whatever the machine. */
function toBytes(vector: Vector): Uint8Array {
  const bytes = Buffer.from(vector.slice().buffer);
  return endianness() === 'LE' ? bytes : bytes.swap32();
}

function fromBytes(bytes: Uint8Array): Vector {
  const copy = Buffer.from(Uint8Array.from(bytes).buffer);
  if (endianness() === 'BE') copy.swap32();
  return new Float32Array(copy.buffer, copy.byteOffset, copy.length / 4);
}
