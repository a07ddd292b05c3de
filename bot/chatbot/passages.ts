import type { Logger } from '../../config/logger.ts';
import type { Embeddings } from './embeddings.ts';
import { ModelFailure } from './model-failure.ts';
import type { FindPassages, PassageHit } from './model-responder.ts';
import type { Near } from './vectors.ts';

export interface PassagesOptions {
  knowledge: {
    search(question: string, options: { limit: number }): Promise<readonly PassageHit[]>;
    getMany(
      ids: readonly number[],
    ): Promise<readonly (PassageHit['entry'] & { enabled: boolean })[]>;
  };
  embeddings: Pick<Embeddings, 'on' | 'nearest'>;
  logger: Logger;
}

/** So many are taken from each of the two searches. */
const looked = 16;
/** The weight of a place falls off so slowly (reciprocal rank fusion). */
const slowness = 60;
/** Below this, two texts mean different things. */
const leastLikeness = 0.3;

/** Finds what a model is told: by words, and by meaning where embeddings are configured. */
export function createPassages({ knowledge, embeddings, logger }: PassagesOptions): FindPassages {
  return async (question, limit) => {
    if (!embeddings.on) return await knowledge.search(question, { limit });
    const [byWords, byMeaning] = await Promise.all([
      knowledge.search(question, { limit: looked }),
      embeddings.nearest(question, looked).catch((error: unknown) => {
        // Words find most of it, too.
        const reason = error instanceof ModelFailure ? error.reason : 'failed';
        logger.debug({ reason }, 'looked up by words alone');
        return [];
      }),
    ]);
    return await fused(byWords, byMeaning, limit, knowledge);
  };
}

async function fused(
  byWords: readonly PassageHit[],
  byMeaning: readonly Near[],
  limit: number,
  knowledge: Pick<PassagesOptions['knowledge'], 'getMany'>,
): Promise<PassageHit[]> {
  const near = byMeaning.filter(({ score }) => score >= leastLikeness);
  const ranks = new Map<number, { rank: number; score: number }>();
  const add = (id: number, at: number, score: number): void => {
    const before = ranks.get(id) ?? { rank: 0, score: 0 };
    const rank = before.rank + 1 / (slowness + at);
    ranks.set(id, { rank, score: Math.max(before.score, score) });
  };
  for (const [at, { entry, score }] of byWords.entries()) add(entry.id, at, score);
  for (const [at, { entry, score }] of near.entries()) add(entry, at, score);
  const best = [...ranks].sort((a, b) => b[1].rank - a[1].rank).slice(0, limit);
  const known = new Map(byWords.map(({ entry }) => [entry.id, entry]));
  const others = best.map(([id]) => id).filter((id) => !known.has(id));
  if (others.length > 0) {
    for (const entry of await knowledge.getMany(others))
      if (entry.enabled) known.set(entry.id, entry);
  }
  return best.flatMap(([id, { score }]) => {
    const entry = known.get(id);
    return entry === undefined ? [] : [{ entry, score }];
  });
}
