import type { Text } from '../../errors.ts';
import type { Saying } from '../../sayings.ts';
import { details } from './details.ts';
import { reasons } from './reasons.ts';

type Words = Record<string, Text | ((...parts: never[]) => Text)>;
/** What each sentence is tried with, to see where its parts stand. */
type Trials<W extends Words> = {
  [K in keyof W as W[K] extends Text ? never : K]: W[K] extends (...parts: infer P) => Text
    ? P
    : never;
};

const day = 86_400_000;
const ofReasons: Trials<typeof reasons> = {
  ambiguousRoom: [['‹0›']],
  ambiguousContact: [['‹0›']],
  otherAccount: ['‹0›'],
  breaker: [day],
  behind: [9_000_000],
  tryAgainAt: [day, '‹1›'],
  partsLeft: ['‹0›', 9_000_001, 9_000_002],
  refused: ['‹0›'],
  cardInvalid: ['‹0›'],
  pictureFailed: ['‹0›'],
  unknownAnswer: ['‹0›'],
  noEcho: [9_000_000],
  noEchoGap: [9_000_000],
};
const ofDetails: Trials<typeof details> = {
  handedPart: [{ name: '‹0›', attempt: 9_000_001, part: 9_000_002, parts: 9_000_003 }],
  handed: [{ name: '‹0›', attempt: 9_000_001 }],
  messageIdPart: ['‹0›', 9_000_001, 9_000_002],
  oldestOf: ['‹0›', 9_000_001],
  messageId: ['‹0›'],
  fetched: ['‹0›', 9_000_001],
};

/** Why sends wait or ended, and what the steps of a send tell, as sentences with places for their parts. */
export const reasonSayings: readonly Saying[] = [
  ...sayingsOf(reasons, ofReasons),
  ...sayingsOf(details, ofDetails).map((one) => ({ ...one, facts: true as const })),
];

function sayingsOf<W extends Words>(words: W, trials: Trials<W>): Saying[] {
  return Object.entries(words).map(([name, word]) => {
    if (typeof word !== 'function') return word;
    const parts = (trials as Record<string, unknown[]>)[name] ?? [];
    const { zh, en } = word(...(parts as never[]));
    return { zh: placed(zh), en: placed(en) };
  });
}

function placed(sentence: string): string {
  return sentence
    .replaceAll(/‹(\d)›/g, '{$1}')
    .replaceAll(/900000(\d)/g, '{$1}')
    .replaceAll('1970-01-02T00:00:00Z (UTC)', '{0}');
}
