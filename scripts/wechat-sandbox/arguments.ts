import { parseArgs } from 'node:util';
import type { AccountOptions, SandboxOptions } from './types.ts';
import { defaultAccount } from './world.ts';

export interface Arguments {
  help: boolean;
  language: 'zh' | 'en';
  options: SandboxOptions & { accounts: AccountOptions[] };
}

/** The accounts of a sandbox that was started without one: one of each kind. */
const examples: AccountOptions[] = [
  defaultAccount,
  {
    appid: 'wx5a4db0c000000002',
    secret: 'sandboxsecret0000000000000000000',
    token: 'sandboxtoken',
    encodingAesKey: 'sandboxsandboxsandboxsandboxsandboxsandbox0',
    kind: 'official',
  },
];

/** Where the daemon takes pushes, below its own address. */
const places = {
  miniprogram: '/api/imbot/wechat/customer',
  official: '/im_component/wx_official_account/push/{appid}',
} as const;

/** @throws an Error that says what is wrong with the command line */
export function readArguments(args: string[]): Arguments {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      language: { type: 'string', default: 'zh' },
      port: { type: 'string', default: '8090' },
      host: { type: 'string', default: '127.0.0.1' },
      account: { type: 'string', multiple: true },
      push: { type: 'string' },
      daemon: { type: 'string', default: 'http://127.0.0.1:8080' },
      format: { type: 'string' },
      mode: { type: 'string' },
    },
  });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65535) throw new Error('--port: 0 to 65535');
  const format = oneOf('--format', values.format, ['xml', 'json'] as const);
  const mode = oneOf('--mode', values.mode, ['plain', 'compatible', 'secure'] as const);
  const language = oneOf('--language', values.language, ['zh', 'en'] as const) ?? 'zh';
  const { daemon, push } = values;
  for (const [name, url] of Object.entries({ daemon, push })) {
    if (url !== undefined && !/^https?:\/\//.test(url)) throw new Error(`--${name}: http://…`);
  }
  const accounts = values.account?.map(readAccount) ?? examples;
  return {
    help: values.help,
    language,
    options: {
      port,
      host: values.host,
      accounts: accounts.map((one) => ({
        ...one,
        push: push ?? daemon.replace(/\/$/, '') + places[one.kind ?? 'miniprogram'],
        ...(mode === undefined ? {} : { mode: modeOf(one, mode) }),
      })),
      ...(format === undefined ? {} : { format }),
    },
  };
}

/** `appid:secret:token[:aeskey][:kind]`. */
function readAccount(text: string): AccountOptions {
  const [appid = '', secret = '', token = '', ...more] = text.split(':');
  if (appid === '' || secret === '') throw new Error(`--account ${text}: appid:secret:token`);
  const account: AccountOptions = { appid, secret, ...(token === '' ? {} : { token }) };
  for (const one of more) {
    if (one === 'official' || one === 'miniprogram') account.kind = one;
    else if (/^[A-Za-z0-9]{43}$/.test(one)) account.encodingAesKey = one;
    else if (one !== '') {
      throw new Error(
        `--account ${appid}: ${one} is neither 43 letters and digits nor miniprogram nor official`,
      );
    }
  }
  return account;
}

function modeOf(
  account: AccountOptions,
  mode: 'plain' | 'compatible' | 'secure',
): 'plain' | 'compatible' | 'secure' {
  if (mode === 'plain' || account.encodingAesKey !== undefined) return mode;
  throw new Error(`--mode ${mode}: ${account.appid} has no EncodingAESKey`);
}

function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  allowed: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new Error(`${name}: one of ${allowed.join(' ')}`);
  return found;
}
