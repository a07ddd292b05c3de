import { afterEach, beforeEach, expect, it } from 'vitest';
import { llmSchema } from '../../config/chatbot-schema.ts';
import { KbVectorStore } from '../../store/kb-vectors.ts';
import { type AskedModel, type ModelAnswer, refuses } from '../../tests/support/fake-model.ts';
import { ModelRig } from '../../tests/support/model-rig.ts';
import { Embeddings } from './embeddings.ts';
import { Knowledge } from './knowledge.ts';
import { createPassages } from './passages.ts';

/** What texts mean to the fake: one axis for each of these. */
const meanings = [/退|refund|money back/i, /运费|shipping|postage/i, /密码|password/i, /./];

function meaningOf(text: string): number[] {
  return meanings.map((one, axis) => (one.test(text) ? (axis === 3 ? 0.1 : 3) : 0));
}

function embeds({ body }: AskedModel): ModelAnswer {
  const data = (body.input ?? []).map((text, index) => ({ index, embedding: meaningOf(text) }));
  const answer = { data: data.toReversed(), usage: { prompt_tokens: 7, total_tokens: 7 } };
  return { headers: { 'content-type': 'application/json' }, steps: [JSON.stringify(answer)] };
}

let rig: ModelRig;
let knowledge: Knowledge;
let embeddings: Embeddings;
beforeEach(async () => {
  rig = await ModelRig.open();
  const { db, clock, logger } = rig;
  const thresholds = { direct: 0.55, suggest: 0.35, gap: 0.05 };
  knowledge = new Knowledge({ db, clock, logger, thresholds, bases: {} });
  await knowledge.start();
  for (const [title, answer] of [
    ['怎么退货', '七天内可退'],
    ['运费多少', '满百包邮'],
    ['忘记密码', '点找回'],
  ] as const) {
    await knowledge.add({ kb: 'shop', title, answer });
  }
  rig.fake.answer = embeds;
  embeddings = create();
});
afterEach(async () => {
  await embeddings.stop();
  await knowledge.stop();
  await rig.close();
});

function create(more: Record<string, unknown> = {}): Embeddings {
  const { db, clock, logger, budget, fake } = rig;
  const settings = llmSchema.parse({
    ...{ baseUrl: fake.baseUrl, apiKey: 'chat-key', model: 'chat' },
    embeddings: { model: 'emb' },
    ...more,
  });
  return new Embeddings({ store: new KbVectorStore(db), settings, budget, clock, logger });
}

async function find(question: string): Promise<string[]> {
  const passages = createPassages({ knowledge, embeddings, logger: rig.logger });
  return (await passages(question, 5)).map(({ entry }) => entry.title);
}

it('finds what means the same in other words', async () => {
  expect(await find('I want my money back')).toEqual([]);
  await embeddings.refresh();
  expect(await find('I want my money back')).toEqual(['怎么退货']);
  expect(await find('postage?')).toEqual(['运费多少']);
  const [asked] = rig.fake.asked;
  expect(asked?.path).toBe('/v1/embeddings');
  expect(asked?.body).toMatchObject({ model: 'emb', encoding_format: 'float' });
  expect(asked?.headers['authorization']).toBe('Bearer chat-key');
});

it('asks for each text once, also after a restart, and for what has changed', async () => {
  await embeddings.refresh();
  const texts = rig.fake.asked.flatMap(({ body }) => body.input ?? []);
  expect(new Set(texts).size).toBe(texts.length);
  const calls = rig.fake.asked.length;
  await embeddings.refresh();
  await find('postage');
  await find('postage');
  expect(rig.fake.asked).toHaveLength(calls + 1);
  await embeddings.stop();
  embeddings = create();
  await embeddings.refresh();
  expect(rig.fake.asked).toHaveLength(calls + 1);
  expect(embeddings.size).toBe(texts.length);
  const [first] = await knowledge.search('怎么退货');
  await knowledge.update(first?.entry.id ?? 0, { title: '如何 refund' });
  await embeddings.refresh();
  expect(rig.fake.asked.at(-1)?.body.input).toEqual(['如何 refund']);
  await knowledge.remove(first?.entry.id ?? 0);
  await embeddings.refresh();
  expect(await find('money back')).toEqual([]);
});

it('another model makes them anew', async () => {
  await embeddings.refresh();
  const before = rig.fake.asked.length;
  const settings = { baseUrl: rig.fake.baseUrl, model: 'chat', embeddings: { model: 'other' } };
  embeddings.configure(llmSchema.parse(settings));
  expect(embeddings.size).toBe(0);
  await embeddings.refresh();
  expect(rig.fake.asked.length).toBeGreaterThan(before);
  expect(rig.fake.asked.at(-1)?.body.model).toBe('other');
  expect(rig.fake.asked.at(-1)?.headers['authorization']).toBeUndefined();
});

it.each([
  ['a refusal', refuses(500)],
  ['a page', { steps: ['<html>'] }],
  ['too few', { steps: ['{"data":[]}'] }],
  ['no numbers', { steps: ['{"data":[{"embedding":["a"]}]}'] }],
  ['zeros', { steps: ['{"data":[{"embedding":[0,0]}]}'] }],
  ['a broken connection', { steps: ['{"da', 'cut'] }],
] as [string, ModelAnswer][])('%s: words find it all the same', async (_name, answer) => {
  await embeddings.refresh();
  rig.fake.answer = () => answer;
  expect(await find('怎么退货呢')).toContain('怎么退货');
});

it('is left alone when it fails, and waited for shortly', async () => {
  await embeddings.refresh();
  rig.fake.answer = () => ({ steps: ['hang'] });
  expect(await rig.inTime(find('怎么退货1'))).toContain('怎么退货');
  rig.fake.answer = () => refuses(500);
  for (let n = 2; n < 12; n += 1) expect(await find(`怎么退货${n}`)).toContain('怎么退货');
  const calls = rig.fake.asked.length;
  expect(await find('怎么退货100')).toContain('怎么退货');
  expect(rig.fake.asked).toHaveLength(calls);
});

it('keeps to the budget of the day', async () => {
  await embeddings.stop();
  embeddings = create({ tokensPerDay: 60 });
  await embeddings.refresh();
  expect((await rig.budget.used()).tokens).toBe(7);
  for (let n = 0; n < 20; n += 1) await find(`postage ${n}`);
  const { tokens } = await rig.budget.used();
  expect(tokens).toBeLessThanOrEqual(60);
  expect(tokens).toBe(rig.fake.asked.length * 7);
});

it('a key is given to the address it was given for', async () => {
  await embeddings.stop();
  embeddings = create({ embeddings: { model: 'emb', baseUrl: rig.fake.baseUrl } });
  await embeddings.refresh();
  expect(rig.fake.asked[0]?.headers['authorization']).toBeUndefined();
});

it.each(['off', 'fallback'])(
  'nothing is asked where nobody would use it: mode %s',
  async (mode) => {
    await embeddings.stop();
    embeddings = create({ mode });
    embeddings.start();
    await embeddings.refresh();
    await find('postage');
    expect(rig.fake.asked).toEqual([]);
  },
);
