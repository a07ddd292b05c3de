import type { Language } from '../errors.ts';
import { normalize } from './question.ts';
import type { Answering, Ask, ChatChannel, Outcome, Responder } from './responder.ts';
import { bare } from './rule.ts';
import { handoverText, noDeskText, returnedText } from './sentences.ts';

/** Whether somebody answers where a chat would be handed over to. */
export interface Desk {
  isStaffed(chatId: string, storeId: number | undefined): Promise<boolean>;
  /** Said where nobody is there. */
  absentText(): string;
}

export interface HumanResponderOptions {
  keywords: () => readonly string[];
  desk: Desk;
  language: Language;
}

/** Longer than this it is a question that mentions agents, not a call for one: characters, or words. */
const longestCall = 20;
const mostWords = 9;
/** These are a call for an agent when they are all that is said. */
const wholeWords = new Set(['人工', '真人', 'agent', 'human', 'operator', 'representative']);
/** Said to the bot they lead to the bot, where one is already. */
const backWords = new Set(['退出人工', '返回机器人', '转机器人']);

/** Hands over to the agents of a desk when somebody asks for one. */
export class HumanResponder implements Responder {
  readonly name = 'human';
  readonly #options: HumanResponderOptions;

  constructor(options: HumanResponderOptions) {
    this.#options = options;
  }

  async respond({ chat, question, mentioned }: Ask, out: Answering): Promise<Outcome> {
    const { desk, language } = this.#options;
    const word = this.#call(normalize(question));
    if (word === undefined) return 'pass';
    if (chat.channel !== 'mpweixin') return refuseAgent(chat.channel, mentioned, language, out);
    out.trace({ rule: word });
    if (backWords.has(word)) {
      out.say({ type: 'text', text: returnedText[language] });
      return 'answered';
    }
    await callAgent(chat.id, { desk, storeId: undefined, text: handoverText[language] }, out);
    return 'answered';
  }

  #call(text: string): string | undefined {
    const whole = bare(text);
    if (wholeWords.has(whole) || backWords.has(whole)) return whole;
    if (text.length > longestCall && !isShortSentence(text)) return undefined;
    return this.#options.keywords().find((one) => text.includes(normalize(one)));
  }
}

/** Words for who asks for an agent, and the agent, or what is to be done when nobody is there. */
export async function callAgent(
  chatId: string,
  { desk, storeId, text }: { desk: Desk; storeId: number | undefined; text: string },
  out: Answering,
): Promise<void> {
  if (await desk.isStaffed(chatId, storeId)) {
    out.say({ type: 'text', text });
    out.handOver(storeId);
    return;
  }
  out.trace({ note: 'nobody is there' });
  out.say({ type: 'text', text: desk.absentText() });
  out.leaveWord(storeId);
}

/** Nobody at a desk sees what is said here: whoever meant the bot is told so. */
export function refuseAgent(
  channel: Exclude<ChatChannel, 'mpweixin'>,
  mentioned: boolean,
  language: Language,
  out: Answering,
): Outcome {
  if (channel === 'room' && !mentioned) return 'pass';
  out.trace({ note: 'no hand-over here' });
  out.say({ type: 'text', text: noDeskText[channel][language] });
  return 'answered';
}

/** In letters words are longer. */
function isShortSentence(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text) && text.split(' ').length <= mostWords;
}
