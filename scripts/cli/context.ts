import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Language, Text } from '../../bot/errors.ts';
import { type Config, ConfigError, loadConfig } from '../../config/config.ts';
import { type Env, localeLanguage } from '../../config/env.ts';
import { visible, visibleJson } from '../../config/visible.ts';
import { type CellKind, cellWord } from './cell-words.ts';
import { Client } from './client.ts';
import { CliFailure, exitCodes } from './failure.ts';
import { headIn } from './heads.ts';
import { type Cell, formatTime, type Streams, table } from './output.ts';

/** Options that every command takes. */
export interface CommonValues {
  config?: string | undefined;
  data?: string | undefined;
  url?: string | undefined;
  token?: string | undefined;
  lang?: string | undefined;
  json?: boolean | undefined;
}

const noteSchema = z.object({ url: z.string(), pid: z.int() });

/** What a running daemon noted in its data directory. */
export type DaemonNote = z.infer<typeof noteSchema>;

/** What a command works with: where to write, the config, the daemon. */
export class CliContext {
  readonly json: boolean;
  readonly env: Env;
  readonly values: CommonValues;
  readonly #streams: Streams;
  #config: Config | ConfigError | undefined;
  #client: Client | undefined;

  constructor(options: { values: CommonValues; env: Env; streams: Streams }) {
    this.values = options.values;
    this.env = options.env;
    this.json = options.values.json === true;
    this.#streams = options.streams;
  }

  /** --lang, or what the config says, or the locale; Chinese otherwise. */
  get language(): Language {
    const { lang } = this.values;
    if (lang === 'zh' || lang === 'en') return lang;
    const named = this.values.config ?? this.env.configFile;
    const config = named === undefined ? undefined : this.tryConfig();
    if (config !== undefined && !(config instanceof ConfigError)) return config.language;
    return localeLanguage(this.env);
  }

  say(text: Text): string {
    return text[this.language];
  }

  /** A line about a part: sign, what it is called, what is said of it. */
  part(sign: string, name: Text | string, said: string): string {
    const called = typeof name === 'string' ? name : this.say(name);
    return `${sign} ${called}${this.language === 'zh' ? '：' : ': '}${said}`;
  }

  /** The config, or what is wrong with it. */
  tryConfig(): Config | ConfigError {
    if (this.#config === undefined) {
      const { config, data } = this.values;
      try {
        this.#config = loadConfig(
          { ...(config !== undefined && { config }), ...(data !== undefined && { data }) },
          this.env,
        );
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        this.#config = error;
      }
    }
    return this.#config;
  }

  /** @throws CliFailure */
  config(): Config {
    const config = this.tryConfig();
    if (!(config instanceof ConfigError)) return config;
    throw new CliFailure(exitCodes.config, {
      zh: `配置有误：${listed(config.told('zh'))}`,
      en: `the config is faulty:${listed(config.told('en'))}`,
    });
  }

  /** The data directory, also when the rest of the config is faulty. */
  get dataDir(): string {
    const { data } = this.values;
    if (data !== undefined) return resolve(data);
    return this.config().dataDir;
  }

  get timezone(): string {
    const config = this.tryConfig();
    return config instanceof ConfigError ? 'Asia/Shanghai' : config.timezone;
  }

  /** The daemon that runs on the data directory, as it noted itself. */
  note(): DaemonNote | undefined {
    try {
      return noteSchema.parse(JSON.parse(readFileSync(join(this.dataDir, 'daemon.json'), 'utf8')));
    } catch (error) {
      if (error instanceof CliFailure) throw error;
      return undefined;
    }
  }

  /** The daemon that --url or WXRC_URL names, or the one on the data directory. @throws CliFailure */
  client(): Client {
    this.#client ??= this.#connect();
    return this.#client;
  }

  /** The daemon may have come back elsewhere: it is looked for anew. */
  reconnect(): void {
    this.#client = undefined;
  }

  /** A result: JSON with --json, else what `text` makes of it. */
  print(result: unknown, text: () => string): void {
    const written = this.json ? visibleJson(result ?? { done: true }) : visible(text());
    if (written !== '') this.#streams.out.write(`${written}\n`);
  }

  /** A file as a result: to the letter, unless it goes to a terminal. */
  printFile(result: unknown, text: string): void {
    const { out } = this.#streams;
    if (this.json || out.isTTY === true) this.print(result, () => text.trimEnd());
    else if (text !== '') out.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Heads of a table in the reader's language. */
  heads(names: readonly string[]): string[] {
    return names.map((name) => headIn(this.language, name));
  }

  /** What stands in a table as a code, in the reader's language. */
  word(kind: CellKind, code: string): string {
    return cellWord(this.language, kind, code);
  }

  /** The same, and the code behind it where a command takes that. */
  coded(kind: CellKind, code: string): string {
    const word = this.word(kind, code);
    return word === code ? code : `${word} ${code}`;
  }

  printTable<T>(items: readonly T[], columns: Record<string, (item: T) => Cell>): void {
    this.print({ items }, () =>
      table(
        this.heads(Object.keys(columns)),
        items.map((item) => Object.values(columns).map((cell) => cell(item))),
      ),
    );
  }

  /** A remark that is no result. */
  remark(text: Text): void {
    this.#streams.err.write(`${visible(this.say(text))}\n`);
  }

  time(at: number | null | undefined): string {
    return formatTime(at, this.timezone);
  }

  #connect(): Client {
    const named = this.values.url ?? this.env.url;
    const note = named === undefined ? this.note() : undefined;
    const url = named ?? note?.url;
    if (url === undefined) {
      throw new CliFailure(exitCodes.noDaemon, {
        zh: `${this.dataDir} 上没有运行中的守护进程（启动：npm start；启动时用了 --config 或 --data 的，这里也要写上；或用 --url 指定）`,
        en: `no daemon runs on ${this.dataDir} (start one: npm start; say --config or --data as it was started with; or name one: --url)`,
      });
    }
    const token = this.values.token ?? this.env.token ?? this.#localToken(url);
    return new Client({ url, token, language: this.language });
  }

  /** The token of this machine's daemon is shown to no other. */
  #localToken(url: string): string | undefined {
    try {
      if (this.note()?.url !== url.replace(/\/+$/, '')) return undefined;
      return readFileSync(join(this.dataDir, 'cli.token'), 'utf8').trim();
    } catch {
      return undefined;
    }
  }
}

function listed(faults: readonly string[]): string {
  return faults.map((fault) => `\n  - ${fault}`).join('');
}
