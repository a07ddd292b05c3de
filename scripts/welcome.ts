import { Stamps } from '../api/chatbot/stamps.ts';
import { sign } from '../bot/signature.ts';
import type { Daemon } from './daemon.ts';

/**
 * What a newcomer needs first, printed after the ready line: the generated admin password, once,
 * and a signed command that works as it stands when a simulated bot and a channel with a key exist.
 */
export async function welcome(daemon: Daemon, args: readonly string[] = []): Promise<string> {
  const zh = daemon.core.config.language === 'zh';
  const lines: string[] = [];
  const password = daemon.core.operators.generatedPassword;
  if (password !== undefined) {
    const { username } = daemon.core.config.admin;
    lines.push(
      zh
        ? `管理员 ${username} 的密码（只显示这一次）：${password}`
        : `Password of ${username} (shown this once): ${password}`,
    );
  }
  const { firstKey } = daemon;
  if (firstKey !== undefined) {
    lines.push(
      zh
        ? `渠道 demo 的密钥（只显示这一次）：${firstKey}`
        : `Key of channel demo (shown this once): ${firstKey}`,
    );
  }
  // Who has written a config knows how to command.
  const example = daemon.core.config.channels === undefined ? exampleCommand(daemon) : undefined;
  if (example !== undefined) {
    lines.push(
      '',
      zh
        ? `试一试：把一条消息发进模拟的群“${example.room}”（十分钟内有效，扫码登录后送达）：`
        : `Try it: send a message into the simulated room “${example.room}” (valid for ten minutes, arrives once logged in):`,
      '',
      example.curl,
      '',
      zh ? '看它到了没有：' : 'See it arrive:',
      '',
      `curl -s '${daemon.url}/simulator/${example.botcode}/rooms'`,
      `curl -s '${daemon.url}/simulator/${example.botcode}/rooms/${example.roomId}/messages'`,
      '',
      zh ? '再签一条：' : 'Sign another:',
      '',
      `npm run -s wxrc -- sign roomSendText --chid ${example.chid} --bot ${example.botcode} --room ${example.room} --text ${zh ? '你好' : 'Hello'}${place(args)}`,
      '',
    );
  }
  if (lines.length > 0) {
    lines.unshift(zh ? `控制台：${daemon.url}/` : `Console: ${daemon.url}/`);
  }
  if (example !== undefined && daemon.core.chatbot.settings.enabled) {
    lines.push(
      zh ? '问一问聊天机器人（docs/chatbot.md）：' : 'Ask the chatbot (docs/chatbot.md):',
      '',
      chatbotCurl(daemon),
      '',
    );
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Asks, and waits for the answer. */
function chatbotCurl({ url, core }: Daemon): string {
  const { clock, config } = core;
  const sessionId = `try-${clock.now()}`;
  const content = config.language === 'zh' ? '你好' : 'Hello';
  const timestamp = new Stamps(config.timezone).write(clock.now());
  const body = JSON.stringify({ sessionId, content, timestamp });
  const base = `${url}/mpweixin/chatbot`;
  return [
    `curl -s '${base}/send' -H 'Content-Type: application/json' \\`,
    `  -d '${body}' &&`,
    `curl -s '${base}/receive?sessionId=${sessionId}&wait=10'`,
  ].join('\n');
}

/** The options by which the command line finds the same data. */
function place(args: readonly string[]): string {
  let text = '';
  for (const [index, arg] of args.entries()) {
    const name = /^--(data|config)$/.exec(arg)?.[1];
    const value = args[index + 1];
    if (name !== undefined && value !== undefined) text += ` --${name} '${value}'`;
    else if (/^--(data|config)=/.test(arg)) text += ` '${arg}'`;
  }
  return text;
}

interface Example {
  chid: string;
  botcode: string;
  room: string;
  roomId: string;
  curl: string;
}

function exampleCommand(daemon: Daemon): Example | undefined {
  const { bots, channels, simulators, clock } = daemon.core;
  const { language } = daemon.core.config;
  for (const bot of bots.list()) {
    const room = simulators.get(bot.botcode)?.rooms()[0];
    const channel = channels.seeing(bot.botcode).find((one) => one.keys.length > 0);
    const key = channel?.keys[0];
    if (room === undefined || channel === undefined || key === undefined) continue;
    const body = JSON.stringify({
      reqHead: {
        chid: channel.chid,
        txcode: `try${clock.now()}`,
        txtime: String(clock.now()),
        botcode: bot.botcode,
      },
      reqBody: { roomTopic: room.topic, text: language === 'zh' ? '你好，世界' : 'Hello, world' },
    });
    return {
      chid: channel.chid,
      botcode: bot.botcode,
      room: room.topic,
      roomId: room.id,
      curl: [
        `curl -s '${daemon.url}/api/roomSendText' \\`,
        `  -H 'Content-Type: application/json' \\`,
        `  -H 'X-Ecaspsplus-SignatureType: MD5' \\`,
        `  -H 'X-Ecaspsplus-Signature: ${sign(body, key)}' \\`,
        `  -d '${body}'`,
      ].join('\n'),
    };
  }
  return undefined;
}
