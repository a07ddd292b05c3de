import { stemOf } from './english.ts';
import { isSyllable, soundOf, soundsOf, syllablesIn } from './pinyin.ts';
import { normalize } from './question.ts';
import { Typing } from './typing.ts';
import { type Word, WordMap, type Words } from './words.ts';

const hanPair = /^\p{Script=Han}{2}$/u;
const pairs = /(?=(\p{Script=Han}{2}))/gu;

/** Characters that any neighbour goes with: two that share one of them have nothing in common. */
const loose = new Set('的了吗呢吧啊呀我你请是有要不么个');

/** Syllables with blanks between them: chu gou. */
const spaced = /(?<![a-z])[a-z]{1,6}(?: [a-z]{1,6})+(?![a-z])/g;

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

/** Puts words right that nobody here ever wrote, if they sound or look like one that is known. */
export class Spelling {
  readonly #words: Words;
  /** Two characters by how they sound: for what was typed with others that sound alike. */
  readonly #bySound = new WordMap<Word[]>();

  readonly #typing: Typing;

  constructor(words: Words) {
    this.#words = words;
    this.#typing = new Typing(words);
  }

  /** A word that is new. */
  learn(word: Word): void {
    if (!hanPair.test(word.text)) {
      this.#typing.learn(word);
      return;
    }
    const sound = soundOf(word.text);
    const others = (this.#bySound.get(sound) ?? []).filter(
      (other) => this.#words.get(other.text) === other && other !== word,
    );
    this.#bySound.set(sound, [...others, word]);
  }

  clear(): void {
    this.#bySound.clear();
    this.#typing.clear();
  }

  /** 曲消 to 取消, and quxiao. @returns undefined: nothing to put right */
  corrected(question: string): string | undefined {
    const plain = normalize(question);
    const joined = plain.replace(spaced, (letters) => this.#joined(letters));
    const spelled = joined.replace(
      /(?<![a-z\d])[a-z]{4,24}(?![a-z\d])/g,
      (letters) => this.#spoken(letters) ?? this.#typing.meant(letters) ?? letters,
    );
    let text = spelled;
    let words: string[] | undefined;
    for (const { 1: pair = '' } of spelled.matchAll(pairs)) {
      if (this.#words.get(pair) !== undefined) continue;
      const meant = this.#soundingLike(pair);
      if (meant === undefined) continue;
      // A word of the language is not put right to two characters that are none.
      words ??= wordsOf(plain);
      if (words.includes(pair) && !wordsOf(meant).includes(meant)) continue;
      text = text.replaceAll(pair, meant);
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
    if (this.#words.get(stemOf(letters)) !== undefined) return undefined;
    const syllables = syllablesIn(letters);
    return syllables === undefined ? undefined : this.#sounding(syllables);
  }

  /** chu gou to what it means; words that are none of pinyin, or of which some are known, stay. */
  #joined(letters: string): string {
    const parts = letters.split(' ');
    const isEven = parts.length % 2 === 0;
    if (!isEven || !parts.every(isSyllable)) return letters;
    if (parts.some((one) => this.#words.get(stemOf(one)) !== undefined)) return letters;
    return this.#sounding(parts) ?? letters;
  }

  /** Two characters for each two syllables. */
  #sounding(syllables: readonly string[]): string | undefined {
    let meant = '';
    for (let at = 0; at < syllables.length; at += 2) {
      const pair = commonest(this.#bySound.get(soundsOf(syllables.slice(at, at + 2))) ?? []);
      if (pair === undefined) return undefined;
      meant += pair;
    }
    return meant;
  }
}

/** Words of a text as the runtime parts it: it knows the language, and nothing of any trade. */
export function wordsOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function commonest(words: readonly Word[]): string | undefined {
  let most: Word | undefined;
  // What people ask with comes before what answers hold.
  const worth = ({ count, answers }: Word): number => count + (answers > 0 ? 0.5 : 0);
  for (const word of words) if (worth(word) > (most === undefined ? 0 : worth(most))) most = word;
  return most?.text;
}
