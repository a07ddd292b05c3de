import { readFile } from 'node:fs/promises';
import { RealClock } from '../../bot/clock.ts';
import type { Text } from '../../bot/errors.ts';
import { accountOf } from '../../bot/wechat/account.ts';
import { checkRequest, type RequestCheck } from '../../bot/wechat/check.ts';
import type { RefusalReason } from '../../bot/wechat/diagnosis.ts';
import { errorOf } from '../../bot/wechat/errors.ts';
import { Wire } from '../../bot/wechat/exchange.ts';
import { fetchToken } from '../../bot/wechat/token-source.ts';
import type { WechatSettings } from '../../config/wechat-schema.ts';
import { cliCommand, flag, text } from './command.ts';
import type { CliContext } from './context.ts';
import { exitCodes, usageFailure } from './failure.ts';

interface Live {
  ok: boolean;
  expiresInSeconds?: number;
  errcode?: number;
  errmsg?: string;
  meaning?: string;
}

interface Report {
  appid: string;
  kind: string;
  mode: string;
  token: string | null;
  hasKey: boolean;
  hasSecret: boolean;
  request: RequestCheck | null;
  live: Live | null;
}

export const checkCommand = cliCommand({
  name: 'wechat check',
  usage: '[--appid APPID] [--url URL [--body FILE]] [--live]',
  summary: {
    zh: '检查微信账号：签名、密钥、appid，以及（--live）AppSecret',
    en: 'check an account: signatures, key, appid, and with --live the AppSecret',
  },
  details: {
    zh: `--url 微信请求的完整地址（含全部参数），--body 推送的原始内容（没有则视为地址验证）
逐项说明参与签名的字符串、我们算出的摘要，以及不符的原因；不向守护进程发送任何内容
--live 以配置中的 AppSecret 调用 stable_token，并解释错误码`,
    en: `--url is the whole address that WeChat called, with all parameters; --body a file with what it posted (without: a verification)
Tells which strings were signed, which digest we computed, and why it does not fit; the daemon is told nothing
--live calls stable_token with the AppSecret of the config, and says what an error code means`,
  },
  options: { appid: text, url: text, body: text, live: flag },
  run: async (context, { appid, url, body, live }) => {
    const accounts = context.config().wechat;
    const settings = chosen(accounts, appid ?? appidIn(url) ?? miniProgramOf(context, url));
    const { token, secret, encodingAesKey, kind } = settings;
    const report: Report = {
      appid: settings.appid,
      kind,
      mode: accountOf(settings).mode,
      token: token === undefined ? null : `${token.slice(0, 2)}… (${token.length})`,
      hasKey: encodingAesKey !== undefined,
      hasSecret: secret !== undefined,
      request: null,
      live: null,
    };
    if (url !== undefined) {
      if (!URL.canParse(url)) throw usageFailure('--url：不是完整地址', '--url: no whole address');
      const posted = body === undefined ? undefined : await bytesOf(body);
      report.request = checkRequest({ settings, others: accounts, url, body: posted });
    }
    if (live === true) report.live = await askWechat(context, settings);
    context.print(report, () => linesOf(context, report).join('\n'));
    const isFine =
      report.token !== null && report.request?.ok !== false && report.live?.ok !== false;
    return isFine ? exitCodes.ok : exitCodes.failed;
  },
});

function chosen(accounts: readonly WechatSettings[], appid: string | undefined): WechatSettings {
  const found = appid === undefined ? accounts : accounts.filter((one) => one.appid === appid);
  const [settings, ...others] = found;
  if (settings !== undefined && others.length === 0) return settings;
  const known = accounts.map(({ appid: one, kind }) => `${one} (${kind})`).join(', ');
  if (known === '') {
    throw usageFailure('配置中没有 wechat 账号', 'the config has no accounts under wechat');
  }
  throw appid === undefined
    ? usageFailure(
        `配置中有多个账号，请用 --appid 指定：${known}`,
        `the config has several accounts, choose one with --appid: ${known}`,
      )
    : usageFailure(
        `配置中没有账号 ${appid}，--appid 应为其中之一：${known}`,
        `the config has no account ${appid}; --appid: one of these: ${known}`,
      );
}

/** The account that an address of ours names. */
function appidIn(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { pathname, searchParams } = new URL(url);
  return /\/push\/([\w-]+)$/.exec(pathname)?.[1] ?? searchParams.get('appid') ?? undefined;
}

/** Whom the address means that names nobody. */
function miniProgramOf(context: CliContext, url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  if (!new URL(url).pathname.endsWith('/api/imbot/wechat/customer')) return undefined;
  const { imbot, wechat } = context.config();
  return imbot.account ?? wechat.find(({ kind }) => kind === 'miniprogram')?.appid;
}

async function askWechat(context: CliContext, settings: WechatSettings): Promise<Live> {
  const wire = new Wire(new RealClock());
  try {
    const fetched = await fetchToken(wire, settings, false);
    if (fetched.ok) return { ok: true, expiresInSeconds: Math.floor(fetched.lifeMs / 1000) };
    const { fault } = fetched;
    if (fault.kind !== 'refused') return { ok: false, errmsg: fault.error };
    const { errcode, errmsg } = fault;
    return { ok: false, errcode, errmsg, meaning: context.say(errorOf(errcode).text) };
  } finally {
    wire.close();
  }
}

function linesOf(context: CliContext, report: Report): string[] {
  const { request, live } = report;
  const set = (is: boolean): string => context.say(is ? word.set : word.missing);
  const lines = [
    `${report.appid}  ${report.kind}  ${report.mode}`,
    `token           ${report.token ?? set(false)}`,
    `encodingAesKey  ${set(report.hasKey)}`,
    `secret          ${set(report.hasSecret)}`,
  ];
  if (request !== null) lines.push('', ...requestLines(context, request));
  if (live !== null) {
    const { ok, expiresInSeconds, errcode, errmsg = '', meaning } = live;
    const why = [errcode, errmsg, meaning].filter((one) => one !== undefined).join('  ');
    lines.push('', `stable_token    ${ok ? `ok, ${expiresInSeconds} s` : why}`);
  }
  return lines;
}

function requestLines(context: CliContext, request: RequestCheck): string[] {
  const { what, ok, reason, diagnosis, signedFor, echo, push } = request;
  const lines = [`${what}  ${ok ? 'ok' : context.say(reasons[reason ?? 'malformed'])}`];
  if (diagnosis !== undefined) {
    for (const { name, length, begins } of diagnosis.parts) {
      lines.push(`  ${name.padEnd(14)}${length}  ${begins}…`);
    }
    lines.push(`  ${'sha1'.padEnd(14)}${diagnosis.computed}`);
    lines.push(`  ${diagnosis.parameter.padEnd(14)}${diagnosis.given ?? '-'}`);
    if (diagnosis.note !== undefined) lines.push(`  ${context.say(noteOf(diagnosis.note))}`);
  }
  if (signedFor !== undefined) {
    lines.push(
      `  ${context.say({
        zh: `该请求是用账号 ${signedFor} 的 token 签名的`,
        en: `it was signed with the token of account ${signedFor}`,
      })}`,
    );
  }
  if (echo !== undefined) lines.push(`  → ${echo}`);
  if (push !== undefined) {
    lines.push(`  ${push.kind}  ${push.openId}  ${push.mode}  ${push.format}  ${push.msgId ?? ''}`);
  }
  return lines;
}

const word = {
  set: { zh: '已设置', en: 'set' },
  missing: { zh: '未设置', en: 'missing' },
} satisfies Record<string, Text>;

const reasons: Record<RefusalReason, Text> = {
  'no token': { zh: '配置中没有 token', en: 'the config has no token' },
  'no signature': { zh: '地址中没有签名参数', en: 'the address has no signature' },
  'wrong signature': {
    zh: '签名不符：微信后台的 Token 与配置不同，或地址、内容被改动',
    en: 'the signature does not fit: the Token in WeChat’s console is another, or something was changed on the way',
  },
  downgrade: {
    zh: '账号为加密模式，而请求未加密：微信后台应选安全模式，或配置 mode: "plain"',
    en: 'the account is encrypted, the request is not: choose secure mode in WeChat’s console, or set mode to "plain"',
  },
  'no key': {
    zh: '请求已加密，而配置中没有 encodingAesKey',
    en: 'it is encrypted, and the config has no encodingAesKey',
  },
  'cannot be decrypted': {
    zh: '签名正确，但无法解密',
    en: 'signed rightly, but it cannot be decrypted',
  },
  malformed: { zh: '签名正确，但内容不是推送', en: 'signed rightly, but its content is no push' },
};

function noteOf(note: string): Text {
  const known: Record<string, Text> = {
    appid: {
      zh: 'encodingAesKey 正确，但内容属于另一个 appid',
      en: 'the encodingAesKey fits, but it is meant for another appid',
    },
    padding: { zh: 'encodingAesKey 不符', en: 'the encodingAesKey does not fit' },
    content: { zh: 'encodingAesKey 不符', en: 'the encodingAesKey does not fit' },
  };
  return known[note] ?? { zh: note, en: note };
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch {
    throw usageFailure(`${file}：无法读取`, `${file}: cannot be read`);
  }
}
