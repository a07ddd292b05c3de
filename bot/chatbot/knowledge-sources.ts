import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ChatbotSettings } from '../../config/chatbot-schema.ts';
import type { Logger } from '../../config/logger.ts';
import type { Knowledge } from './knowledge.ts';
import { decodeText, formatOf, largestFile } from './knowledge-files.ts';
import { starterSource } from './knowledge-index.ts';

/** A file whose entries are kept as it says. */
interface Source {
  name: string;
  kb: string;
  path: string;
}

const noted = 'file:';
/** Raised when files are read otherwise. */
const readingVersion = 1;
const starters = join(import.meta.dirname, 'starter');

/**
 * Keeps the entries of the files that the config names, and of the starters, as the files say: what
 * has changed since is taken, what is named no more goes. In the background: nothing waits for it.
 */
export class KnowledgeSources {
  readonly #knowledge: Knowledge;
  readonly #logger: Logger;
  #settings: Pick<ChatbotSettings, 'knowledge' | 'starter'>;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    knowledge: Knowledge,
    settings: Pick<ChatbotSettings, 'knowledge' | 'starter'>,
    logger: Logger,
  ) {
    this.#knowledge = knowledge;
    this.#settings = settings;
    this.#logger = logger;
  }

  /** Settles when the files of this moment are taken. */
  get settled(): Promise<void> {
    return this.#running;
  }

  start(): void {
    this.#running = this.#running.then(() => this.#applyAll());
  }

  applyConfig(settings: Pick<ChatbotSettings, 'knowledge' | 'starter'>): void {
    this.#settings = settings;
    this.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #applyAll(): Promise<void> {
    try {
      const sources = await this.#sources();
      for (const source of sources) {
        if (this.#stopped) return;
        await this.#apply(source).catch((error: unknown) => {
          if (!this.#stopped) {
            this.#logger.warn({ err: error, file: source.path }, 'a knowledge file was not taken');
          }
        });
      }
      await this.#dropOthers(new Set(sources.map(({ name }) => name)));
      if (!this.#stopped && this.#settings.starter === 'auto') {
        const said = this.#knowledge.startersRest
          ? 'the starter knowledge answers nobody: there are entries of your own (chatbot.starter)'
          : 'the starter knowledge answers until there is an entry of your own (chatbot.starter)';
        this.#logger.info(said);
      }
    } catch (error) {
      if (!this.#stopped) this.#logger.error({ err: error }, 'knowledge files were not taken');
    }
  }

  async #sources(): Promise<Source[]> {
    const named = this.#settings.knowledge.map((one) => {
      const { file, kb = undefined } = typeof one === 'string' ? { file: one } : one;
      const base = kb ?? nameOf(file);
      return { name: `file/${base}/${basename(file)}`, kb: base, path: file };
    });
    if (this.#settings.starter === false) return named;
    const files = (await readdir(starters)).filter((file) => file.endsWith('.csv')).sort();
    const coming = files.map((file) => ({
      ...{ name: `${starterSource}${file}`, kb: nameOf(file), path: join(starters, file) },
    }));
    return [...coming, ...named];
  }

  async #apply({ name, kb, path }: Source): Promise<void> {
    const format = formatOf(path);
    if (format === undefined)
      throw new Error('a knowledge file ends in .csv, .json, .jsonl or .md');
    // A pipe would never end, and a device neither.
    const found = await stat(path);
    if (!found.isFile()) throw new Error('this is no file');
    if (found.size > largestFile) throw new Error(`larger than ${largestFile} bytes`);
    const bytes = await readFile(path);
    const digest = createHash('sha256');
    // A large file is not hashed in one go: others come in between.
    for (let at = 0; at < bytes.length; at += 1_048_576) {
      digest.update(bytes.subarray(at, at + 1_048_576));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const hash = `${readingVersion} ${kb} ${digest.digest('hex')}`;
    const { notes } = this.#knowledge;
    if ((await notes.meta(noted + name)) === hash) return;
    const text = decodeText(bytes);
    const options = { format, text, kb, source: name, replace: true, name: nameOf(path) };
    const { faults, ...report } = await this.#knowledge.import(options);
    // Broken off: the next start goes on.
    if (this.#stopped) return;
    await notes.db.transaction((tx) => notes.setMeta(tx, noted + name, hash));
    for (const { source, entries } of report.repeated) {
      const about = { source: name, repeats: source, entries };
      this.#logger.warn(about, 'a knowledge file repeats what another source has');
    }
    const [first] = faults;
    if (first === undefined) this.#logger.info({ source: name, ...report }, 'knowledge taken');
    else {
      const fault = { line: first.line, reason: first.text.en };
      this.#logger.warn({ source: name, ...report, fault }, 'lines of a knowledge file left out');
    }
  }

  /** Of files that are named no more. */
  async #dropOthers(named: ReadonlySet<string>): Promise<void> {
    const { notes } = this.#knowledge;
    for (const note of await notes.metaNames(noted)) {
      const name = note.slice(noted.length);
      if (named.has(name) || this.#stopped) continue;
      const removed = await this.#knowledge.removeSource(name);
      if (this.#stopped) return;
      await notes.db.transaction((tx) => notes.removeMeta(tx, note));
      this.#logger.info({ source: name, removed }, 'knowledge removed: its file is named no more');
    }
  }
}

/** shop.csv: shop. What a name of a knowledge base cannot hold becomes `-`. */
function nameOf(path: string): string {
  const name = basename(path).replace(/\.[^.]+$/, '');
  return name.replaceAll(/[^\p{L}\p{N}._-]/gu, '-').slice(0, 64) || 'knowledge';
}
