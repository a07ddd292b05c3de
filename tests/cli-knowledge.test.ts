import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
let local: Record<string, string>;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-cli-kb-'));
  running = await startDaemon({ bots: [], chatbot: { starter: false } });
  local = { WXRC_DATA: running.dataDir, LANG: 'en_US.UTF-8' };
});
afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true, force: true });
});

async function says(...args: string[]): Promise<string> {
  const { code, out, err } = await runInProcess(args, local);
  expect([args, code, err]).toEqual([args, 0, '']);
  return out.trimEnd().replaceAll(/ +/g, ' ').replaceAll(/ +\n/g, '\n');
}

async function fails(code: number, said: RegExp, ...args: string[]): Promise<void> {
  const result = await runInProcess(args, local);
  expect(result.code).toBe(code);
  expect(result.err).toMatch(said);
}

test('a knowledge base: import, list, show, test, edit, phrase, export, remove', async () => {
  const file = join(folder, 'shop.csv');
  writeFileSync(file, 'q,a,indexes\n怎么退货,"七天内,可退",我要退货|退掉\n几点开门,九点,\n');
  expect(await says('kb', 'import', file)).toBe(
    '2 added, 0 changed, 0 unchanged, 0 removed, 0 at fault',
  );
  expect(await says('kb', 'import', file)).toMatch(/^0 added, 0 changed, 2 unchanged/);
  expect(await says('kb', 'list')).toBe('KB ENTRIES ENABLED\nshop 2 2');
  expect(await says('kb', 'list', '--find', '退货')).toMatch(
    /\n1 shop 怎么退货 2 0 yes import\/shop\.csv$/,
  );
  expect(await says('kb', 'test', '我想退货')).toMatch(/^direct .*\n1\.000|0\.\d+ 1 shop 怎么退货/);
  expect(await says('kb', 'add', 'shop', '--question', '停车收费吗', '--answer', '不收')).toBe(
    'entry 3 added',
  );
  expect(await says('kb', 'edit', '3', '--answer', '免费', '--disable')).toBe('entry 3 changed');
  expect(await says('kb', 'phrase', '3', '要停车费吗')).toBe('added');
  expect(await says('kb', 'show', '3')).toBe('3 shop admin -\n? 停车收费吗\n? 要停车费吗 +\n免费');
  const copy = join(folder, 'copy.csv');
  expect(await says('kb', 'export', copy, '--kb', 'shop')).toBe('3 entries written');
  expect(readFileSync(copy, 'utf8')).toBe(
    'q,a,indexes,tags\n怎么退货,"七天内,可退","我要退货\n退掉",\n几点开门,九点,,\n停车收费吗,免费,要停车费吗,\n',
  );
  expect(await says('kb', 'import', copy, '--kb', 'second')).toMatch(/^3 added/);
  expect((await runInProcess(['kb', 'import', copy, '--kb', 'third'], local)).out).toMatch(
    /^0 added, 3 changed.*\n {2}\d are the same as in import\/shop.csv/,
  );
  await fails(2, /--source/, 'kb', 'remove', '--yes');
  await fails(2, /--yes/, 'kb', 'remove', '--kb', 'third');
  const { out } = await runInProcess(['kb', 'list', '--kb', 'third', '--limit', '2'], local);
  expect(out.trim().split('\n')).toHaveLength(3);
  const listed = await runInProcess(['kb', 'list', '--kb', 'third', '--limit', '2'], local);
  expect(listed.err).toContain('there are more');
  const chinese = await runInProcess(['kb', 'list', '--kb', 'third', '--lang', 'zh'], local);
  expect(chinese.out).toMatch(/问题 +其他问法 +命中 +启用 +来源/);
  expect(await says('kb', 'remove', '--kb', 'third', '--yes')).toBe('3 entries removed');
  const own = await runInProcess(['kb'], local);
  expect([own.code, own.out]).toEqual([2, expect.stringContaining('kb import')]);
  await fails(2, /--yes/, 'kb', 'remove', '3');
  expect(await says('kb', 'remove', '3', '--yes')).toBe('entry 3 removed');
  await fails(1, /there is no entry 3|没有条目 3/, 'kb', 'show', '3');
  writeFileSync(file, 'q,a\n,无题\n');
  const faulty = await runInProcess(['kb', 'import', file], local);
  expect([faulty.code, faulty.out]).toEqual([1, expect.stringContaining('2: ')]);
});

test('a command line at fault is told in the language of its reader', async () => {
  const said = async (...args: string[]): Promise<string> =>
    (await runInProcess([...args, '--lang', 'zh'], local)).err.trim();
  expect(await said('rule', 'add', 'x', '--color')).toBe(
    'wxrc: 没有选项 --color（wxrc help rule add）',
  );
  expect(await said('kb', 'remove', '1', '--kb')).toMatch(/^wxrc: 选项 --kb 需要一个值/);
  expect(await said('kb', 'remove', '1', '--yes=1')).toMatch(/^wxrc: 选项 --yes 不带值/);
  await fails(2, /there is no option --nope/, 'kb', 'list', '--nope');
});

test('rules: add, list, test, remove', async () => {
  const rule = ['--pattern', '营业时间', '--text', '九点', '--priority', '3'];
  expect(await says('rule', 'add', 'hours', ...rule)).toBe('rule 1 added');
  expect(await says('rule', 'list')).toMatch(
    /\n1 hours contains 营业时间 3 text 九点 0 yes admin$/,
  );
  expect(await says('rule', 'test', '营业时间？')).toBe('→ 1 hours text 九点');
  expect(await says('rule', 'test', '别的')).toBe('no rule matches');
  await fails(2, /--pattern/, 'rule', 'add', 'x');
  const evil = ['--kind', 'regex', '--pattern', '(a)\\1', '--text', 'x'];
  await fails(1, /反向引用|back references/, 'rule', 'add', 'evil', ...evil);
  expect(await says('rule', 'remove', '1', '--yes')).toBe('rule 1 removed');
});

test('rules: edited, switched off and on; cards, bots; one name, one rule', async () => {
  await says('rule', 'add', 'shop', '--pattern', '地址', '--text', '一号楼', '--botcode', 'bot01');
  await fails(1, /shop/, 'rule', 'add', 'shop', '--pattern', '别的', '--text', 'x');
  const id = /(\d+) shop/.exec(await says('rule', 'list'))?.[1] ?? '';
  expect(await says('rule', 'test', '地址')).toBe('no rule matches');
  expect(await says('rule', 'test', '地址', '--bot', 'bot01')).toContain('一号楼');
  const card = {
    appid: 'wx1',
    username: 'gh_1@app',
    title: '店铺',
    pagePath: 'p',
    thumbUrl: 'https://x.test/a.png',
  };
  expect(await says('rule', 'edit', id, '--card', JSON.stringify(card))).toContain('changed');
  expect(await says('rule', 'test', '地址', '--bot', 'bot01')).toContain('card 店铺');
  expect(await says('rule', 'disable', id)).toContain('off');
  expect(await says('rule', 'test', '地址', '--bot', 'bot01')).toBe('no rule matches');
  expect(await says('rule', 'enable', id)).toContain('on');
  // As `roomSendApp` spells it, too.
  const { pagePath: pagepath, thumbUrl: thumbnailUrl, ...rest } = card;
  const wired = JSON.stringify({ ...rest, pagepath, thumbnailUrl });
  expect(await says('rule', 'edit', id, '--card', wired)).toContain('changed');
  await fails(2, /JSON/, 'rule', 'edit', id, '--card', '{');
  await says('rule', 'remove', id, '--yes');
});

test('unanswered questions: list, answer, drop', async () => {
  const { unanswered } = running.daemon.core.chatbot.knowhow.knowledge;
  await unanswered.note('可以代收快递吗', 'c');
  await unanswered.note('有充电宝吗', 'c');
  expect(await says('unanswered', 'list')).toBe(
    'ID COUNT QUESTION\n2 1 有充电宝吗\n1 1 可以代收快递吗',
  );
  expect(await says('unanswered', 'answer', '1', '--kb', 'desk', '--answer', '可以')).toMatch(
    /^question 1 is answered by entry \d+$/,
  );
  expect(await says('unanswered', 'drop', '2')).toBe('question 2 dropped');
  expect(await says('kb', 'test', '能代收快递吗')).toMatch(/^direct/);
});
