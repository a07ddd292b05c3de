import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import type { Env } from './env.ts';
import { reportingAt } from './report-source-schema.ts';
import { type Config, configSchema, type Pacing, pacingSchema } from './schema.ts';

export type { BotSettings, ChannelSettings, Config, Pacing } from './schema.ts';

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
  constructor(faults: string[]) {
    super(`config: ${faults.length} fault(s)\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
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
  const faults: string[] = [];

  const port = options.port ?? env.port;
  if (port !== undefined) {
    if (/^\d{1,5}$/.test(port)) setIn(merged, 'port', Number(port));
    else faults.push(`--port / WXRC_PORT: "${port}" is not a port number`);
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
export function parseConfig(input: unknown, faults: string[] = []): Config {
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const where = issue.path.length === 0 ? '(top)' : formatPath(issue.path);
      faults.push(`${where}: ${issue.message}`);
    }
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

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** What faults across fields need of a config. */
interface Crossed {
  http: { host: string };
  access: { open: boolean; tokens: unknown[] };
  pacing?: { jitterMs: [number, number] } | undefined;
  channels?:
    | { chid: string; key?: unknown; publicKey?: unknown; addresses: string[] }[]
    | undefined;
  bots?: { botcode: string; driver: string; puppet?: unknown }[] | undefined;
  wechat: { appid: string; mode?: unknown; encodingAesKey?: unknown }[];
  apps: { appid: unknown }[];
  rules: { name: unknown }[];
  reports: { name: unknown }[];
  imbot: { account?: unknown };
}

/** What can be read of a config with faults, so that the others are told at once, too. */
function readable(input: unknown): Crossed {
  const config = isObject(input) ? input : {};
  const http = isObject(config['http']) ? config['http'] : {};
  const access = isObject(config['access']) ? config['access'] : {};
  const pacing = pacingSchema.safeParse(config['pacing']);
  const rows = (value: unknown): Record<string, unknown>[] =>
    Array.isArray(value) ? value.map((row) => (isObject(row) ? row : {})) : [];
  const text = (value: unknown, other: string): string =>
    typeof value === 'string' ? value : other;
  return {
    http: { host: text(http['host'], '127.0.0.1') },
    access: {
      open: access['open'] !== false,
      tokens: Array.isArray(access['tokens']) ? access['tokens'] : [],
    },
    pacing: pacing.success ? pacing.data : undefined,
    channels: rows(config['channels']).map((row, index) => ({
      ...row,
      chid: text(row['chid'], `#${index}`),
      addresses: Array.isArray(row['addresses']) ? row['addresses'].map(String) : [],
    })),
    bots: rows(config['bots']).map((row, index) => ({
      ...row,
      botcode: text(row['botcode'], `#${index}`),
      driver: text(row['driver'], 'simulator'),
    })),
    wechat: rows(config['wechat']).map((row, index) => ({
      ...row,
      appid: text(row['appid'], `#${index}`),
    })),
    apps: rows(config['apps']).map((row, index) => ({ appid: row['appid'] ?? `#${index}` })),
    rules: rows(config['rules']).map((row, index) => ({ name: row['name'] ?? `#${index}` })),
    reports: rows(config['reports']).map((row, index) => ({ name: row['name'] ?? `#${index}` })),
    imbot: isObject(config['imbot']) ? config['imbot'] : {},
  };
}

/** Faults that no single field shows. */
function crossFaults(config: Crossed): string[] {
  const faults: string[] = [];
  faults.push(...repeated('channels', config.channels ?? [], 'chid'));
  faults.push(...repeated('bots', config.bots ?? [], 'botcode'));
  faults.push(...repeated('apps', config.apps, 'appid'));
  faults.push(...repeated('wechat', config.wechat, 'appid'));
  faults.push(...repeated('rules', config.rules, 'name'));
  faults.push(...repeated('reports', config.reports, 'name'));
  const tokens = config.access.tokens.map((one) => (isObject(one) ? one['token'] : one));
  for (const [index, token] of tokens.entries()) {
    if (token !== undefined && tokens.indexOf(token) < index)
      faults.push(`access.tokens[${index}]: is there twice`);
  }
  for (const [index, account] of config.wechat.entries()) {
    const encrypted = account.mode === 'secure' || account.mode === 'compatible';
    if (encrypted && account.encodingAesKey === undefined) {
      faults.push(`wechat[${index}].encodingAesKey: missing (mode ${account.mode} needs it)`);
    }
  }
  const { account } = config.imbot;
  if (account !== undefined && !config.wechat.some(({ appid }) => appid === account)) {
    faults.push(`imbot.account: ${String(account)} is none of the accounts under wechat`);
  }
  for (const [index, channel] of (config.channels ?? []).entries()) {
    if (channel.key === undefined && channel.publicKey === undefined) {
      faults.push(`channels[${index}].key: missing (or give a publicKey)`);
    }
    for (const [at, address] of channel.addresses.entries()) {
      if (!isAddress(address)) {
        faults.push(`channels[${index}].addresses[${at}]: not an IP address or CIDR range`);
      }
    }
  }
  for (const [index, bot] of (config.bots ?? []).entries()) {
    if (bot.driver === 'wechaty' && bot.puppet === undefined) {
      faults.push(`bots[${index}].puppet: missing (the wechaty driver needs a puppet package)`);
    }
  }
  const [from, to] = config.pacing?.jitterMs ?? [0, 0];
  if (from > to) faults.push('pacing.jitterMs: the first number is larger than the second');
  if (!isLoopback(config.http.host) && config.access.open && config.access.tokens.length === 0) {
    faults.push(
      `access.open: families without authentication cannot be open on ${config.http.host}; ` +
        'set access.open to false, or give access.tokens, or listen on 127.0.0.1',
    );
  }
  return faults;
}

function repeated<K extends string>(
  section: string,
  rows: readonly Record<K, unknown>[],
  key: K,
): string[] {
  const seen = new Set<unknown>();
  const faults: string[] = [];
  for (const [index, row] of rows.entries()) {
    if (seen.has(row[key]))
      faults.push(`${section}[${index}].${key}: "${row[key]}" is there twice`);
    seen.add(row[key]);
  }
  return faults;
}

/** An IP address or a CIDR range of either family. */
export function isAddress(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}

function readConfigFile(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ConfigError([`${file}: cannot be read`]);
  }
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  if (errors.length > 0) {
    throw new ConfigError(
      errors.map((error) => {
        const line = text.slice(0, error.offset).split('\n').length;
        return `${file}: line ${line}: ${printParseErrorCode(error.error)}`;
      }),
    );
  }
  if (!isObject(value)) throw new ConfigError([`${file}: must hold one JSON object`]);
  return value;
}

function setIn(config: Record<string, unknown>, key: 'port' | 'host', value: unknown): void {
  const http = config['http'];
  // A section of the wrong type is left as it is: the schema names the fault.
  if (http === undefined) config['http'] = { [key]: value };
  else if (isObject(http)) http[key] = value;
}

function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
