import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKnowledgeRig, type KnowledgeRig } from '../../tests/support/knowledge-rig.ts';
import type { AppError } from '../errors.ts';
import type { ImportOptions } from './knowledge-import.ts';

let rig: KnowledgeRig;
beforeEach(async () => {
  rig = await createKnowledgeRig();
});
afterEach(() => rig.close());

const shop = [
  ['怎么修改收货地址', '订单详情里修改', '下单后能改地址吗'],
  ['怎么取消订单', '我的订单里点取消', '不想要了能取消吗'],
  ['退款多久到账', '三天', '退的钱什么时候到'],
  ['怎么开发票', '订单详情里申请', '要一张发票'],
] as const;

async function addShop(kb = 'shop'): Promise<number[]> {
  const ids: number[] = [];
  for (const [title, answer, phrase] of shop) {
    ids.push((await rig.knowledge.add({ kb, title, answer, phrases: [phrase] })).id);
  }
  return ids;
}

const file = (text: string, more: Partial<ImportOptions> = {}): ImportOptions => ({
  ...{ format: 'csv', kb: 'shop', source: 'file/shop.csv', replace: true, name: 'shop' },
  ...more,
  text,
});

/** Of an entry that would be offered at least. */
async function titleFor(question: string): Promise<string | undefined> {
  const [found] = await rig.knowledge.search(question);
  return found !== undefined && found.score >= 0.35 ? found.entry.title : undefined;
}

/** How like everything is to everything: it changes with every word that is counted. */
async function scores(): Promise<unknown> {
  const all = [];
  for (const [title, , phrase] of shop) {
    for (const question of [title, phrase, `${title}啊`]) {
      const found = await rig.knowledge.search(question);
      all.push(found.map(({ entry, score, phrase: by }) => [entry.id, score, by]));
    }
  }
  return [rig.knowledge.ranking.phrases, all];
}

describe('an entry', () => {
  it('is found at once by its title, its phrasings, other words and typos', async () => {
    await addShop();
    expect(await titleFor('怎么取消订单')).toBe('怎么取消订单');
    expect(await titleFor('请问要一张发票怎么弄呀')).toBe('怎么开发票');
    expect(await titleFor('咋撤销这个订单')).toBe('怎么取消订单');
    expect(await titleFor('怎么曲消订单')).toBe('怎么取消订单');
    expect(await titleFor('quxiao dingdan')).toBe('怎么取消订单');
    expect(await titleFor('今天天气怎么样')).toBeUndefined();
    expect(await rig.knowledge.search('')).toEqual([]);
  });

  it('changes under the same number, and is found by its new words only', async () => {
    const [id = 0] = await addShop();
    await rig.knowledge.update(id, { title: '怎么换手机号', phrases: ['电话变了'] });
    expect(await titleFor('我要换手机号')).toBe('怎么换手机号');
    expect(await titleFor('收货地址')).toBeUndefined();
    const entry = await rig.knowledge.get(id);
    expect(entry).toMatchObject({ id, title: '怎么换手机号', answer: '订单详情里修改' });
    expect(entry?.phrases.map(({ text }) => text)).toEqual(['电话变了']);
  });

  it('is not found while it is disabled, or gone; its number is never given again', async () => {
    const ids = await addShop();
    const last = ids.at(-1) ?? 0;
    await rig.knowledge.update(last, { enabled: false });
    expect(await titleFor('要一张发票')).toBeUndefined();
    await rig.knowledge.update(last, { enabled: true });
    expect(await titleFor('要一张发票')).toBe('怎么开发票');
    await rig.knowledge.remove(last);
    expect(await titleFor('要一张发票')).toBeUndefined();
    await rig.reopen();
    const next = await rig.knowledge.add({ kb: 'shop', title: '新的问题', answer: '好' });
    expect(next.id).toBeGreaterThan(last);
    await expect(rig.knowledge.remove(last)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('gets a way to ask once, however it is spelled', async () => {
    const [, id = 0] = await addShop();
    expect(await rig.knowledge.addPhrase(id, '把单子撤了')).toBe(true);
    expect(await rig.knowledge.addPhrase(id, '把单子 撤了！')).toBe(false);
    expect(await titleFor('单子撤了')).toBe('怎么取消订单');
  });

  it.each([
    ['without letters', { title: '？？' }, 'title'],
    ['without an answer', { answer: ' ' }, 'answer'],
    ['with too long an answer', { answer: 'x'.repeat(20_001) }, 'answer'],
    ['with too long a phrasing', { phrases: ['x'.repeat(501)] }, 'phrases'],
    ['with a NUL', { title: 'a\0b' }, 'title'],
  ])('%s is refused, and nothing of it stays', async (_, change, field) => {
    const before = await scores();
    const draft = { kb: 'shop', title: '问', answer: '答', ...change };
    const error = await rig.knowledge.add(draft).catch((one: AppError) => one);
    expect(error).toMatchObject({ code: 'field_value', field });
    expect(await rig.knowledge.bases()).toEqual([]);
    expect(await scores()).toEqual(before);
  });

  it('of one knowledge base is found in that one, when that is asked for', async () => {
    await addShop('a');
    await addShop('b');
    const found = await rig.knowledge.search('怎么取消订单', { kb: 'b' });
    expect(new Set(found.map(({ entry }) => entry.kb))).toEqual(new Set(['b']));
  });
});

describe('what is in memory', () => {
  it('is what a restart loads, whatever was changed before', async () => {
    const ids = await addShop();
    await rig.knowledge.update(ids[0] ?? 0, { answer: '联系客服', kb: 'other' });
    await rig.knowledge.update(ids[1] ?? 0, { title: '订单怎么取消', phrases: ['不要了'] });
    await rig.knowledge.update(ids[2] ?? 0, { enabled: false });
    await rig.knowledge.addPhrase(ids[3] ?? 0, '开专票');
    await rig.knowledge.import(file('q,a\n甲方怎么联系,打电话\n乙方在哪,门口'));
    await rig.knowledge.import(file('q,a\n甲方怎么联系,发邮件'));
    await rig.knowledge.remove(ids[3] ?? 0);
    const before = await scores();
    await rig.reopen();
    expect(await scores()).toEqual(before);
  });

  it('is untouched by a change that failed', async () => {
    const [id = 0] = await addShop();
    const before = await scores();
    await expect(
      rig.knowledge.update(id, { title: '别的', phrases: ['x'.repeat(600)] }),
    ).rejects.toThrow('phrases');
    expect(await scores()).toEqual(before);
    await rig.reopen();
    expect(await scores()).toEqual(before);
  });

  it('is indexed anew when words are cut otherwise than before', async () => {
    await addShop();
    const before = await scores();
    await rig.db.transaction(async (tx) => {
      await tx.run(`UPDATE kb_meta SET value = '0' WHERE name = 'tokenizer'`);
      await tx.run('DELETE FROM kb_index WHERE rowid IN (SELECT id FROM kb_phrases)');
    });
    await rig.reopen();
    expect(await scores()).toEqual(before);
  });
});

describe('whether it answers', () => {
  it('is clear, a choice, or nothing', async () => {
    await addShop();
    await rig.knowledge.add({ kb: 'shop', title: '怎么取消预约', answer: '打电话' });
    const verdict = async (question: string) =>
      rig.knowledge.judge(await rig.knowledge.search(question));
    expect(await verdict('退款多久到账呀')).toMatchObject({
      ...{ kind: 'direct', entry: { answer: '三天' } },
    });
    const choice = await verdict('怎么取消');
    expect(choice).toMatchObject({ kind: 'suggest' });
    expect(choice.kind === 'suggest' && choice.options.length).toBeGreaterThan(1);
    expect(await verdict('给我讲个笑话')).toEqual({ kind: 'miss' });
    rig.knowledge.setThresholds({ direct: 1, suggest: 0.35, gap: 0 }, { shop: { direct: 0.2 } });
    expect(await verdict('退款呢')).toMatchObject({ kind: 'direct' });
    rig.knowledge.setThresholds({ direct: 1, suggest: 0.35, gap: 0 }, {});
    expect(await verdict('退款多久到账')).toMatchObject({ kind: 'direct' });
    expect(await verdict('退款多久到账的')).toMatchObject({ kind: 'suggest' });
  });

  it('counts what asks or says the same under two sources as one', async () => {
    const text = shop.map(([title, answer, phrase]) => `${title},${answer},${phrase}`).join('\n');
    await rig.knowledge.import(file(`q,a,indexes\n${text}`));
    const again = { source: 'import/shop.csv' };
    const report = await rig.knowledge.import(file(`q,a,indexes\n${text}`, again));
    expect(report).toMatchObject({
      ...{ added: 4, repeated: [{ source: 'file/shop.csv', entries: 4 }] },
    });
    const { verdict, found } = await rig.knowledge.hitTest('退款多久可以到账呀');
    expect(found[0]?.score).toBe(found[1]?.score);
    expect(verdict).toMatchObject({ kind: 'direct', answer: '三天' });
    const choice = rig.knowledge.judge(await rig.knowledge.search('订单'));
    const titles = choice.kind === 'suggest' ? choice.options.map(({ entry }) => entry.title) : [];
    expect(new Set(titles).size).toBe(titles.length);
    expect(await rig.knowledge.removeAll({ source: 'file/shop.csv' })).toBe(4);
    expect(await rig.knowledge.removeAll({ kb: 'other' })).toBe(0);
    expect(await rig.knowledge.bases()).toMatchObject([{ kb: 'shop', entries: 4 }]);
    expect(await rig.knowledge.removeAll({ kb: 'shop' })).toBe(4);
  });

  it('is explained: words, candidates, scores', async () => {
    await addShop();
    const trial = await rig.knowledge.hitTest('怎么曲消订单');
    expect(trial).toMatchObject({
      ...{ corrected: '怎么取消订单', thresholds: { direct: 0.5, suggest: 0.35, gap: 0.05 } },
      ...{ verdict: { kind: 'direct', entry: { title: '怎么取消订单' } } },
    });
    expect(trial.words).toContain('取消');
    // How the index marks what a word means is its own business.
    expect((await rig.knowledge.hitTest('网络不通怎么办')).words.join('')).not.toContain('ʘ');
    expect(trial.candidates).toBeGreaterThan(0);
  });
});

describe('questions without an answer', () => {
  it('are counted, each once, the most asked first; one call answers them', async () => {
    const [id = 0] = await addShop();
    const { unanswered } = rig.knowledge;
    for (const question of ['可以代收吗', '可以 代收吗？', '几点关门', '？？？']) {
      await unanswered.note(question, 'chat-1');
    }
    const [first, second, ...others] = await unanswered.list(undefined, 10);
    expect(first).toMatchObject({ question: '可以代收吗', count: 2, chat: 'chat-1' });
    expect(second).toMatchObject({ question: '几点关门', count: 1 });
    expect(others).toEqual([]);
    expect(await unanswered.list({ count: 2, id: first?.id ?? 0 }, 10)).toEqual([second]);

    expect(await rig.knowledge.answer(first?.id ?? 0, { entry: id })).toBe(id);
    expect(await titleFor('可以代收吗')).toBe('怎么修改收货地址');
    const draft = { kb: 'shop', answer: '九点' };
    const made = await rig.knowledge.answer(second?.id ?? 0, { draft });
    expect(await rig.knowledge.get(made)).toMatchObject({ title: '几点关门', answer: '九点' });
    expect(await unanswered.list(undefined, 10)).toEqual([]);
    await expect(rig.knowledge.answer(second?.id ?? 0, { draft })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('are none any more when an entry is asked for in their words', async () => {
    const { unanswered } = rig.knowledge;
    for (const question of ['几点关门', '几点开门', '有车位吗'])
      await unanswered.note(question, 'c');
    const { id } = await rig.knowledge.add({ kb: 'shop', title: '几点 关门？', answer: '九点' });
    await rig.knowledge.addPhrase(id, '有车位吗');
    await rig.knowledge.import(file('q,a,indexes\n营业时间,九点,几点开门\n'));
    expect(await unanswered.list(undefined, 10)).toEqual([]);
  });

  it('stay where the answer is refused, and are gone when they are dropped', async () => {
    const { unanswered } = rig.knowledge;
    await unanswered.note('几点关门', 'c');
    const [one] = await unanswered.list(undefined, 10);
    await expect(rig.knowledge.answer(one?.id ?? 0, { entry: 999 })).rejects.toThrow('999');
    expect(await unanswered.list(undefined, 10)).toHaveLength(1);
    await unanswered.drop(one?.id ?? 0);
    await unanswered.note('几点关门', 'c');
    expect(await unanswered.list(undefined, 10)).toEqual([]);
  });
});
