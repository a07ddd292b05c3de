import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { details } from './automation/sends/details.ts';
import { reasonSayings } from './automation/sends/reason-sayings.ts';
import { reasons } from './automation/sends/reasons.ts';
import { knownSayings } from './known-sayings.ts';
import { plainSayings } from './plain-sayings.ts';
import { ReportFault } from './reports/report-fault.ts';
import { Sayings } from './sayings.ts';

it('tells what was told in one language in the other', () => {
  const texts = [
    reasons.roomAbsent,
    reasons.noEcho(120),
    reasons.breaker(1_795_361_708_014),
    reasons.ambiguousRoom(['a@chatroom', 'b@chatroom']),
    reasons.partsLeft('x', 1, 3),
    reasons.otherAccount('wxid_1'),
  ];
  for (const { zh, en } of texts) {
    expect(knownSayings.in('en', zh)).toBe(en);
    expect(knownSayings.in('zh', en)).toBe(zh);
    expect(knownSayings.in('zh', zh)).toBe(zh);
    expect(knownSayings.in('en', en)).toBe(en);
  }
});

it('tells a reason within a reason too, and leaves alone what is not ours', () => {
  const at = 1_795_361_708_014;
  const zh = reasons.tryAgainAt(at, '内网地址，不允许访问').zh;
  expect(knownSayings.in('en', zh)).toBe(reasons.tryAgainAt(at, 'a private address').en);
  expect(knownSayings.in('zh', 'WeChat refused it: ret=-2, 未知')).toBe('微信拒绝：ret=-2, 未知');
  const fault = new ReportFault('source', 'HTTP erp', {
    zh: '内网地址，不允许访问',
    en: 'a private address',
  });
  expect(fault.say('zh')).toBe('数据源 HTTP erp：内网地址，不允许访问');
  expect(knownSayings.in('en', fault.say('zh'))).toBe(fault.say('en'));
  for (const foreign of ['ENOSPC: no space left on device', '你好', '', 'a: b', '{0}', '（）']) {
    expect(knownSayings.in('zh', foreign)).toBe(foreign);
    expect(knownSayings.in('en', foreign)).toBe(foreign);
  }
});

it('leaves names within a step of a send as they are', () => {
  const { zh, en } = details.handed({ name: 'offline', attempt: 1 });
  expect(knownSayings.in('zh', en)).toBe(zh);
  expect(knownSayings.in('en', zh)).toBe(en);
});

it('tells warnings of health, several in one', () => {
  expect(knownSayings.in('zh', 'bots: 6 of 7 cannot send')).toBe('7 个机器人中有 6 个不能发送');
  expect(
    knownSayings.in(
      'zh',
      'chatbot: knowledge files cannot be read (2); rule 价格: there is no desk 7',
    ),
  ).toBe('智能应答：2 个知识文件无法读取；rule 价格: there is no desk 7');
});

it('knows every sentence in both languages, each with the same parts', () => {
  const places = (text: string): string[] => [...new Set(text.match(/\{\d\}/g) ?? [])].sort();
  for (const { zh, en } of [...reasonSayings, ...plainSayings]) {
    expect(places(zh), zh).toEqual(places(en));
    expect(zh, zh).toMatch(/[\u4e00-\u9fff]|\{0\}/);
    expect(en, en).not.toMatch(/[\u4e00-\u9fff]/);
    expect(`${zh}${en}`).not.toMatch(/‹|900000|1970/);
  }
});

it('finds what is plain English in the sources, so that it is not reworded alone', () => {
  const sources = globSync(['bot/**/*.ts', 'api/**/*.ts'])
    .filter((file) => !file.includes('.test.') && !file.endsWith('plain-sayings.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  // Of sentences with parts, and of those put together from a part's name, the longest piece.
  const missing = plainSayings
    .map(({ en }) =>
      en
        .replace(/^[a-z]+: ?/, '')
        .split(/\{\d\}/)
        .reduce((a, b) => (b.length > a.length ? b : a), '')
        .trim(),
    )
    .filter((piece) => piece.length > 0 && !sources.includes(piece));
  expect(missing).toEqual([]);
});

it('is not slowed down by a hostile sentence', () => {
  const sayings = [...reasonSayings, ...plainSayings];
  const told = new Sayings(sayings);
  // Of every sentence what comes between its parts, over and over, and an end that fits nothing.
  const hostile = sayings.flatMap(({ zh, en }) => {
    return [zh, en].map((text) => {
      const [start = '', ...pieces] = text.split(/\{\d\}/);
      const piece = `x${pieces.join('x')}`;
      return `${`${start}${piece.repeat(2000)}`.slice(0, 1998)}x!`;
    });
  });
  // The quickest of three: another process may have had the core meanwhile.
  const costs = hostile.map((one) => {
    const tries = [1, 2, 3].map(() => {
      const began = performance.now();
      told.in('en', one);
      return performance.now() - began;
    });
    return Math.min(...tries);
  });
  expect(Math.max(...costs)).toBeLessThan(40);
});

it('finds parts by the shortest way, the last piece at the end', () => {
  const told = new Sayings([
    { zh: '{1}里有 {0}。', en: '{0} is in {1}.' },
    { zh: '{0}、{0}', en: '{0} and {0}' },
  ]);
  expect(told.in('zh', 'a is in b is in c.')).toBe('b is in c里有 a。');
  expect(told.in('en', '.。里有 b。。')).toBe('b。 is in .。.');
  expect(told.in('zh', 'a and a')).toBe('a、a');
  for (const foreign of ['a is in .', ' is in b.', 'a is in b', 'a and b', 'is in']) {
    expect(told.in('zh', foreign)).toBe(foreign);
  }
});
