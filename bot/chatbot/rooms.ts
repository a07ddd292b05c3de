import type { Logger } from '../../config/logger.ts';
import type { Tx } from '../../store/database.ts';
import type { BotRegistry } from '../automation/bots/bot-port.ts';
import { isHelp } from '../automation/bots/incoming.ts';
import type { IncomingMessage } from '../automation/driver.ts';
import type { NewSend, SendContent } from '../automation/sends/send-types.ts';
import type { Sends } from '../automation/sends/sends.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Turn } from './chat.ts';
import { longestQuestion } from './chat.ts';
import type { Task } from './chat-lines.ts';
import type { Chats } from './chats.ts';
import type { Reply } from './responder.ts';
import { RoomGuard } from './room-guard.ts';
import type { RoomSwitch } from './room-switch.ts';
import type { Rules } from './rules.ts';

export interface RoomsOptions {
  bots: BotRegistry;
  sends: Pick<Sends, 'prepare' | 'accept'>;
  chats: Pick<Chats, 'ask'>;
  rules: Pick<Rules, 'test'>;
  switches: RoomSwitch;
  /** Whether bots answer, where nobody has said anything of a room. */
  settings: () => { enabled: boolean; perMinute: number };
  clock: Clock;
  logger: Logger;
}

/** An answer that cannot leave within minutes is of no use any more. */
const expiryMs = 300_000;
/** Most of a text that goes into a room: some parts of a message. */
const longestSaid = 6000;

/** Answers what is said to bots: in rooms where they are @ed or a rule matches, in private where a rule does. */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #guard: RoomGuard;
  #unlisten: (() => void) | undefined;

  constructor(options: RoomsOptions) {
    this.#options = options;
    this.#guard = new RoomGuard(options.clock, options.settings().perMinute);
  }

  start(): void {
    this.#unlisten ??= this.#options.bots.on((botcode, notice) => {
      if (notice.type === 'message') this.#heard(botcode, notice.message);
    });
  }

  stop(): void {
    this.#unlisten?.();
    this.#unlisten = undefined;
  }

  /** Whether a bot answers in a room. */
  isOn(botcode: string, roomId: string): boolean {
    return this.#options.switches.get(botcode, roomId) ?? this.#options.settings().enabled;
  }

  /** The way of an answer into its room, written down together with it. */
  readonly deliver = async (
    task: Task,
    answer: Turn,
  ): Promise<((tx: Tx) => Promise<void>) | undefined> => {
    const { botcode, replyTo } = task;
    if (botcode === undefined || replyTo === undefined || answer.state !== 'done') return undefined;
    const content = contentOf(answer);
    if (content === undefined) return undefined;
    const { sends, clock, logger } = this.#options;
    const send: NewSend = {
      ...{ botcode, chid: '', txcode: `chatbot ${answer.replyId}`, target: replyTo, content },
      expiresAt: clock.now() + expiryMs,
    };
    try {
      const prepared = await this.#prepared(send, answer);
      if (content.kind === 'text') this.#guard.said(`${botcode} ${replyTo.id}`, content.text);
      return async (tx) => {
        await sends.accept(tx, prepared);
      };
    } catch (error) {
      logger.warn({ err: error, botcode }, 'an answer does not leave');
      return undefined;
    }
  };

  /** What a bot cannot send, it tells in words. */
  async #prepared(send: NewSend, answer: Turn): ReturnType<typeof this.prepare> {
    try {
      return await this.prepare(send);
    } catch (error) {
      if (!(error instanceof AppError) || send.content.kind === 'text') throw error;
      return await this.prepare({ ...send, content: textContent(answer.text) });
    }
  }

  async prepare(send: NewSend) {
    return await this.#options.sends.prepare(send);
  }

  #heard(botcode: string, message: IncomingMessage): void {
    const { chats, settings, logger } = this.#options;
    const name = this.#options.bots.get(botcode)?.view().account?.name;
    if (message.self || message.kind !== 'text' || isHelp(message, name)) return;
    const text = withoutMention(message, name).slice(0, longestQuestion);
    if (text === '' || this.#isOurs(message)) return;
    const { roomId, fromId } = message;
    if (roomId !== undefined && !this.isOn(botcode, roomId)) return;
    if (!this.#isForUs(botcode, message, text)) return;
    this.#guard.setRate(settings().perMinute);
    const place = roomId ?? fromId;
    if (!this.#guard.admits(`${botcode} ${place}`, fromId, text)) {
      logger.debug({ botcode }, 'said again, too often, or our own words: not answered');
      return;
    }
    const asked = chats.ask({
      chatId:
        roomId === undefined
          ? `private:${botcode}:${fromId}`
          : `room:${botcode}:${roomId}:${fromId}`,
      ...{ content: text, messageId: message.id, askedAt: message.at, botcode, roomId },
      channel: roomId === undefined ? 'private' : 'room',
      mentioned: message.mentionsSelf,
      replyTo:
        roomId === undefined ? { kind: 'contact', id: fromId } : { kind: 'room', id: roomId },
    });
    asked.catch((error: unknown) => {
      if (error instanceof AppError) logger.debug({ err: error, botcode }, 'not answered');
      else logger.error({ err: error, botcode }, 'a question in a room was lost');
    });
  }

  #isForUs(botcode: string, message: IncomingMessage, text: string): boolean {
    const { roomId, mentionsSelf } = message;
    if (roomId !== undefined && mentionsSelf) return true;
    const channel = roomId === undefined ? 'private' : 'room';
    const said = { text, channel, botcode, roomId, mentioned: mentionsSelf } as const;
    return this.#options.rules.test(said).hit !== undefined;
  }

  /** Bots of ours know each other by id, or where ids change with the account by name. */
  #isOurs({ fromId, fromName }: IncomingMessage): boolean {
    return this.#options.bots.list().some((bot) => {
      const account = bot.view().account;
      return account !== undefined && (account.id === fromId || account.name === fromName);
    });
  }
}

function withoutMention(message: IncomingMessage, name: string | undefined): string {
  let { text } = message;
  if (message.roomId === undefined) return text.trim();
  if (name !== undefined && name !== '') text = text.replaceAll(`@${name}`, ' ');
  // WeChat ends a mention with U+2005.
  text = text.replaceAll(/@[^\u2005@]*\u2005/g, ' ').trim();
  // A name in the room may differ from the account's.
  return message.mentionsSelf ? text.replace(/^@\S+\s+/, '').trim() : text;
}

function contentOf({ text, reply }: Turn): SendContent | undefined {
  if (reply !== undefined) return replyContent(reply);
  return text.trim() === '' ? undefined : textContent(text);
}

function replyContent(reply: Reply): SendContent {
  switch (reply.type) {
    case 'text':
      return textContent(reply.text);
    case 'image':
      return { kind: 'image', source: { url: reply.url } };
    case 'card':
      return { kind: 'miniProgram', card: reply.card };
  }
}

function textContent(text: string): SendContent {
  const said = text.length > longestSaid ? `${text.slice(0, longestSaid - 1)}…` : text;
  return { kind: 'text', text: said, mentions: [] };
}
