import { createServer } from 'node:net';
import { knownSayings } from '../../../bot/known-sayings.ts';
import { type BotSettings, type Config, ConfigError } from '../../../config/config.ts';
import type { CliContext } from '../context.ts';
import { CliFailure } from '../failure.ts';
import { type Check, type Finding, finding } from './check.ts';
import { reach } from './reach.ts';

const timeoutMs = 3000;

/** The port is free, or held by our own daemon. */
export const checkPort: Check = async (context) => {
  const config = context.tryConfig();
  if (config instanceof ConfigError) return [];
  const { host, port } = config.http;
  const address = `${host}:${port}`;
  const note = context.note();
  if (note !== undefined && (await answers(note.url))) {
    return [finding('port', 'ok', `${note.url} 由本守护进程使用`, `${note.url} is our daemon`)];
  }
  if (port === 0) return [finding('port', 'ok', '自动选择', 'picked at start')];
  const fault = await tryListen(host, port);
  return [
    fault === undefined
      ? finding('port', 'ok', `${address} 可用`, `${address} is free`)
      : finding(
          'port',
          'fail',
          `${address} 不可用：${fault}`,
          `${address} cannot be used: ${fault}`,
        ),
  ];
};

/** The daemon answers, and its clock and ours agree. */
export const checkDaemon: Check = async (context, { timeUrl }) => {
  const findings: Finding[] = [];
  const url = context.values.url ?? context.env.url ?? context.note()?.url;
  if (url === undefined) {
    findings.push(finding('daemon', 'info', '未运行', 'not running'));
  } else {
    findings.push(await readiness(url));
    findings.push(...(await tokenWorks(context)));
  }
  for (const address of [url, timeUrl]) {
    if (address !== undefined) findings.push(await skew(context, address));
  }
  return findings;
};

/** What the config wants to reach: receivers of events, puppet services, puppet packages. */
export const checkPeers: Check = async (context) => {
  const config = context.tryConfig();
  if (config instanceof ConfigError) return [];
  const checks = [
    ...(config.channels ?? []).map((channel) => callback(channel)),
    ...(config.bots ?? []).filter((bot) => bot.driver === 'wechaty').map((bot) => puppet(bot)),
  ];
  return (await Promise.all(checks)).flat();
};

async function callback(channel: NonNullable<Config['channels']>[number]): Promise<Finding[]> {
  if (channel.callbackUrl === undefined) return [];
  const url = new URL(channel.callbackUrl);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return [await reach(`channel ${channel.chid}`, url.hostname.replace(/^\[|\]$/g, ''), port)];
}

async function puppet(bot: BotSettings): Promise<Finding[]> {
  const check = `bot ${bot.botcode}`;
  const name = bot.puppet ?? '';
  const findings: Finding[] = [];
  try {
    import.meta.resolve(name);
    findings.push(finding(check, 'ok', `${name} 已安装`, `${name} is installed`));
  } catch {
    findings.push(finding(check, 'fail', `${name} 未安装`, `${name} is not installed`));
  }
  const endpoint = bot.puppetOptions?.['endpoint'];
  if (typeof endpoint !== 'string') return findings;
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(endpoint) ?? [];
  if (host === '') {
    findings.push(
      finding(check, 'fail', `endpoint 不是 HOST:PORT：${endpoint}`, `endpoint is not HOST:PORT`),
    );
  } else findings.push(await reach(check, host, Number(port)));
  return findings;
}

async function readiness(url: string): Promise<Finding> {
  try {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(timeoutMs) });
    const report = (await response.json()) as { reasons?: string[]; warnings?: string[] };
    const notes = [...(report.reasons ?? []), ...(report.warnings ?? [])].join('; ');
    const zh = `${url} ${response.ok ? '就绪' : '未就绪'}`;
    const en = `${url} is ${response.ok ? 'ready' : 'not ready'}`;
    return finding(
      'daemon',
      response.ok ? 'ok' : 'fail',
      notes === '' ? zh : `${zh}（${knownSayings.in('zh', notes)}）`,
      notes === '' ? en : `${en} (${knownSayings.in('en', notes)})`,
    );
  } catch {
    return finding('daemon', 'fail', `${url} 没有应答`, `${url} does not answer`);
  }
}

async function tokenWorks(context: CliContext): Promise<Finding[]> {
  try {
    const who = await context.client().get<{ name: string }>('/api/v1/session');
    return [finding('token', 'ok', who.name, who.name)];
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    return [finding('token', 'warn', error.text.zh, error.text.en)];
  }
}

/** Commands are refused when their txtime is too far from the clock of the daemon. */
async function skew(context: CliContext, url: string): Promise<Finding> {
  const began = Date.now();
  let date: string | null;
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(timeoutMs) });
    date = response.headers.get('date');
  } catch {
    return finding('clock', 'warn', `${url} 没有应答`, `${url} does not answer`);
  }
  if (date === null) return finding('clock', 'warn', `${url} 无 Date`, `${url} tells no date`);
  // The header tells whole seconds: half of one is in the middle.
  const theirs = Date.parse(date) + 500;
  const seconds = Math.round((theirs - (began + Date.now()) / 2) / 1000);
  const config = context.tryConfig();
  const window = config instanceof ConfigError ? 600 : config.commands.txtimeWindowSeconds;
  const off = Math.abs(seconds);
  const status = off > window ? 'fail' : off > 30 ? 'warn' : 'ok';
  return finding('clock', status, `与 ${url} 相差 ${seconds} 秒`, `${seconds} s from ${url}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/live`, { signal: AbortSignal.timeout(timeoutMs) })).ok;
  } catch {
    return false;
  }
}

function tryListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
