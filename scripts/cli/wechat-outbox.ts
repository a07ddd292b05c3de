import { visibleLine } from '../../config/visible.ts';
import { cliCommand, flag, text } from './command.ts';
import type { CliContext } from './context.ts';
import { whole } from './numbers.ts';

interface SendView {
  id: number;
  account: string;
  openId: string;
  kind: string;
  part: number;
  parts: number;
  agent: string | null;
  state: string;
  via: string | null;
  attempts: number;
  errcode: number | null;
  local: boolean;
  error: string | null;
  hint: string | null;
  createdAt: number;
  settledAt: number | null;
}

interface SendDetail extends SendView {
  content: Record<string, unknown>;
}

interface UserView {
  account: string;
  openId: string;
  left: number;
  until: number | null;
  windows: {
    action: string;
    at: number;
    sends: number;
    most: number;
    left: number;
    until: number;
    state: string;
  }[];
  credits: { kind: string; value: string; at: number; state: string }[];
}

const outbox = '/api/v1/wechat/outbox';
const path = (id: string): string => `${outbox}/${encodeURIComponent(id)}`;

export const wechatOutboxCommands = [
  cliCommand({
    name: 'wechat outbox',
    usage:
      '[--account APPID [--user OPENID]] [--state due|sending|sent|kept|failed|unknown] [--limit N]',
    summary: {
      zh: '列出发往微信用户的消息，最新的在前',
      en: 'list what leaves for users of WeChat',
    },
    options: { account: text, user: text, state: text, limit: text },
    run: async (context, { account, user, state, limit = '50' }) => {
      const query = { account, openId: user, state };
      const items = await context.client().first<SendView>(outbox, query, whole('--limit', limit));
      context.printTable(items, {
        ID: (one) => one.id,
        TIME: (one) => context.time(one.createdAt),
        ACCOUNT: (one) => one.account,
        USER: (one) => one.openId,
        KIND: (one) => (one.parts > 1 ? `${one.kind} ${one.part}/${one.parts}` : one.kind),
        AGENT: (one) => one.agent,
        STATE: (one) => context.word('outbox', one.state),
        VIA: (one) => one.via,
        CODE: (one) => one.errcode,
        ERROR: (one) => (one.state === 'sent' ? '' : one.error),
      });
    },
  }),
  cliCommand({
    name: 'wechat send',
    usage: 'ID',
    summary: { zh: '查看一条发送的内容与结果', en: 'look at a send: what it says, how it ended' },
    words: [1, 1],
    run: async (context, _values, [id = '']) => {
      const view = await context.client().get<SendDetail>(path(id));
      context.print(view, () => describe(context, view));
    },
  }),
  cliCommand({
    name: 'wechat resend',
    usage: 'ID [--yes]',
    summary: {
      zh: '重发一条失败或保留的消息',
      en: 'send again what failed or was kept',
    },
    details: {
      zh: '--yes：结果未知（unknown）的也重发，用户可能收到两次。',
      en: '--yes: also what is unknown, which the user may get twice.',
    },
    words: [1, 1],
    options: { yes: flag },
    run: async (context, { yes }, [id = '']) => {
      const body = yes === true ? { force: true } : {};
      const view = await context.client().post<SendDetail>(`${path(id)}/resend`, body);
      context.print(view, () =>
        context.say({ zh: `发送 ${id} 已重新排队`, en: `send ${id} waits for its turn again` }),
      );
    },
  }),
  cliCommand({
    name: 'wechat user',
    usage: 'APPID OPENID',
    summary: {
      zh: '查看还能给用户发几条、到何时，以及订阅次数',
      en: 'what may still be sent to a user until when, and what he has allowed',
    },
    words: [2, 2],
    run: async (context, _values, [appid = '', openId = '']) => {
      const user = `${encodeURIComponent(appid)}/users/${encodeURIComponent(openId)}`;
      const view = await context.client().get<UserView>(`/api/v1/wechat/accounts/${user}`);
      context.print(view, () => describeUser(context, view));
    },
  }),
];

function describe(context: CliContext, view: SendDetail): string {
  const { id, account, openId, kind, part, parts, state, via, attempts, errcode, error } = view;
  const lines = [
    `${id}  ${context.time(view.createdAt)}  ${account}  ${openId}  ${kind}  ${part}/${parts}`,
    `${state}  ${via ?? '-'}  attempts ${attempts}  ${context.time(view.settledAt)}`.trimEnd(),
  ];
  if (state !== 'sent' && error !== null) {
    lines.push(visibleLine(`${view.local ? 'local  ' : ''}${errcode ?? '-'}  ${error}`));
  }
  if (view.hint !== null) lines.push(view.hint);
  lines.push(JSON.stringify(view.content));
  return lines.join('\n');
}

function describeUser(context: CliContext, view: UserView): string {
  const { left, until } = view;
  const open = view.windows.filter((one) => one.left > 0).length;
  const lines = [
    until === null
      ? context.say({ zh: '现在不能发送客服消息', en: 'nothing may be sent now' })
      : context.say({
          zh: `还可发送 ${left} 条，${open > 1 ? '最迟' : ''}至 ${context.time(until)}`,
          en: `${left} more until ${context.time(until)}${open > 1 ? ' at the latest, see each window' : ''}`,
        }),
  ];
  for (const { action, at, sends, most, left: rest, state, until: end } of view.windows) {
    const times = `${context.time(at)} – ${context.time(end)}`;
    lines.push(`window  ${action}  ${times}  sent ${sends} of ${most}, left ${rest}  ${state}`);
  }
  for (const { kind, value, at, state } of view.credits) {
    lines.push(`credit  ${kind}  ${value}  ${context.time(at)}  ${state}`);
  }
  return lines.join('\n');
}
