import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configJsonSchema } from '../scripts/config-schema.ts';
import { ConfigError, loadConfig, pacingDefaults, parseConfig } from './config.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-config-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(text: string): string {
  const path = join(folder, 'config.json');
  writeFileSync(path, text);
  return path;
}

function faultsOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('the config file', () => {
  it('may be absent: every key has a default', () => {
    const config = loadConfig({}, {});
    expect(config.http).toMatchObject({ host: '127.0.0.1', port: 8080 });
    expect(config.timezone).toBe('Asia/Shanghai');
    expect(pacingDefaults(config).pacing).toEqual({
      perMinute: 20,
      perRoomPerMinute: 6,
      jitterMs: [300, 1200],
    });
    expect(pacingDefaults(config).simulated.perMinute).toBe(0);
    const asked = parseConfig({ pacing: { perMinute: 3 } });
    expect(pacingDefaults(asked).simulated.perMinute).toBe(3);
  });

  it('may hold comments and trailing commas', () => {
    const path = file('{ // here\n "http": { "port": 9000, }, /* there */ }');
    expect(loadConfig({ config: path }, {}).http.port).toBe(9000);
  });

  it('yields to the environment, and that to options', () => {
    const path = file('{ "http": { "port": 1 } }');
    expect(loadConfig({ config: path }, { port: '2' }).http.port).toBe(2);
    expect(loadConfig({ config: path, port: '3' }, { port: '2' }).http.port).toBe(3);
    expect(loadConfig({}, { configFile: path, host: '127.0.0.2' }).http).toMatchObject({
      host: '127.0.0.2',
      port: 1,
    });
  });

  it('is refused with every fault at once, each with its path', () => {
    const path = file(
      JSON.stringify({
        http: { port: 'eighty' },
        channels: [
          { chid: 'a', key: 'k' },
          { chid: 'a', key: 'k', callbackUrl: 'ftp://x' },
        ],
        bots: [
          { botcode: 'b', driver: 'telegram' },
          { botcode: 'c', driver: 'wechaty' },
        ],
        timezone: 'Mars/Olympus',
        imbot: {
          noticeAllow: ['ok.example.com', '10.0.0.0/8', '::1', 'http://x', 'x:80', '10.0.0.0/33'],
        },
        colour: 'red',
      }),
    );
    const text = faultsOf(() => loadConfig({ config: path }, {})).join('\n');
    for (const part of [
      'http.port',
      'channels[1].callbackUrl',
      'bots[0].driver',
      'timezone',
      'imbot.noticeAllow[3]',
      'imbot.noticeAllow[4]',
      'imbot.noticeAllow[5]',
      'colour',
      'channels[1].chid',
      'bots[1].puppet',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('names what single fields do not show', () => {
    const faults = faultsOf(() =>
      parseConfig({
        http: { host: '0.0.0.0' },
        channels: [
          { chid: 'a', key: 'k', addresses: ['10.0.0.0/33'] },
          { chid: 'a', key: 'k' },
          { chid: 'c' },
        ],
        bots: [{ botcode: 'b', driver: 'wechaty' }],
        pacing: { jitterMs: [5, 1] },
        apps: [
          { appid: 7, secret: 'a' },
          { appid: 7, secret: 'b' },
        ],
        wechat: [{ appid: 'wx1', mode: 'secure' }],
        imbot: { account: 'wx2' },
      }),
    );
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'channels[1].chid',
      'apps[1].appid',
      'wechat[0].encodingAesKey',
      'imbot.account',
      'channels[0].addresses[0]',
      'channels[2].key',
      'bots[0].puppet',
      'pacing.jitterMs',
      'access.open',
    ]);
  });

  it('says each fault in the language of the reader', () => {
    const told = (input: unknown): string[] => {
      try {
        parseConfig(input);
      } catch (error) {
        if (error instanceof ConfigError) return [...error.told('zh'), ...error.told('en')];
      }
      return [];
    };
    const faulty = {
      http: { port: 'x' },
      colour: 1,
      bots: [{}],
      rules: [{ name: 'r', pattern: 'p', reply: { type: 'fax' } }],
      chatbot: { knowledge: [{ file: 'a.md', kb: 'a b' }, 7] },
    };
    const all = told(faulty);
    expect(all).toContain('http.port: 须为数字');
    expect(all).toContain('http.port: must be a number');
    expect(all).toContain('colour: 未知字段');
    expect(all).toContain('bots[0].botcode: 缺失');
    expect(all.slice(0, all.length / 2).filter((one) => !/\p{Script=Han}/u.test(one))).toEqual([]);
    expect(all.filter((one) => /Invalid|expected|received/.test(one))).toEqual([]);
    expect(all.some((one) => one.startsWith('chatbot.knowledge[0].kb: 只能含'))).toBe(true);
    try {
      loadConfig({ config: file('{\n "a": "b\n}') }, {});
    } catch (error) {
      const [zh] = error instanceof ConfigError ? error.told('zh') : [];
      expect(zh).toMatch(/第 2 行：字符串没有结束/);
    }
  });

  it('that is no JSON says where', () => {
    expect(faultsOf(() => loadConfig({ config: file('{\n "http": \n}') }, {}))[0]).toContain(
      'line 3',
    );
  });
});

describe('an address that is not loopback', () => {
  it('needs tokens, or families that are not open', () => {
    const on = (access: unknown): string[] =>
      faultsOf(() => parseConfig({ http: { host: '0.0.0.0' }, access }));
    expect(on({ open: true })).toHaveLength(1);
    expect(on({ open: false })).toEqual([]);
    expect(on({ open: true, tokens: ['t'] })).toEqual([]);
    expect(on({ tokens: ['t', { token: 'u', userId: 'Joe' }, 't', 'u', 'a b'] })).toEqual([
      expect.stringContaining('access.tokens[4]'),
      'access.tokens[2]: is there twice',
      'access.tokens[3]: is there twice',
    ]);
  });
});

it('keeps the JSON schema for editors up to date', () => {
  const path = join(import.meta.dirname, 'wxrc.schema.json');
  expect(readFileSync(path, 'utf8')).toBe(configJsonSchema());
});

it('ships an example in which every key is explained and valid', () => {
  const example = loadConfig({ config: join(import.meta.dirname, 'example.jsonc') }, {});
  expect(example.bots).toHaveLength(3);
});
