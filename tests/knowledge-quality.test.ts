import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFixture } from '../scripts/bench/chatbot-fixture.ts';
import { bigrams, type Method, ours, trigram } from '../scripts/bench/chatbot-methods.ts';
import { createKnowledgeRig, type KnowledgeRig } from './support/knowledge-rig.ts';

// The set for tuning: the other one is for `npm run bench -- chatbot`.
const { entries, dev, devChitchat } = readFixture();
let rig: KnowledgeRig;
let method: Method;

beforeAll(async () => {
  rig = await createKnowledgeRig();
  const text = entries.map(({ q, a, phrasings }) => JSON.stringify({ q, a, indexes: phrasings }));
  const options = { kb: 'bench', source: 'bench', name: 'bench', replace: true } as const;
  await rig.knowledge.import({ format: 'jsonl', text: text.join('\n'), ...options });
  // Numbers are given in the order of the file.
  method = ours(rig.knowledge, new Map(entries.map(({ id }, at) => [at + 1, id])));
});
afterAll(() => rig.close());

/** How many questions have their entry first. */
async function firsts(one: Method): Promise<number> {
  let first = 0;
  for (const { q, id } of dev) if ((await one.rank(q)).ids[0] === id) first += 1;
  return first;
}

it('finds more than what the database gives by itself', async () => {
  const [own, pairs, threes] = [
    await firsts(method),
    await firsts(bigrams(entries)),
    await firsts(trigram(entries)),
  ];
  expect(own / dev.length).toBeGreaterThan(0.68);
  expect(own).toBeGreaterThan(pairs);
  expect(pairs).toBeGreaterThan(threes);
});

it('answers rightly where it answers, and leaves alone what it has no answer to', async () => {
  let answered = 0;
  let right = 0;
  for (const { q, id } of dev) {
    const { ids, direct } = await method.rank(q);
    if (direct !== true) continue;
    answered += 1;
    if (ids[0] === id) right += 1;
  }
  expect(answered / dev.length).toBeGreaterThan(0.33);
  expect(right / answered).toBeGreaterThan(0.95);
  let wrong = 0;
  for (const { q } of devChitchat) if ((await method.rank(q)).direct === true) wrong += 1;
  expect(wrong / devChitchat.length).toBeLessThanOrEqual(0.02);
});
