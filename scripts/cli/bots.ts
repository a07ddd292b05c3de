import qrcodeTerminal from 'qrcode-terminal';
import { visibleLine } from '../../config/visible.ts';
import { cliCommand, flag, text, texts } from './command.ts';
import type { CliContext } from './context.ts';
import { usageFailure } from './failure.ts';
import { formatAge } from './output.ts';

interface BotView {
  botcode: string;
  driver: string;
  state: string;
  since: number;
  userAction: string;
  reason: string | null;
  account: { id: string; name: string } | null;
  boundAccountId: string | null;
  waitReason: string | null;
  ages: Record<string, number | null>;
  qr: { text: string; pngUrl: string; expiresAt: number; confirmBy: number | null } | null;
}

interface BotDetail extends BotView {
  source: string;
  queue: { length: number; etaMs: number | null };
}

const path = (botcode: string, rest = '') => `/api/v1/bots/${encodeURIComponent(botcode)}${rest}`;

/** A command of a bot's life: one word behind it, one call. */
function life(name: string, route: string, summary: { zh: string; en: string }) {
  return cliCommand({
    name: `bot ${name}`,
    usage: 'BOTCODE',
    summary,
    words: [1, 1],
    run: async (context, _values, [botcode = '']) => {
      const view = await context.client().post<BotView>(path(botcode, `/${route}`));
      context.print(view, () => `${view.botcode}: ${stateOf(context, view)}`);
    },
  });
}

export const botCommands = [
  cliCommand({
    name: 'bot list',
    usage: '',
    summary: { zh: '列出机器人及其状态', en: 'list bots and their states' },
    run: async (context) => {
      const items = await Array.fromAsync(context.client().all<BotView>('/api/v1/bots'));
      const now = Date.now();
      context.printTable(items, {
        BOTCODE: (one) => one.botcode,
        DRIVER: (one) => one.driver,
        STATE: (one) => context.word('bot', one.state),
        FOR: (one) => formatAge(now - one.since),
        ACTION: (one) => (one.userAction === 'none' ? '' : context.word('toDo', one.userAction)),
        ACCOUNT: (one) => one.account?.name,
        WAITS: (one) => one.waitReason,
      });
    },
  }),
  cliCommand({
    name: 'bot status',
    usage: 'BOTCODE [--qr]',
    summary: { zh: '查看机器人；--qr 打印二维码', en: 'look at a bot; --qr prints its QR code' },
    words: [1, 1],
    options: { qr: flag },
    run: async (context, { qr }, [botcode = '']) => {
      const view = await context.client().get<BotDetail>(path(botcode));
      context.print(view, () => `${describe(context, view)}${qr === true ? qrOf(view) : ''}`);
    },
  }),
  cliCommand({
    name: 'bot add',
    usage: 'BOTCODE [--driver simulator|wechaty] [--puppet PACKAGE] [--puppet-option NAME=VALUE]…',
    summary: { zh: '添加机器人', en: 'add a bot' },
    details: {
      zh: '其他：--name，--account-id（预先绑定微信号），--no-start；--puppet-option 的值可为 JSON。',
      en: 'Also: --name, --account-id (bind from the beginning), --no-start. Values of --puppet-option may be JSON.',
    },
    words: [1, 1],
    options: {
      driver: text,
      name: text,
      puppet: text,
      'puppet-option': texts,
      'account-id': text,
      'no-start': flag,
    },
    run: async (context, values, [botcode]) => {
      const options = (values['puppet-option'] ?? []).map(readOption);
      const view = await context.client().post<BotDetail>('/api/v1/bots', {
        botcode,
        driver: values.driver,
        name: values.name,
        puppet: values.puppet,
        ...(options.length > 0 && { puppetOptions: Object.fromEntries(options) }),
        accountId: values['account-id'],
        ...(values['no-start'] === true && { autoStart: false }),
      });
      context.print(view, () => describe(context, view));
    },
  }),
  life('login', 'login', { zh: '启动并登录', en: 'start it and log in' }),
  life('logout', 'logout', {
    zh: '退出微信并清除会话',
    en: 'log the account out and forget its session',
  }),
  life('release', 'release', { zh: '释放（停止）机器人', en: 'turn it off' }),
  life('accept', 'accept-account', {
    zh: '接受当前微信号并改绑',
    en: 'the account held back is right: bind to it',
  }),
  life('reject', 'reject-account', {
    zh: '拒绝当前微信号并退出',
    en: 'the account held back is wrong: log it out',
  }),
  cliCommand({
    name: 'bot remove',
    usage: 'BOTCODE --yes',
    summary: { zh: '退出并删除机器人', en: 'log out and forget the bot' },
    words: [1, 1],
    options: { yes: flag },
    run: async (context, { yes }, [botcode = '']) => {
      if (yes !== true) throw usageFailure('删除机器人请加 --yes', 'to remove it, add --yes');
      await context.client().delete(path(botcode));
      context.print({ removed: botcode }, () =>
        context.say({ zh: `机器人 ${botcode} 已删除`, en: `bot ${botcode} removed` }),
      );
    },
  }),
];

function stateOf(context: CliContext, view: BotView): string {
  const { userAction, reason } = view;
  const action = userAction === 'none' ? '' : ` → ${context.word('toDo', userAction)}`;
  return `${context.word('bot', view.state)}${action}${reason === null ? '' : ` (${reason})`}`;
}

function describe(context: CliContext, view: BotDetail): string {
  const { account, queue } = view;
  const lines = [
    `${view.botcode}  ${view.driver}  ${stateOf(context, view)}`,
    `${context.say({ zh: '自', en: 'since' })} ${context.time(view.since)}`,
    `${context.say({ zh: '微信号', en: 'account' })} ${account === null ? '-' : visibleLine(`${account.name} (${account.id})`)}`,
    `${context.say({ zh: '绑定', en: 'bound to' })} ${view.boundAccountId ?? '-'}`,
    `${context.say({ zh: '证据年龄', en: 'ages of proofs' })} ${Object.entries(view.ages)
      .map(([name, age]) => `${name} ${formatAge(age)}`)
      .join('  ')}`,
    `${context.say({ zh: '队列', en: 'queue' })} ${queue.length}${view.waitReason === null ? '' : `  ${visibleLine(view.waitReason)}`}`,
  ];
  if (view.qr !== null) {
    const until = context.say({ zh: '有效至', en: 'valid until' });
    lines.push(
      `QR ${view.qr.pngUrl}  ${until} ${context.time(view.qr.confirmBy ?? view.qr.expiresAt)}`,
    );
  }
  return lines.join('\n');
}

function qrOf(view: BotView): string {
  if (view.qr === null) return '';
  let drawn = '';
  qrcodeTerminal.generate(view.qr.text, { small: true }, (code) => {
    drawn = code;
  });
  return `\n${drawn}`;
}

function readOption(given: string): [string, unknown] {
  const at = given.indexOf('=');
  if (at < 1) {
    throw usageFailure(
      `--puppet-option：应为 NAME=VALUE，得到 “${given}”`,
      `--puppet-option: NAME=VALUE is needed, not “${given}”`,
    );
  }
  const value = given.slice(at + 1);
  try {
    return [given.slice(0, at), JSON.parse(value)];
  } catch {
    return [given.slice(0, at), value];
  }
}
