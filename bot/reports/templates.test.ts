import { describe, expect, test } from 'vitest';
import { pickFrom } from './pick.ts';
import { readTable } from './rows.ts';
import { scopeOf } from './scope.ts';
import { Templates, tableText } from './templates.ts';
import { widthOf } from './text-table.ts';
import { workshop } from './workshop.ts';

const style = { zone: 'Asia/Shanghai', language: 'zh' as const };
const templates = new Templates({ ...style, columns: [{ key: 'n', label: '数', kind: 'number' }] });
const slot = Date.parse('2026-11-22T01:00:00Z');
const occasion = { name: 't', slot, previous: undefined, now: slot, zone: 'Asia/Shanghai' };

describe('helpers', () => {
  test.each([
    ['{{ 1234567.891 | number }}', '1,234,567.89'],
    ['{{ 0.12345 | percent }} {{ 0.5 | percent: 0 }}', '12.3% 50%'],
    ['{{ "x" | number }}{{ nothing | number }}', 'x'],
    ['{{ slot | moment }} {{ slot | weekday }}', '2026-11-22 09:00 星期日'],
    [
      '{{ slot | date: "%m-%d %H:%M" }} {{ slot | clock }} {{ slot | day }}',
      '11-22 09:00 09:00 2026-11-22',
    ],
    ['{{ yesterday }} {{ day }} {{ from | moment }}', '2026-11-21 2026-11-22 2026-11-21 09:00'],
    ['[{{ "中文" | pad: 6 }}][{{ 1 | pad: 3, "right" }}]', '[中文  ][  1]'],
    ['{{ rows | table: "n" }}', '    数\n12,345\n     6'],
    ['{{ rows | map: "n" | sum }}', '12351'],
  ])('%s', (template, text) => {
    const scope = { ...scopeOf(occasion), rows: [{ n: 12345 }, { n: 6 }] };
    expect(templates.render(template, scope)).toBe(text);
  });

  // Whatever the process's own zone is, at most one of them is it.
  test.each(['Asia/Shanghai', 'America/New_York', 'Pacific/Apia'])(
    'a time without a zone is one of the report (%s)',
    (zone) => {
      const when = { key: 'at', kind: 'date' } as const;
      const there = new Templates({ zone, language: 'en', columns: [when] });
      const scope = { ...scopeOf({ ...occasion, zone }), at: '2026-11-22 23:30:00' };
      const say = (template: string): string => there.render(template, scope);
      expect(say('{{ at | day }} {{ at | clock }} {{ at | weekday }}')).toBe(
        '2026-11-22 23:30 Sunday',
      );
      expect(say('{{ at | moment }}, {{ at | date: "%d %H" }}')).toBe('2026-11-22 23:30, 22 23');
      expect(say('{{ "2026-11-22" | weekday }} {{ "2026-11-22" | date: "%d" }}')).toBe('Sunday 22');
      expect(say('{{ "2026/3/1 0:05" | moment }} {{ "2026-02-30" | day }}')).toBe(
        '2026-03-01 00:05 ',
      );
      expect(say('{{ 0 | date: "%Y" }}{{ "0" | date: "%Y" }}')).toMatch(/^(1969|1970){2}$/);
      for (const at of ['2026-11-22', '2026-11-22T00:30', '2026-11-22 23:30:00.123456']) {
        expect(tableText([{ at }], [when], { zone, language: 'en' })).toBe('at\n2026-11-22');
      }
    },
  );

  test('tables are aligned with signs of any width', () => {
    const rows = [
      { 名称: '上海👍', n: 12 },
      { 名称: 'Ab', n: null },
    ];
    const lines = tableText(rows, undefined, style).split('\n');
    expect(lines).toEqual(['名称     n', '上海👍  12', 'Ab       -']);
    expect(new Set(lines.map(widthOf)).size).toBe(1);
    expect(tableText([], undefined, style)).toBe('（无数据）');
  });
});

describe('a template reaches what it is given, nothing else', () => {
  test.each([
    '{{ rows.constructor }}{{ rows.__proto__ }}{{ "" | constructor }}',
    '{% include "/etc/passwd" %}',
    '{% render "x" %}',
    '{% layout "../package.json" %}',
  ])('%s', (template) => {
    let text = '';
    try {
      text = templates.render(template, { rows: [] });
    } catch {
      // Refused is as well.
    }
    expect(text).toBe('');
  });

  test.each([
    ['{% for a in (1..1000000000) %}{{ a }}{% endfor %}', /limit/],
    [
      '{% assign x = "xxxxxxxxxx" %}{% for a in (1..40) %}{% assign x = x | append: x %}{% endfor %}',
      /limit/,
    ],
    ['x'.repeat(300_000), /limit/],
  ])('bounds hold', (template, fault) => {
    const began = performance.now();
    expect(() => templates.render(template, {})).toThrow(fault);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('what goes on for long holds nobody up, and is given up', async () => {
    const text =
      '{% for a in (1..9999) %}{% for b in (1..9999) %}{{ a | times: b }}{% endfor %}{% endfor %}';
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const job = { occasion, language: 'en' as const, raw: { rows: [], truncated: false }, text };
    const rest = { sendIf: undefined, title: undefined, footer: undefined, columns: undefined };
    const work = workshop.write({ ...job, ...rest }, new AbortController().signal);
    await expect(work).rejects.toThrow(/in text: it goes on for more than 3 s/);
    clearInterval(timer);
    expect(longest).toBeLessThan(1000);
  });
});

describe('ways into data', () => {
  const data = { list: [{ a: [1, 2] }, { a: [3] }], 'a key': { b: 4 } };
  test.each([
    ['list[0].a', [1, 2]],
    ['$.list[-1].a[0]', 3],
    ['list[*].a', [1, 2, 3]],
    ["['a key'].b", 4],
  ])('%s', (path, found) => {
    expect(pickFrom(data, path)).toEqual(found);
  });

  test.each(['list.length', 'toString', '__proto__', 'list[*', 'a b'])('not %s', (path) => {
    expect(() => pickFrom(data, path)).toThrow();
  });

  test('a table of text: numbers are numbers, names with digits stay names', () => {
    const { rows } = readTable(
      Buffer.from('\ufeffid,n,"a ""b"""\n007,-1.5,x\n12345678901234567890,,"1\n2"\n'),
    );
    expect(rows).toEqual([
      { id: '007', n: -1.5, 'a "b"': 'x' },
      { id: '12345678901234567890', n: null, 'a "b"': '1\n2' },
    ]);
  });
});
