import { normalize } from './question.ts';
import { type Cut, marked, type Ranking, type Reading } from './ranking.ts';
import { wordsOf } from './spelling.ts';
import type { Word } from './words.ts';

/** A passage as it is compared. */
export interface PassageCut {
  heading: Cut;
  above: Cut;
  sentences: readonly { cut: Cut; number: boolean }[];
}

/** What stands elsewhere than in the sentence itself counts so much. */
const headingShare = 1;
const besideShare = 0.7;
const aboveShare = 0.5;
/** Pieces that nobody wrote here: not what is asked for, or other words for it. */
const strange = { pair: 0.8, sign: 0.5, word: 0.9, code: 1, meaning: 0 };
/** Two signs that are parts of two words, and the same where nobody wrote them: nothing to be found. */
const acrossShare = 0.5;
const acrossStrange = 0.15;
/** In a long text a single sign is there by chance. */
const kinds = { pair: 2, sign: 0.3, word: 1, code: 3.5, meaning: 0.5 };
/** Where a number is asked for, a sentence with one is the likelier. */
const numberWorth = 0.04;

/** A question as it is put to passages. */
export interface PassageQuestion {
  reading: Reading;
  /** It asks for a number. */
  number: boolean;
  /** Two signs each that stand in one word of it. */
  words: ReadonlySet<string>;
}

const numberAsked =
  /多少|多久|多长|多高|多大|多重|几|how (?:many|much|long|often|far|high|accurate)/i;

/** What asks, and does not stand in an answer. */
const asking =
  /多少钱|多少|多久|多长时间|多长|多高|多大|多重|多远|什么时候|哪里|哪儿|怎么办|怎么样|是不是|能不能|可不可以|有没有|几|谁|吗|呢/g;

export function passageQuestion(ranking: Ranking, question: string): PassageQuestion {
  const words = new Set<string>();
  for (const word of wordsOf(normalize(question))) {
    const signs = [...word];
    for (let at = 1; at < signs.length; at += 1) words.add(`${signs[at - 1]}${signs[at]}`);
  }
  const plain = ranking.read(normalize(question).replace(asking, ' '));
  const reading = plain.words.length > 0 ? plain : ranking.read(question);
  return { reading, number: numberAsked.test(question), words };
}

type Kind = keyof typeof kinds;

/** What a piece is, by its text. */
function kindOf(text: string): Kind {
  if (text.startsWith('ʘ')) return 'meaning';
  if (/^\p{Script=Han}/u.test(text)) return [...text].length === 1 ? 'sign' : 'pair';
  return /\d/.test(text) && /\p{L}/u.test(text) ? 'code' : 'word';
}

/**
 * How well a passage answers: how much of the question one of its sentences holds, together with the
 * headings above it and, for less, the sentences around it.
 */
export function scorePassage(
  ranking: Ranking,
  { reading: question, number: wantsNumber, words }: PassageQuestion,
  passage: PassageCut,
): { score: number; best: number } {
  const weights = question.words.map((word, at) =>
    weightOf(ranking, word, question.weights[at] ?? 0, words),
  );
  const total = weights.reduce((sum, one) => sum + one, 0);
  if (total === 0) return { score: 0, best: 0 };
  return marked(question, () => {
    const around = new Float64Array(question.words.length);
    hold(around, passage.above, aboveShare);
    for (const { cut } of passage.sentences) hold(around, cut, besideShare);
    hold(around, passage.heading, headingShare);
    let score = 0;
    let best = 0;
    const held = new Float64Array(around.length);
    for (const [index, { cut, number }] of passage.sentences.entries()) {
      held.set(around);
      hold(held, cut, 1);
      let covered = 0;
      for (let at = 0; at < held.length; at += 1) {
        covered += (weights[at] as number) * (held[at] as number);
      }
      const counted = covered / total + (wantsNumber && number ? numberWorth : 0);
      if (counted <= score) continue;
      score = counted;
      best = index;
    }
    return { score: scoreOf(Math.min(1, score)), best };
  });
}

/** So much of a question is held by a passage that may answer it, and by one that does. */
const [mayHold, doesHold] = [0.35, 0.65];

/** On the scale of everything else: 0.35 is offered, 0.5 answers. */
function scoreOf(held: number): number {
  if (held <= mayHold) return held;
  if (held >= doesHold) return 0.5 + ((held - doesHold) * 0.5) / (1 - doesHold);
  return mayHold + ((held - mayHold) * 0.15) / (doesHold - mayHold);
}

function weightOf(
  ranking: Ranking,
  word: Word,
  weight: number,
  words: ReadonlySet<string>,
): number {
  const kind = kindOf(word.text);
  const said = word.count + word.answers;
  const across = kind === 'pair' && !words.has(word.text);
  const known = across ? acrossShare : 1;
  const unknown = across ? acrossStrange : strange[kind];
  return weight * kinds[kind] * (said === 0 ? unknown : known) * ranking.rarity(said);
}

/** Which pieces of the question a text holds. The question is marked. */
function hold(held: Float64Array, { words }: Cut, share: number): void {
  for (const { at } of words) if (at >= 0) held[at] = Math.max(held[at] as number, share);
}
