import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  measureDocuments,
  readDocumentQuestions,
  takeDocuments,
} from '../../scripts/bench/chatbot-documents.ts';
import { readFixture } from '../../scripts/bench/chatbot-fixture.ts';
import { createKnowledgeRig, type KnowledgeRig } from '../../tests/support/knowledge-rig.ts';
import type { HitTest } from './knowledge.ts';
import { excerptAround, sentencesOf } from './passage.ts';

const grinder = `# 缺卡 Q1 磨豆机说明书

## 研磨档位

刻度环上共 40 档，数字越小越细。意式浓缩建议 3 到 5 档，手冲建议 18 到 24 档。调档前先空转。

## 错误码

### E01 豆仓未盖

盖好豆仓盖再按开关。

### E11 刀盘卡住

断电，取出上刀盘，用毛刷清掉异物再装回。

## 保养

刀盘寿命约 500 公斤咖啡豆，磨钝后研磨变慢。每周用毛刷清一次。

# Q1 grinder manual

## Grind settings

The Q1 grinder has 40 steps. A warranty of two years covers burrs and motor.
`;
const shop = `q,a,indexes
什么时候发货,当天发,几天发货
How much does the Q1 cost?,1299 yuan,
怎么购买,加购物车,
错误怎么反馈,意思意思就行,
`;

let rig: KnowledgeRig;
beforeAll(async () => {
  rig = await createKnowledgeRig();
  const common = { replace: true } as const;
  await rig.knowledge.import({
    ...{ ...common, format: 'markdown', kb: 'manual', source: 'm', name: 'm', text: grinder },
  });
  await rig.knowledge.import({
    ...{ ...common, format: 'csv', kb: 'shop', source: 's', name: 's', text: shop },
  });
});
afterAll(() => rig.close());

async function test(question: string): Promise<HitTest> {
  return await rig.knowledge.hitTest(question);
}

describe('a passage of a document', () => {
  it.each([
    ['E11', '毛刷清掉'],
    ['E11 是什么意思', '毛刷清掉'],
    ['意式浓缩建议几档', '3 到 5 档'],
    ['刀盘寿命多少公斤', '500 公斤'],
    ['how many steps does the grinder have', '40 steps'],
  ])('answers %s by what it says', async (question, said) => {
    const { verdict } = await test(question);
    expect(verdict).toMatchObject({ kind: 'direct', answer: expect.stringContaining(said) });
  });

  it.each([
    ['刀盘能用多久', '保养'],
    ['warrenty', 'Grind settings'],
  ])('is offered at least for %s', async (question, heading) => {
    const { verdict } = await test(question);
    const said = verdict.kind === 'direct' ? [verdict] : [];
    const titles = [...said, ...(verdict.kind === 'suggest' ? verdict.options : [])];
    expect(titles.map(({ entry }) => entry.title.split(' › ').at(-1))).toContain(heading);
  });

  it('does not answer for a code that it does not hold', async () => {
    expect((await test('E12 是什么意思')).verdict.kind).toBe('miss');
    expect((await test('E01')).verdict).toMatchObject({ entry: { title: /E01/ } });
  });
});

describe('what is put right', () => {
  it('is never what stands in an answer or a passage', async () => {
    for (const question of ['意式浓缩', '刀盘', '空转']) {
      expect((await test(question)).corrected).toBeUndefined();
    }
  });

  it('is no word of the language, to what is none', async () => {
    await rig.knowledge.add({ kb: 'shop', title: '三天器材到货吗', answer: '是' });
    expect((await test('天气')).corrected).toBeUndefined();
  });

  it('is English with a letter that is wrong, and pinyin with blanks', async () => {
    expect((await test('warrenty')).corrected).toBe('warranty');
    expect(await test('zen me gou mai')).toMatchObject({ corrected: '怎么购买' });
    expect(await test('gou mai')).toMatchObject({
      ...{ corrected: '购买', found: [{ entry: { title: '怎么购买' } }] },
    });
    expect((await test('can you show me')).corrected).toBeUndefined();
  });
});

describe('of a long passage', () => {
  const long = `${'前面说了别的。'.repeat(40)}\n\n电压是 220 伏。${'后面还有。'.repeat(80)}`;

  it('is said what stands around the sentence that answers', () => {
    const sentences = sentencesOf(long);
    const best = sentences.findIndex(({ text }) => text.includes('220'));
    const said = excerptAround(long, sentences, best);
    expect(said).toMatch(/^电压是 220 伏。后面还有。/);
    expect(said.length).toBeLessThanOrEqual(300);
    expect(excerptAround('短。也短。', sentencesOf('短。也短。'), 0)).toBe('短。也短。');
  });
});

it('documents are found by what they say; chit-chat is left alone', async () => {
  const own = await createKnowledgeRig();
  await takeDocuments(own.knowledge);
  // The set for tuning: the other one is for `npm run bench -- chatbot`.
  const { devChitchat } = readFixture();
  const quality = await measureDocuments(
    ...[own.knowledge, readDocumentQuestions('dev'), devChitchat],
  );
  expect(quality.first).toBeGreaterThanOrEqual(28);
  expect(quality.reached).toBeGreaterThanOrEqual(29);
  expect(quality.direct).toBeGreaterThanOrEqual(24);
  expect(quality.right).toBe(quality.direct);
  expect(quality.said).toBe(quality.direct);
  expect(quality.wrong).toBeLessThanOrEqual(1);
  await own.close();
});
