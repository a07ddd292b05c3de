import { cliCommand, flag, text, texts } from './command.ts';
import type { CliContext } from './context.ts';
import { usageFailure } from './failure.ts';

interface ChannelView {
  chid: string;
  name?: string;
  callbackUrl?: string;
  bots: '*' | string[];
  source: string;
  keyCount: number;
  pausedReason: string | null;
}

export const channelCommands = [
  cliCommand({
    name: 'channel list',
    usage: '',
    summary: { zh: '列出渠道', en: 'list channels' },
    run: async (context) => {
      const items = await Array.fromAsync(context.client().all<ChannelView>('/api/v1/channels'));
      context.printTable(items, {
        CHID: (one) => one.chid,
        NAME: (one) => one.name,
        BOTS: (one) => (one.bots === '*' ? '*' : one.bots.join(',')),
        KEYS: (one) => one.keyCount,
        CALLBACK: (one) => one.callbackUrl,
        PAUSED: (one) => one.pausedReason,
        SOURCE: (one) => context.word('source', one.source),
      });
    },
  }),
  cliCommand({
    name: 'channel add',
    usage: 'CHID [--key KEY] [--callback-url URL] [--bot BOTCODE]… [--name NAME]',
    summary: {
      zh: '添加渠道，打印其密钥（仅此一次）',
      en: 'add a channel and print its key, once',
    },
    details: {
      zh: '--callback-format form|json，--callback-ack body|status，--user-msg mentions|all|none',
      en: '--callback-format form|json, --callback-ack body|status, --user-msg mentions|all|none',
    },
    words: [1, 1],
    options: {
      key: text,
      name: text,
      'callback-url': text,
      'callback-format': text,
      'callback-ack': text,
      'user-msg': text,
      bot: texts,
    },
    run: async (context, values, [chid]) => {
      const added = await context
        .client()
        .post<{ channel: ChannelView; key: string }>('/api/v1/channels', {
          chid,
          key: values.key,
          name: values.name,
          callbackUrl: values['callback-url'],
          callbackFormat: values['callback-format'],
          callbackAck: values['callback-ack'],
          userMsg: values['user-msg'],
          bots: values.bot,
        });
      context.print(added, () =>
        context.say({
          zh: `渠道 ${added.channel.chid} 已添加，密钥（只显示这一次）：${added.key}`,
          en: `channel ${added.channel.chid} added, its key (shown this once): ${added.key}`,
        }),
      );
    },
  }),
  cliCommand({
    name: 'channel rotate',
    usage: 'CHID [--overlap SECONDS]',
    summary: { zh: '更换密钥，旧密钥在重叠期内仍有效', en: 'make a new key; the old one overlaps' },
    details: {
      zh: '默认重叠 86400 秒；0 表示旧密钥立即失效。',
      en: 'The overlap is 86400 seconds unless given; 0 ends the old key at once.',
    },
    words: [1, 1],
    options: { overlap: text },
    run: async (context, { overlap }, [chid = '']) => {
      const body = overlap === undefined ? {} : { overlapSeconds: seconds(overlap) };
      const path = `/api/v1/channels/${encodeURIComponent(chid)}/rotate`;
      const rotated = await context.client().post<{ key: string }>(path, body);
      context.print({ chid, ...rotated }, () =>
        context.say({
          zh: `新密钥（只显示这一次）：${rotated.key}`,
          en: `the new key (shown this once): ${rotated.key}`,
        }),
      );
    },
  }),
  cliCommand({
    name: 'channel pause',
    usage: 'CHID [--reason TEXT]',
    summary: { zh: '暂停向渠道投递事件', en: 'hold the deliveries of a channel' },
    words: [1, 1],
    options: { reason: text },
    run: (context, { reason }, [chid = '']) => change(context, chid, 'pause', { reason }),
  }),
  cliCommand({
    name: 'channel resume',
    usage: 'CHID',
    summary: { zh: '恢复投递', en: 'deliver again' },
    words: [1, 1],
    run: (context, _values, [chid = '']) => change(context, chid, 'resume', {}),
  }),
  cliCommand({
    name: 'channel remove',
    usage: 'CHID --yes',
    summary: { zh: '删除渠道', en: 'remove a channel' },
    words: [1, 1],
    options: { yes: flag },
    run: async (context, { yes }, [chid = '']) => {
      if (yes !== true) throw usageFailure('删除渠道请加 --yes', 'to remove it, add --yes');
      await context.client().delete(`/api/v1/channels/${encodeURIComponent(chid)}`);
      context.print({ removed: chid }, () =>
        context.say({ zh: `渠道 ${chid} 已删除`, en: `channel ${chid} removed` }),
      );
    },
  }),
];

async function change(
  context: CliContext,
  chid: string,
  what: 'pause' | 'resume',
  body: object,
): Promise<void> {
  const path = `/api/v1/channels/${encodeURIComponent(chid)}/${what}`;
  const view = await context.client().post<ChannelView>(path, body);
  context.print(view, () =>
    view.pausedReason === null
      ? context.say({ zh: `渠道 ${chid} 投递中`, en: `channel ${chid} is delivered to` })
      : context.say({
          zh: `渠道 ${chid} 已暂停：${view.pausedReason}`,
          en: `channel ${chid} is held: ${view.pausedReason}`,
        }),
  );
}

function seconds(given: string): number {
  if (/^\d{1,8}$/.test(given)) return Number(given);
  throw usageFailure(`--overlap：不是秒数 “${given}”`, `--overlap: “${given}” is no number`);
}
