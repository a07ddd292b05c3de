import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createKnowledgeRig, type KnowledgeRig } from '../../tests/support/knowledge-rig.ts';
import type { ImportOptions } from './knowledge-import.ts';

let rig: KnowledgeRig;
beforeEach(async () => {
  rig = await createKnowledgeRig();
});
afterEach(() => rig.close());

const file = (text: string, more: Partial<ImportOptions> = {}): ImportOptions => ({
  ...{ format: 'csv', kb: 'shop', source: 'file/shop.csv', replace: true, name: 'shop' },
  ...more,
  text,
});
const none = {
  added: 0,
  changed: 0,
  unchanged: 0,
  removed: 0,
  faulty: 0,
  faults: [],
  repeated: [],
};

it('the same file twice is the same entries; a changed one changes what it says', async () => {
  const first = 'q,a,indexes\n甲怎么用,这样,用甲\n乙在哪里,那里,\n丙几点开,九点,\n';
  expect(await rig.knowledge.import(file(first))).toEqual({ ...none, added: 3 });
  const before = await rig.knowledge.list({}, 0, 10);
  expect(await rig.knowledge.import(file(first))).toEqual({ ...none, unchanged: 3 });
  expect(await rig.knowledge.list({}, 0, 10)).toEqual(before);

  const second = 'q,a,indexes\n甲怎么用,那样,甲的用法\n乙在哪里,那里,\n丁多少钱,一块,\n';
  const report = { ...none, added: 1, changed: 1, unchanged: 1, removed: 1 };
  expect(await rig.knowledge.import(file(second))).toEqual(report);
  const after = await rig.knowledge.list({}, 0, 10);
  expect(after.map(({ id, title }) => [id, title])).toEqual([
    ...[
      [1, '甲怎么用'],
      [2, '乙在哪里'],
    ],
    [4, '丁多少钱'],
  ]);
  expect(after[0]).toMatchObject({ answer: '那样', phrases: [{ text: '甲的用法' }] });
});

it('what operators have added stays, while the file says the same and when it changes', async () => {
  await rig.knowledge.import(file('q,a,indexes\n甲怎么用,这样,用甲\n'));
  await rig.knowledge.addPhrase(1, '甲咋整');
  await rig.knowledge.update(1, { answer: '改过' });
  await rig.knowledge.import(file('q,a,indexes\n甲怎么用,这样,用甲\n'));
  expect(await rig.knowledge.get(1)).toMatchObject({ answer: '改过' });
  await rig.knowledge.import(file('q,a,indexes\n甲怎么用,新的,甲的用法\n'));
  const entry = await rig.knowledge.get(1);
  expect(entry).toMatchObject({ answer: '新的' });
  expect(entry?.phrases.map(({ text, added }) => [text, added])).toEqual([
    ['甲咋整', true],
    ['甲的用法', false],
  ]);
});

it('lines at fault are left out and told; then nothing is removed', async () => {
  await rig.knowledge.import(file('q,a\n甲,一\n乙,二\n'));
  const report = await rig.knowledge.import(file('q,a\n甲,一\n,三\n甲,四\n？,五\n'));
  expect(report).toMatchObject({ unchanged: 1, removed: 0, faulty: 3 });
  expect(report.faults.map(({ line, text }) => [line, text.en])).toEqual([
    [3, 'there is no question'],
    [4, 'this question is there twice'],
    [5, 'title: must hold letters or digits'],
  ]);
  expect(await rig.knowledge.list({}, 0, 10)).toHaveLength(2);
});

it('sources do not touch each other, nor what operators wrote', async () => {
  await rig.knowledge.add({ kb: 'shop', title: '甲', answer: '手写' });
  await rig.knowledge.import(file('q,a\n甲,一\n', { source: 'a' }));
  await rig.knowledge.import(file('q,a\n甲,二\n', { source: 'b' }));
  await rig.knowledge.import(file('q,a\n乙,三\n', { source: 'a' }));
  const entries = await rig.knowledge.list({}, 0, 10);
  expect(entries.map(({ source, answer }) => [source, answer])).toEqual([
    ...[
      ['admin', '手写'],
      ['b', '二'],
    ],
    ['a', '三'],
  ]);
});

it('a document becomes parts that are found by what they say', async () => {
  const text = '# 手册\n## 退货\n七天内可以退，邮费自理。\n## 保修\n整机保修一年。';
  await rig.knowledge.import(file(text, { format: 'markdown', kb: 'book' }));
  const [found] = await rig.knowledge.search('邮费谁出');
  expect(found?.entry).toMatchObject({ kind: 'doc', title: '手册 › 退货' });
});

it('an import of thousands holds nobody up', async () => {
  const lines = Array.from({ length: 3000 }, (_, at) => `第${at}号产品怎么安装,看第${at}页,`);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const importing = rig.knowledge.import(file(`q,a,indexes\n${lines.join('\n')}`));
  let others = 0;
  let done = false;
  void importing.finally(() => {
    done = true;
  });
  while (!done) {
    await rig.db.transaction((tx) => tx.run('UPDATE kb_meta SET value = value'));
    others += 1;
  }
  delay.disable();
  expect(await importing).toMatchObject({ added: 3000 });
  // In slices of a few milliseconds: other transactions came in between, some hundred of them.
  expect(others).toBeGreaterThan(50);
  // On an idle machine 8 ms; a machine that does other things besides adds its own.
  expect(delay.percentile(90) / 1e6).toBeLessThan(50);
});

it('what changes leave in the index is merged behind them', async () => {
  const parts = async (): Promise<number> => {
    const rows = await rig.db.read<{ count: number }>(
      'SELECT count(DISTINCT segid) AS count FROM kb_index_idx',
    );
    return Number(rows[0]?.count);
  };
  for (let at = 0; at < 40; at++) {
    await rig.knowledge.add({ kb: 'shop', title: `第${at}号怎么安装`, answer: '看说明书' });
  }
  await rig.knowledge.stop();
  expect(await parts()).toBeLessThan(12);
  const [found] = await rig.knowledge.search('第7号怎么安装');
  expect(found?.entry.title).toBe('第7号怎么安装');
});

it('a question of nothing but common words finds who holds all of them, however old', async () => {
  const common = Array.from({ length: 2400 }, (_, at) => `怎么用${at}甲,一`);
  const lines = ['甲怎么配乙,零', ...common, ...common.map((line) => line.replace('甲', '乙'))];
  await rig.knowledge.import(file(`q,a\n${lines.join('\n')}`));
  const trial = await rig.knowledge.hitTest('乙甲');
  expect(trial.words).toEqual(['乙', '甲']);
  expect(trial.found[0]?.entry.title).toBe('甲怎么配乙');
});
