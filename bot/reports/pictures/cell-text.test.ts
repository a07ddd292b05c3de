import { expect, test } from 'vitest';
import { createCellWriter } from './cell-text.ts';
import type { Cell, Column } from './picture-spec.ts';

const zh = { language: 'zh', timezone: 'Asia/Shanghai' } as const;
const noon = Date.UTC(2026, 2, 1, 4, 5, 6);

test.each<[Partial<Column>, Cell, string]>([
  [{}, 'a < b', 'a < b'],
  [{}, null, '–'],
  [{}, '', ''],
  [{}, true, '是'],
  [{ kind: 'number' }, 1234567.891, '1,234,567.89'],
  [{ kind: 'number' }, -5, '−5'],
  [{ kind: 'number', decimals: 2 }, 3, '3.00'],
  // Longer than a number is exact.
  [{ kind: 'number' }, '12345678901234567890.12', '12,345,678,901,234,567,890.12'],
  [{ kind: 'number' }, Number.NaN, 'NaN'],
  [{ kind: 'number' }, '未知', '未知'],
  [{ kind: 'percent' }, 0.12345, '12.3%'],
  [{ kind: 'percent', decimals: 0 }, 1, '100%'],
  [{ kind: 'delta' }, 12, '↑ +12'],
  [{ kind: 'delta' }, -12.5, '↓ −12.5'],
  [{ kind: 'delta' }, 0, '0'],
  [{ kind: 'delta', percent: true }, -0.041, '↓ −4.1%'],
  [{ kind: 'date' }, noon, '2026-03-01'],
  [{ kind: 'date', show: 'time' }, noon, '12:05:06'],
  [{ kind: 'date', show: 'datetime' }, '2026-03-01T04:05:06Z', '2026-03-01 12:05'],
  [{ kind: 'date' }, '2026-02-30T09:00Z', '2026-02-30T09:00Z'],
  // Of which zone it is, nobody knows.
  [{ kind: 'date' }, '2026-03-01 23:00:00', '2026-03-01 23:00:00'],
  [{ kind: 'date' }, 1e300, '1e+300'],
  [{ kind: 'bar' }, 7, '7'],
])('%j %j is %j', (column, cell, text) => {
  expect(createCellWriter({ label: '', ...column }, zh)(cell).text).toBe(text);
});

test('a delta knows where it goes, a bar how long it is', () => {
  const delta = createCellWriter({ label: '', kind: 'delta' }, zh);
  expect([3, 0, -3].map((cell) => delta(cell).trend)).toEqual([1, 0, -1]);
  expect(createCellWriter({ label: '', kind: 'bar' }, zh)('7.5').value).toBe(7.5);
});
