import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { type Pacing, pacingSchema } from './bot-schema.ts';
import { faultsOf, syntaxWords } from './config-words.ts';
import { crossFaults, readable } from './cross-faults.ts';
import type { Env } from './env.ts';
import { reportingAt } from './report-source-schema.ts';
import { type Config, configSchema } from './schema.ts';
import type { Text } from './text.ts';

export type { BotSettings, Pacing } from './bot-schema.ts';
export type { ChannelSettings, Config } from './schema.ts';

/** What the command line may say; each wins over its environment variable, that over the file. */
export interface Options {
  config?: string;
  data?: string;
  port?: string;
  host?: string;
}

/** A config that cannot be used: every fault at once, each with its path in the file. */
export class ConfigError extends Error {
  readonly faults: string[];
  readonly #texts: readonly Text[];

  /** @param given a text is the same in both languages */
  constructor(given: readonly (string | Text)[]) {
    const texts = given.map((one) => (typeof one === 'string' ? { zh: one, en: one } : one));
    const faults = texts.map(({ en }) => en);
    super(
      `config: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
    this.faults = faults;
    this.#texts = texts;
  }

  /** The faults in the language of whoever reads them. */
  told(language: keyof Text): string[] {
    return this.#texts.map((text) => text[language]);
  }
}

/**
 * Reads the config file (JSON with comments), lays options and environment over it and validates
 * the whole. Relative `dataDir` in a file is relative to that file.
 * @throws ConfigError
 */
export function loadConfig(options: Options, env: Env): Config {
  const file = options.config ?? env.configFile;
  const raw = file === undefined ? {} : readConfigFile(file);
  const http = isObject(raw['http']) ? { ...raw['http'] } : raw['http'];
  const merged: Record<string, unknown> = { ...raw };
  if (http !== undefined) merged['http'] = http;
  const faults: Text[] = [];

  const port = options.port ?? env.port;
  if (port !== undefined) {
    if (/^\d{1,5}$/.test(port)) setIn(merged, 'port', Number(port));
    else {
      const where = '--port / WXRC_PORT: ';
      faults.push({
        zh: `${where}“${port}”不是端口号`,
        en: `${where}"${port}" is not a port number`,
      });
    }
  }
  const host = options.host ?? env.host;
  if (host !== undefined) setIn(merged, 'host', host);
  const data = options.data ?? env.dataDir;
  if (data !== undefined) merged['dataDir'] = resolve(data);
  else if (file !== undefined && typeof raw['dataDir'] === 'string') {
    merged['dataDir'] = resolve(dirname(file), raw['dataDir']);
  }

  const config = parseConfig(merged, faults);
  config.dataDir = resolve(config.dataDir);
  const base = file === undefined ? '.' : dirname(file);
  if (config.backup.folder !== undefined) {
    config.backup.folder = resolve(base, config.backup.folder);
  }
  config.reporting = reportingAt(config.reporting, base);
  config.chatbot.knowledge = config.chatbot.knowledge.map((one) =>
    typeof one === 'string' ? resolve(base, one) : { ...one, file: resolve(base, one.file) },
  );
  return config;
}

/**
 * Validates a config object.
 * @throws ConfigError with every fault
 */
export function parseConfig(input: unknown, faults: Text[] = []): Config {
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) faults.push(...faultsOf(issue, input));
    throw new ConfigError([...faults, ...crossFaults(readable(input))]);
  }
  faults.push(...crossFaults(parsed.data));
  if (faults.length > 0) throw new ConfigError(faults);
  return parsed.data;
}

/**
 * Pacing of bots that say nothing of their own. Simulated bots have nothing to fear: they are paced
 * only where the config says so.
 */
export function pacingDefaults(config: Config): { pacing: Pacing; simulated: Pacing } {
  const pacing = config.pacing ?? pacingSchema.parse({});
  const off: Pacing = { perMinute: 0, perRoomPerMinute: 0, jitterMs: [0, 0] };
  return { pacing, simulated: config.pacing ?? off };
}

function readConfigFile(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ConfigError([{ zh: `${file}：无法读取`, en: `${file}: cannot be read` }]);
  }
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0) {
    throw new ConfigError(
      errors.map((error) => {
        const line = text.slice(0, error.offset).split('\n').length;
        const words = syntaxWords(printParseErrorCode(error.error));
        return {
          zh: `${file}：第 ${line} 行：${words.zh}`,
          en: `${file}: line ${line}: ${words.en}`,
        };
      }),
    );
  }
  if (!isObject(value)) {
    throw new ConfigError([
      { zh: `${file}：须为一个 JSON 对象`, en: `${file}: must hold one JSON object` },
    ]);
  }
  return value;
}

function setIn(config: Record<string, unknown>, key: 'port' | 'host', value: unknown): void {
  const http = config['http'];
  // A section of the wrong type is left as it is: the schema names the fault.
  if (http === undefined) config['http'] = { [key]: value };
  else if (isObject(http)) http[key] = value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
