import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { cliCommand, flag, text, texts } from './command.ts';
import type { CliContext } from './context.ts';
import { CliFailure, exitCodes, usageFailure } from './failure.ts';

export interface SendView {
  msgid: number;
  botcode: string;
  state: string;
  sendStatus: string;
  reason: string | null;
}

const target = {
  bot: text,
  room: text,
  'room-id': text,
  contact: text,
  'contact-id': text,
  txcode: text,
  wait: flag,
} as const;
const where = '--bot BOTCODE (--room TOPIC | --room-id ID | --contact NAME | --contact-id ID)';
const details = {
  zh: '--wait 等待最终状态（最多 60 秒）；--txcode 相同则同日不重复发送。',
  en: '--wait waits for the final state, at most 60 s; the same --txcode sends nothing twice that day.',
};

interface TargetValues {
  bot?: string | undefined;
  room?: string | undefined;
  'room-id'?: string | undefined;
  contact?: string | undefined;
  'contact-id'?: string | undefined;
  txcode?: string | undefined;
  wait?: boolean | undefined;
}

const finals = ['sent', 'absent', 'failed', 'expired', 'cancelled'];
/** Types by extension: the daemon tells them by content anyway. */
const types: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
};

export const sendCommands = [
  cliCommand({
    name: 'send text',
    usage: `TEXT ${where} [--at NAME]… [--wait]`,
    summary: { zh: '以运维人员身份发送文本', en: 'send a text as an operator' },
    details,
    words: [1, 1],
    options: { ...target, at: texts },
    run: (context, values, [words = '']) =>
      send(context, values, { kind: 'text', text: words, mentions: values.at ?? [] }),
  }),
  cliCommand({
    name: 'send image',
    usage: `FILE|URL ${where} [--wait]`,
    summary: { zh: '发送图片（本地文件或地址）', en: 'send a picture: a file or an address' },
    details,
    words: [1, 1],
    options: target,
    run: async (context, values, [source = '']) => {
      const file = /^(https?|data):/i.test(source) ? source : await upload(context, source);
      return send(context, values, { kind: 'image', file });
    },
  }),
  cliCommand({
    name: 'send card',
    usage: `--card FILE.json ${where} [--wait]`,
    summary: { zh: '发送小程序卡片', en: 'send a mini-program card' },
    details: {
      zh: '文件内容：{"appid","username","title","description","pagePath","thumbUrl"}',
      en: 'The file holds {"appid","username","title","description","pagePath","thumbUrl"}.',
    },
    options: { ...target, card: text },
    run: async (context, values) => {
      if (values.card === undefined) throw usageFailure('缺少 --card', '--card is missing');
      return send(context, values, { kind: 'miniProgram', card: await readCard(values.card) });
    },
  }),
  cliCommand({
    name: 'send cancel',
    usage: 'MSGID',
    summary: { zh: '取消尚未交给微信的消息', en: 'cancel what has not been handed to WeChat' },
    words: [1, 1],
    run: async (context, _values, [msgid = '']) => {
      const path = `/api/v1/sends/${encodeURIComponent(msgid)}/cancel`;
      show(context, await context.client().post<SendView>(path));
    },
  }),
];

async function send(context: CliContext, values: TargetValues, content: object): Promise<number> {
  if (values.bot === undefined) throw usageFailure('缺少 --bot', '--bot is missing');
  const client = context.client();
  let view = await client.post<SendView>('/api/v1/sends', {
    botcode: values.bot,
    roomTopic: values.room,
    roomId: values['room-id'],
    contactName: values.contact,
    contactId: values['contact-id'],
    txcode: values.txcode,
    content,
  });
  const end = performance.now() + 60_000;
  while (values.wait === true && !finals.includes(view.state) && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    view = await client.get<SendView>(`/api/v1/sends/${view.msgid}`);
  }
  show(context, view);
  const failed = finals.includes(view.state) && view.state !== 'sent';
  return failed ? exitCodes.failed : exitCodes.ok;
}

function show(context: CliContext, view: SendView): void {
  context.print(view, () => {
    const reason = view.reason === null ? '' : `  ${view.reason}`;
    return `msgid ${view.msgid}  ${context.word('send', view.state)}  sendStatus ${view.sendStatus}${reason}`;
  });
}

async function upload(context: CliContext, path: string): Promise<string> {
  const data = await bytesOf(path);
  const type = types[extname(path).toLowerCase()] ?? 'application/octet-stream';
  const stored = await context
    .client()
    .upload<{ url: string }>('/api/v1/files', new Uint8Array(data), type);
  return stored.url;
}

async function readCard(path: string): Promise<unknown> {
  try {
    return JSON.parse((await bytesOf(path)).toString('utf8'));
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    throw usageFailure(`${path}：不是合法的 JSON`, `${path}: not valid JSON`);
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch {
    throw usageFailure(`${path}：无法读取`, `${path}: cannot be read`);
  }
}
