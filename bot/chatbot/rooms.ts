import type { ChatbotSettings } from '../../config/chatbot-schema.ts';
import type { Logger } from '../../config/logger.ts';
import type { Tx } from '../../store/database.ts';
import type { BotRegistry } from '../automation/bots/bot-port.ts';
import { isHelp } from '../automation/bots/incoming.ts';
import type { IncomingMessage } from '../automation/driver.ts';
import type { SendContent, SendTarget } from '../automation/sends/send-types.ts';
import type { Prepared, Sends } from '../automation/sends/sends.ts';
import type { Clock } from '../clock.ts';
import { AppError, type Language } from '../errors.ts';
import type { Turn } from './chat.ts';
import { longestQuestion } from './chat.ts';
import type { Task } from './chat-lines.ts';
import type { Chats } from './chats.ts';
import { plainOf } from './plain.ts';
import { type Reach, reachInPrivate, reachInRoom } from './reach.ts';
import type { Ask, Reply } from './responder.ts';
import { RoomGuard } from './room-guard.ts';
import type { RoomSwitch } from './room-switch.ts';
import type { Rules } from './rules.ts';
import { pictureText } from './sentences.ts';

export type RoomSends = Pick<Sends, 'prepare' | 'accept' | 'cardFault'>;

export interface RoomsOptions {
  bots: BotRegistry;
  sends: RoomSends;
  chats: Pick<Chats, 'ask'>;
  rules: Pick<Rules, 'test'>;
  switches: RoomSwitch;
  settings: () => Pick<ChatbotSettings, 'enabled' | 'bots' | 'rooms' | 'private'>;
  clock: Clock;
  logger: Logger;
  language: Language;
}

/** An answer that cannot leave within minutes is of no use any more. */
const expiryMs = 300_000;
/** Most of a text that goes into a room: some parts of a message. */
const longestSaid = 6000;

/** Answers what is said to bots: in rooms where they are @ed or a rule matches, and in private. */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #guard: RoomGuard;
  #unlisten: (() => void) | undefined;

  constructor(options: RoomsOptions) {
    this.#options = options;
    this.#guard = new RoomGuard(options.clock, options.settings().rooms.perMinute);
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
    return this.#reach(botcode, roomId) === 'all';
  }

  /** Whether only rules may answer a question. */
  isRulesOnly({ chat, botcode, roomId }: Pick<Ask, 'chat' | 'botcode' | 'roomId'>): boolean {
    if (chat.channel !== 'room' && chat.channel !== 'private') return false;
    return botcode !== undefined && this.#reach(botcode, roomId) !== 'all';
  }

  #reach(botcode: string, roomId: string | undefined): Reach {
    const { bots, switches, settings } = this.#options;
    const place = { botcode, simulated: bots.get(botcode)?.settings.driver === 'simulator' };
    if (roomId === undefined) return reachInPrivate(settings(), place);
    return reachInRoom(settings(), { ...place, switched: switches.get(botcode, roomId) });
  }

  /** The way of an answer into its room, written down together with it. */
  readonly deliver = async (
    task: Task,
    answer: Turn,
  ): Promise<((tx: Tx) => Promise<void>) | undefined> => {
    const { botcode, replyTo } = task;
    if (botcode === undefined || replyTo === undefined || answer.state !== 'done') return undefined;
    const { language, logger } = this.#options;
    const wanted = contentOf(answer);
    if (wanted === undefined) return undefined;
    const words = wordsOf(answer, language);
    try {
      const { prepared, why } = await this.#prepared(task, answer, wanted, words);
      if (why !== undefined) {
        logger.warn({ botcode, answer: answer.replyId, why }, 'an answer leaves as text');
        task.answer.remark(`sent as text: ${why}`);
      }
      this.#guard.said(`${botcode} ${replyTo.id}`, words);
      return async (tx) => {
        const { msgid } = await this.#options.sends.accept(tx, prepared);
        task.answer.leavesBy(msgid);
      };
    } catch (error) {
      logger.warn({ err: error, botcode }, 'an answer does not leave');
      task.answer.remark(`not sent: ${error instanceof AppError ? error.text.en : 'fault'}`);
      return undefined;
    }
  };

  /** What a bot cannot send, or nobody could see, it tells in words. */
  async #prepared(
    task: Task,
    answer: Turn,
    wanted: SendContent,
    words: string,
  ): Promise<{ prepared: Prepared; why: string | undefined }> {
    const { sends } = this.#options;
    if (wanted.kind === 'text') {
      return { prepared: await this.#prepare(task, answer, wanted), why: undefined };
    }
    let why =
      wanted.kind === 'miniProgram'
        ? await sends.cardFault(wanted.card, task.abort.signal)
        : undefined;
    try {
      if (why === undefined) {
        return { prepared: await this.#prepare(task, answer, wanted), why };
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      why = error.text.en;
    }
    return { prepared: await this.#prepare(task, answer, textContent(words)), why };
  }

  async #prepare(task: Task, answer: Turn, content: SendContent): Promise<Prepared> {
    const { sends, clock, settings } = this.#options;
    const { botcode, replyTo } = task;
    if (botcode === undefined || replyTo === undefined) throw new Error('an answer to nowhere');
    const target: SendTarget = replyTo.kind === 'room' ? { kind: 'room', id: replyTo.id } : replyTo;
    const asker = replyTo.kind === 'room' ? replyTo.mention : undefined;
    const mention = settings().rooms.mention ? asker : undefined;
    const to =
      content.kind === 'text' && mention !== undefined
        ? { ...content, mentions: [mention] }
        : content;
    return await sends.prepare({
      ...{ botcode, chid: '', txcode: `chatbot ${answer.replyId}`, target },
      ...{ content: to, expiresAt: clock.now() + expiryMs },
    });
  }

  #heard(botcode: string, message: IncomingMessage): void {
    const { chats, settings, logger } = this.#options;
    const name = this.#options.bots.get(botcode)?.view().account?.name;
    if (message.self || message.kind !== 'text' || isHelp(message, name)) return;
    const text = withoutMention(message, name).slice(0, longestQuestion);
    if (text === '' || this.#isOurs(message)) return;
    const { roomId, fromId } = message;
    if (!this.#isForUs(botcode, message, text)) return;
    this.#guard.setRate(settings().rooms.perMinute);
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
        roomId === undefined
          ? { kind: 'contact', id: fromId }
          : { kind: 'room', id: roomId, mention: this.#nameIn(botcode, roomId, message) },
    });
    asked.catch((error: unknown) => {
      if (error instanceof AppError) logger.debug({ err: error, botcode }, 'not answered');
      else logger.error({ err: error, botcode }, 'a question in a room was lost');
    });
  }

  #isForUs(botcode: string, message: IncomingMessage, text: string): boolean {
    const { roomId, mentionsSelf } = message;
    const reach = this.#reach(botcode, roomId);
    if (reach === 'none') return false;
    if (reach === 'all' && (roomId === undefined || mentionsSelf)) return true;
    const channel = roomId === undefined ? 'private' : 'room';
    const said = { text, channel, botcode, roomId, mentioned: mentionsSelf } as const;
    return this.#options.rules.test(said).hit !== undefined;
  }

  /** Two people may have one name; where the room does not tell ids, the name has to do. */
  #nameIn(botcode: string, roomId: string, { fromId, fromName }: IncomingMessage): string {
    const members = this.#options.bots.get(botcode)?.rooms.byId(roomId)?.members ?? [];
    return members.some(({ id }) => id === fromId) || fromName === '' ? fromId : fromName;
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
  return text.trim() === '' ? undefined : textContent(plainOf(text) || text);
}

function replyContent(reply: Reply): SendContent {
  switch (reply.type) {
    case 'text':
      return textContent(plainOf(reply.text) || reply.text);
    case 'image':
      return { kind: 'image', source: { url: reply.url } };
    case 'card':
      return { kind: 'miniProgram', card: reply.card };
  }
}

/** The answer where nothing but text can be shown. An address alone tells nobody anything. */
function wordsOf({ text, reply }: Turn, language: Language): string {
  if (reply?.type === 'image' && reply.text === undefined) return pictureText[language];
  return plainOf(text) || text;
}

function textContent(text: string): SendContent & { kind: 'text' } {
  const said = text.length > longestSaid ? `${text.slice(0, longestSaid - 1)}…` : text;
  return { kind: 'text', text: said, mentions: [] };
}
