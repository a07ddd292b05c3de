import { midnightSpanMs } from '../../bot/automation/commands.ts';
import { AppError } from '../../bot/errors.ts';
import { isDatabaseError } from '../../store/database.ts';
import type { CommandHandler, CommandRequest } from '../server.ts';
import { Asked } from './asked.ts';
import { signedBy } from './authenticate.ts';
import type { Call, Command, CommandCore } from './call.ts';
import { refused } from './envelope.ts';
import { illegal, readHead } from './head.ts';
import { takeApart, unreadable } from './request.ts';
import { Refusal } from './rt-code.ts';
import { commandsByName } from './table.ts';
import { type Txtime, TxtimeReader } from './txtime.ts';

/**
 * Handles signed commands, whatever arrives: answers the JSON text of the contract, never throws.
 *
 * What is looked at, in this order, and what it is refused with: the name (20), the form of the
 * request (10), missing (10) and mistyped (11) fields of reqHead, chid (11), signature (13), source
 * address (21), txtime (11), botcode (11), the channel's rights (21) and rate (34), reqBody (30 31
 * 32 33), the txcode (12). Nothing of reqBody is told to someone without the key.
 */
export function createCommandHandler(core: CommandCore, meter?: Meter): CommandHandler {
  const { language } = core.config;
  const { timezone, commands } = core.config;
  // Neighbouring days matter for answers given within the span; either clock may be off by a window.
  const nearMs = midnightSpanMs + 2 * commands.txtimeWindowSeconds * 1000;
  const txtimes = new TxtimeReader(timezone, nearMs);
  const asked = new Asked(commands.txtimeWindowSeconds * 1000);
  const fail = (request: CommandRequest, error: unknown): string => {
    if (error instanceof AppError) return tell(core, request, Refusal.of(error));
    const code = isDatabaseError(error) ? '22' : '23';
    core.logger.error({ err: error, command: request.name }, 'command failed');
    return refused(new Refusal(code), language);
  };
  return async (request) => {
    const began = performance.now();
    const command = commandsByName.get(request.name);
    let answer: string;
    try {
      const done = command === undefined ? noSuch : handle(core, txtimes, asked, command, request);
      answer = done instanceof Refusal ? tell(core, request, done) : await done;
    } catch (error) {
      answer = fail(request, error);
    }
    meter?.note(request.name, answer, (performance.now() - began) / 1000);
    return answer;
  };
}

/** What counts commands. */
export interface Meter {
  /** @param seconds how long it took */
  note(name: string, answer: string, seconds: number): void;
}

function handle(
  core: CommandCore,
  txtimes: TxtimeReader,
  asked: Asked,
  command: Command,
  request: CommandRequest,
): Promise<string> | Refusal {
  if (request.method !== 'POST' && request.method !== 'GET') return noSuch;
  const parts = takeApart(request);
  if (parts instanceof Refusal) return parts;
  const head = readHead(parts.head);
  if (head instanceof Refusal) return head;
  const channel = core.channels.get(head.chid);
  if (channel === undefined) return unknownChid;
  const signature = signedBy(channel, head, parts.signed, request.headers);
  if (signature === undefined) return wrongSignature;
  if (command.kept && asked.has(signature)) return wrongSignature;
  if (!channel.mayCallFrom(request.address)) {
    return forbidden(`来源地址 ${request.address}`, `source address ${request.address}`);
  }
  const now = core.clock.now();
  const txtime = txtimes.read(head.txtime, now);
  if (txtime === undefined) return badTxtime;
  if (isStale(core, txtime, now)) return stale(txtimes, now);
  const bot = core.bots.get(head.botcode);
  if (bot === undefined) return unknownBot;
  if (!channel.sees(head.botcode)) return forbidden('botcode', 'botcode');
  if (!mayUse(channel, command)) return forbidden(command.name, command.name);
  const wait = channel.takeTurn();
  if (wait > 0) return tooOften(wait);
  if (parts.body === unreadable) return unreadableBody;
  if (!command.kept) asked.note(signature, now);
  const call: Call = { channel, head, bot, now };
  return command.run(core, call, txtime.day, parts.body);
}

function mayUse(channel: Call['channel'], command: Command): boolean {
  return channel.mayUse(command.name) || command.aliases.some((alias) => channel.mayUse(alias));
}

function isStale(core: CommandCore, txtime: Txtime, now: number): boolean {
  return Math.abs(txtime.at - now) > core.config.commands.txtimeWindowSeconds * 1000;
}

/** Refusals are not stored: the same txcode may come again, put right. */
function tell(core: CommandCore, request: CommandRequest, refusal: Refusal): string {
  if (core.logger.isLevelEnabled('debug')) {
    const { name: command, address } = request;
    core.logger.debug({ command, address, rtCode: refusal.rtCode }, refusal.message('en'));
  }
  return refused(refusal, core.config.language);
}

const noSuch = new Refusal('20');
const unknownChid = illegal({ zh: 'chid 不存在', en: 'unknown chid' });
const wrongSignature = new Refusal('13');
const badTxtime = illegal({
  zh: 'txtime 须为 yyyymmddhhmmss 或 13 位毫秒时间戳',
  en: 'txtime must be yyyymmddhhmmss or 13 digits of epoch milliseconds',
});
const unknownBot = illegal({ zh: 'botcode 不存在', en: 'unknown botcode' });
const unreadableBody = new Refusal('31', {
  zh: 'reqBody 不是合法的 UTF-8 JSON',
  en: 'reqBody is not valid JSON in UTF-8',
});

function stale(txtimes: TxtimeReader, now: number): Refusal {
  const time = txtimes.write(now);
  return illegal({
    zh: `txtime 超出有效期，服务器时间 ${time}`,
    en: `txtime is out of the window, the time here is ${time}`,
  });
}

function forbidden(zh: string, en: string): Refusal {
  return new Refusal('21', { zh, en });
}

function tooOften(waitMs: number): Refusal {
  const seconds = Math.ceil(waitMs / 1000);
  return new Refusal('34', {
    zh: `请求过于频繁，请 ${seconds} 秒后重试`,
    en: `too many commands, try again in ${seconds} s`,
  });
}
