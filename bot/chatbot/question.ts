import { isEnglishFiller, stemOf } from './english.ts';
import { conceptsIn } from './synonyms.ts';

/**
 * A piece of a question: a Chinese character, two neighbours, a run of letters and digits, or (ʘ…)
 * what a word of it means.
 */
export interface Token {
  /** As the index holds it: one word to the database. */
  text: string;
  /** How much it says, apart from how rare it is. */
  weight: number;
}

/** Raised when `tokensOf` changes: what was indexed before is indexed again. */
export const tokenizerVersion = 2;

/** What a question may hold; more is cut off for the search. */
const longest = 2000;

/** Letters and digits say more than two characters: BGP, OSPF, 40, eth-trunk. */
const latinWeight = 2;
/** Two neighbours hold two characters that count already. */
const pairWeight = 0.5;
const conceptWeight = 0.8;
/** Polite filler is weighed down, not left out: a question may hold nothing else. */
export const fillerWeight = 0.2;

/** Longer ones first: what they cover is covered. */
const fillers = [
  '请问一下',
  '想问一下',
  '麻烦问下',
  '是什么意思',
  '什么意思',
  '是怎么回事',
  '怎么回事',
  '该怎么办',
  '怎么办',
  '怎么样',
  '怎么弄',
  '为什么',
  '是什么',
  '有没有',
  '能不能',
  '可不可以',
  '是不是',
  '请问',
  '想问',
  '你好',
  '您好',
  '麻烦',
  '谢谢',
  '早上好',
  '中午好',
  '下午好',
  '晚上好',
  '一下',
  '怎么',
  '怎样',
  '如何',
  '什么',
  '哪里',
  '可以',
  '需要',
  '应该',
  '我想',
  '我的',
  '我们',
  '你们',
  '这个',
  '那个',
  '的',
  '了',
  '吗',
  '呢',
  '吧',
  '啊',
  '呀',
  '我',
  '你',
  '请',
  '是',
  '有',
  '要',
] as const;
const filler = new RegExp(fillers.join('|'), 'g');

/** Runs that are kept together, and Chinese. Everything else parts them. */
const run =
  /\p{Script=Han}+|[[\p{L}\p{N}]--\p{Script=Han}](?:[[\p{L}\p{N}+#.\-]--\p{Script=Han}]*[[\p{L}\p{N}+#]--\p{Script=Han}])?/gv;
const han = /^\p{Script=Han}/v;

/** One spelling for the same text: width, case, white space at its ends. */
export function normalize(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}

/** The pieces of a text, repeated ones once. */
export function tokensOf(text: string): Token[] {
  const plain = normalize(text).slice(0, longest);
  const covered = coveredBy(plain);
  const tokens = new Map<string, number>();
  const add = (token: string, weight: number): void => {
    tokens.set(token, Math.max(weight, tokens.get(token) ?? 0));
  };
  for (const { 0: piece, index } of plain.matchAll(run)) {
    if (!han.test(piece)) {
      add(wordOf(stemOf(piece)), isEnglishFiller(piece) ? latinWeight * fillerWeight : latinWeight);
      // eth-trunk is looked for as trunk, too.
      const parts = piece.split(/[+#.-]+/).filter((part) => part !== '');
      if (parts.length > 1) for (const part of parts) add(stemOf(part), latinWeight / 2);
      continue;
    }
    // Characters outside of the basic plane take two places.
    const characters = [...piece];
    let at = index;
    let before: { text: string; filler: boolean } | undefined;
    for (const character of characters) {
      const isFiller = covered[at] === 1;
      at += character.length;
      add(character, isFiller ? fillerWeight : 1);
      if (before !== undefined) {
        const said = isFiller && before.filler ? fillerWeight : 1;
        add(before.text + character, said * pairWeight);
      }
      before = { text: character, filler: isFiller };
    }
  }
  for (const { concept, weak } of conceptsIn(plain)) {
    add(`ʘ${concept}`, weak ? conceptWeight * fillerWeight : conceptWeight);
  }
  return [...tokens].map(([token, weight]) => ({ text: token, weight }));
}

/** As people read it: without the mark of what a word means. */
export function plainWord(text: string): string {
  return text.startsWith('ʘ') ? text.slice(1) : text;
}

/** As the index holds it: the tokenizer of the database parts it at the blanks again. */
export function indexText(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join(' ');
}

/** What the database would part is one word to us: c++ is cx2bxx2bx. */
function wordOf(token: string): string {
  return token.replaceAll(/[^\p{L}\p{N}]/gu, (sign) => `x${sign.codePointAt(0)?.toString(16)}x`);
}

function coveredBy(text: string): Uint8Array {
  const covered = new Uint8Array(text.length);
  for (const { 0: piece, index } of text.matchAll(filler)) {
    covered.fill(1, index, index + piece.length);
  }
  return covered;
}
