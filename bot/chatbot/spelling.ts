import { soundOf, soundsOf, syllablesIn } from './pinyin.ts';
import { normalize } from './question.ts';
import { type Word, WordMap, type Words } from './words.ts';

const hanPair = /^\p{Script=Han}{2}$/u;
const pairs = /(?=(\p{Script=Han}{2}))/gu;

/** Characters that any neighbour goes with: two that share one of them have nothing in common. */
const loose = new Set('的了吗呢吧啊呀我你请是有要不么个');

/** Puts words right that nobody here ever wrote, if they sound like one that is known. */
export class Spelling {
  readonly #words: Words;
  /** Two characters by how they sound: for what was typed with others that sound alike. */
  readonly #bySound = new WordMap<Word[]>();

  constructor(words: Words) {
    this.#words = words;
  }

  /** A word that is new. */
  learn(word: Word): void {
    if (!hanPair.test(word.text)) return;
    const sound = soundOf(word.text);
    const others = (this.#bySound.get(sound) ?? []).filter(
      (other) => other.count > 0 && other !== word,
    );
    this.#bySound.set(sound, [...others, word]);
  }

  clear(): void {
    this.#bySound.clear();
  }

  /** 曲消 to 取消, and quxiao. @returns undefined: nothing to put right */
  corrected(question: string): string | undefined {
    const plain = normalize(question);
    const spelled = plain.replace(/[a-z]{4,24}/g, (letters) => this.#spoken(letters) ?? letters);
    let text = spelled;
    for (const { 1: pair = '' } of spelled.matchAll(pairs)) {
      if (this.#words.countOf(pair) > 0) continue;
      const meant = this.#soundingLike(pair);
      if (meant !== undefined) text = text.replaceAll(pair, meant);
    }
    return text === plain ? undefined : text;
  }

  /** The commonest known pair that sounds the same and shares a character that means something. */
  #soundingLike(pair: string): string | undefined {
    const [first = '', second = ''] = [...pair];
    return commonest(
      (this.#bySound.get(soundOf(pair)) ?? []).filter(({ text }) => {
        const [a = '', b = ''] = [...text];
        return (a === first && !loose.has(a)) || (b === second && !loose.has(b));
      }),
    );
  }

  #spoken(letters: string): string | undefined {
    if (this.#words.countOf(letters) > 0) return undefined;
    const syllables = syllablesIn(letters);
    if (syllables === undefined) return undefined;
    const meant = [syllables.slice(0, 2), syllables.slice(2)]
      .filter((two) => two.length > 0)
      .map((two) => commonest(this.#bySound.get(soundsOf(two)) ?? []));
    return meant.includes(undefined) ? undefined : meant.join('');
  }
}

function commonest(words: readonly Word[]): string | undefined {
  let most: Word | undefined;
  for (const word of words) if (word.count > (most?.count ?? 0)) most = word;
  return most?.text;
}
