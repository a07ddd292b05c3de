import type { IndexScope, KbMatch, KnowledgeIndexStore } from '../../store/knowledge-index.ts';
import type { Ranking, Wanted } from './ranking.ts';
import type { Word } from './words.ts';

/** Of a word so many phrasings are looked at, the newest: it bounds how long that takes. */
const mostHolding = 2000;
/** What an answer holds counts so much. */
const answerShare = 0.3;
/** Whose text is read. */
const mostRead = 100;
const mostCandidates = 50;
/** As in BM25: a long text holds words more easily. Letters of a usual one. */
const usualLength = 24;
const longestTold = 60;

/**
 * Phrasings and answers that hold what is looked for, the most of it first. Each word's list in the
 * index is read by itself and added up here: the database's own ranking looks up the length of each
 * row that it meets, which takes five times as long.
 */
export async function candidatesFor(
  index: KnowledgeIndexStore,
  ranking: Ranking,
  { asked, told }: Wanted,
  scope: IndexScope,
): Promise<KbMatch[]> {
  const scores = new Map<number, number>();
  const all = await holdingAll(index, asked, scope);
  const weightOf = ({ count }: Word): number => ranking.rarity(count);
  const sum = asked.reduce((total, word) => total + weightOf(word), 0);
  for (const id of all) scores.set(id, sum);
  const add = (id: number, weight: number): void => {
    if (!all.has(id)) scores.set(id, (scores.get(id) ?? 0) + weight);
  };
  const look = async (word: Word, answer: boolean): Promise<void> => {
    const weight = answer ? ranking.rarity(word.answers) * answerShare : weightOf(word);
    for (const id of await index.holding([word.text], answer, scope, mostHolding)) add(id, weight);
  };
  await Promise.all([
    ...asked.map((word) => look(word, false)),
    ...told.map((word) => look(word, true)),
  ]);
  const likely = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, mostRead);
  const rows = await index.phrasings(likely.map(([id]) => id));
  return rows
    .map((row) => {
      // Passages of documents are long by nature.
      const length =
        row.role === 'answer' ? Math.min(row.text.length, longestTold) : row.text.length;
      const lengths = 1.3 + (0.9 * length) / usualLength;
      return { row, score: (scores.get(Number(row.id)) ?? 0) / lengths };
    })
    .sort((a, b) => b.score - a.score || Number(a.row.id) - Number(b.row.id))
    .slice(0, mostCandidates)
    .map(({ row }) => row);
}

/** Where even the rarest is in too many to look at all of them: those that hold all of them. */
async function holdingAll(
  index: KnowledgeIndexStore,
  asked: readonly Word[],
  scope: IndexScope,
): Promise<Set<number>> {
  const [rarest] = asked;
  if (rarest === undefined || rarest.count <= mostHolding) return new Set();
  const words = asked.map(({ text }) => text);
  return new Set(await index.holding(words, false, scope, mostHolding));
}
