import { isAddress, isLoopback } from './address-schema.ts';
import { pacingSchema } from './bot-schema.ts';
import type { Text } from './text.ts';

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
export function readable(input: unknown): Crossed {
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
export function crossFaults(config: Crossed): Text[] {
  const faults: Text[] = [];
  const add = (where: string, zh: string, en: string): void => {
    faults.push({ zh: `${where}: ${zh}`, en: `${where}: ${en}` });
  };
  faults.push(...repeated('channels', config.channels ?? [], 'chid'));
  faults.push(...repeated('bots', config.bots ?? [], 'botcode'));
  faults.push(...repeated('apps', config.apps, 'appid'));
  faults.push(...repeated('wechat', config.wechat, 'appid'));
  faults.push(...repeated('rules', config.rules, 'name'));
  faults.push(...repeated('reports', config.reports, 'name'));
  const tokens = config.access.tokens.map((one) => (isObject(one) ? one['token'] : one));
  for (const [index, token] of tokens.entries()) {
    if (token !== undefined && tokens.indexOf(token) < index)
      add(`access.tokens[${index}]`, '重复', 'is there twice');
  }
  for (const [index, account] of config.wechat.entries()) {
    const encrypted = account.mode === 'secure' || account.mode === 'compatible';
    if (encrypted && account.encodingAesKey === undefined) {
      const { mode } = account;
      add(
        `wechat[${index}].encodingAesKey`,
        `缺失（${mode} 模式需要）`,
        `missing (mode ${mode} needs it)`,
      );
    }
  }
  const { account } = config.imbot;
  if (account !== undefined && !config.wechat.some(({ appid }) => appid === account)) {
    add(
      'imbot.account',
      `${String(account)} 不在 wechat 的账号中`,
      `${String(account)} is none of the accounts under wechat`,
    );
  }
  for (const [index, channel] of (config.channels ?? []).entries()) {
    if (channel.key === undefined && channel.publicKey === undefined) {
      add(`channels[${index}].key`, '缺失（或给出 publicKey）', 'missing (or give a publicKey)');
    }
    for (const [at, address] of channel.addresses.entries()) {
      if (!isAddress(address)) {
        add(
          `channels[${index}].addresses[${at}]`,
          '须为 IP 地址或 CIDR 网段',
          'not an IP address or CIDR range',
        );
      }
    }
  }
  for (const [index, bot] of (config.bots ?? []).entries()) {
    if (bot.driver === 'wechaty' && bot.puppet === undefined) {
      add(
        `bots[${index}].puppet`,
        '缺失（wechaty 驱动需要 puppet 包）',
        'missing (the wechaty driver needs a puppet package)',
      );
    }
  }
  const [from, to] = config.pacing?.jitterMs ?? [0, 0];
  if (from > to) {
    add('pacing.jitterMs', '第一个数大于第二个数', 'the first number is larger than the second');
  }
  if (!isLoopback(config.http.host) && config.access.open && config.access.tokens.length === 0) {
    const { host } = config.http;
    add(
      'access.open',
      `监听 ${host} 时，没有鉴权的接口不能开放；请把 access.open 设为 false，或给出 access.tokens，或监听 127.0.0.1`,
      `families without authentication cannot be open on ${host}; ` +
        'set access.open to false, or give access.tokens, or listen on 127.0.0.1',
    );
  }
  return faults;
}

function repeated<K extends string>(
  section: string,
  rows: readonly Record<K, unknown>[],
  key: K,
): Text[] {
  const seen = new Set<unknown>();
  const faults: Text[] = [];
  for (const [index, row] of rows.entries()) {
    if (seen.has(row[key])) {
      const where = `${section}[${index}].${key}`;
      faults.push({
        zh: `${where}: “${row[key]}”重复`,
        en: `${where}: "${row[key]}" is there twice`,
      });
    }
    seen.add(row[key]);
  }
  return faults;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
