import type { Language, Text } from '../errors.ts';
import type { Knowledge } from './knowledge.ts';
import { normalize } from './question.ts';
import type { Answering, Ask, Outcome, Responder } from './responder.ts';
import { bare } from './rule.ts';
import { byeText, helloText, thanksText } from './sentences.ts';

export interface GreetingResponderOptions {
  settings: () => { enabled: boolean; welcome?: string | undefined };
  knowledge: Pick<Knowledge, 'search'>;
}

type Courtesy = 'hello' | 'thanks' | 'bye';

/** Said alone these are courtesies; with more behind them they begin a question. */
const courtesies: Record<Courtesy, readonly string[]> = {
  hello: [
    ...[
      '你好',
      '您好',
      '你好呀',
      '你好啊',
      '您好呀',
      '嗨',
      '哈喽',
      '哈啰',
      '在吗',
      '在么',
      '在不在',
    ],
    ...['早', '早上好', '上午好', '中午好', '下午好', '晚上好', '你好在吗', '您好在吗'],
    ...['hi', 'hello', 'hey', 'hi there', 'hello there', 'good morning', 'good afternoon'],
    ...['good evening', 'hi bot', 'hello bot', 'hi all'],
  ],
  thanks: [
    ...['谢谢', '谢谢你', '谢谢您', '谢谢啦', '多谢', '谢了', '感谢', '非常感谢', '好的谢谢'],
    ...['thanks', 'thank you', 'thx', 'thanks a lot', 'thank you very much', 'many thanks'],
    ...['ok thanks', 'ok thank you'],
  ],
  bye: [
    ...['再见', '拜拜', '拜', '回见', '88', '晚安'],
    ...['bye', 'goodbye', 'good bye', 'bye bye', 'see you', 'good night'],
  ],
};
const known = new Map(
  Object.entries(courtesies).flatMap(([kind, words]) =>
    words.map((word) => [word, kind as Courtesy] as const),
  ),
);
const texts: Record<Courtesy, Text> = { hello: helloText, thanks: thanksText, bye: byeText };

/** Answers courtesies, unless the knowledge base has an entry of its own for them. */
export class GreetingResponder implements Responder {
  readonly name = 'rules';
  readonly isQuiet = true;
  readonly #options: GreetingResponderOptions;

  constructor(options: GreetingResponderOptions) {
    this.#options = options;
  }

  async respond({ question, chat, mentioned }: Ask, out: Answering): Promise<Outcome> {
    const { settings, knowledge } = this.#options;
    const { enabled, welcome } = settings();
    if (!enabled || (chat.channel === 'room' && !mentioned)) return 'pass';
    const said = bare(normalize(question)).replaceAll(/[\s,，、!！.。~～]+/gu, ' ');
    const kind = known.get(said) ?? known.get(said.replaceAll(' ', ''));
    if (kind === undefined) return 'pass';
    const [own] = await knowledge.search(question, { limit: 1 });
    if (own !== undefined && own.score > 0.99) return 'pass';
    out.trace({ rule: `greeting ${kind}` });
    const language: Language = /\p{Script=Han}|^\d/u.test(said) ? 'zh' : 'en';
    const text = kind === 'hello' ? (welcome ?? texts.hello[language]) : texts[kind][language];
    out.say({ type: 'text', text });
    return 'answered';
  }
}
