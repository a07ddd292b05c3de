import { expect, test } from 'vitest';
import { AppError } from '../../errors.ts';
import { checkSpec } from './check-spec.ts';
import { type PictureSpec, pictureLimits } from './picture-spec.ts';

const column = { label: '列' };
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
const chart = (value: unknown): PictureSpec => ({ chart: { series: [{ data: value }] } });

test.each<[field: string, code: string, spec: unknown]>([
  ['columns', 'field_missing', {}],
  ['columns', 'field_missing', { rows: [[1]] }],
  ['columns', 'too_large', { columns: Array(21).fill(column), rows: [] }],
  ['columns[1]', 'field_type', { columns: [column, null], rows: [] }],
  ['columns[0].label', 'field_type', { columns: [{ label: 5 }], rows: [] }],
  ['columns[0].kind', 'field_value', { columns: [{ ...column, kind: 'sum' }] }],
  ['columns[0].decimals', 'field_value', { columns: [{ ...column, decimals: 99 }] }],
  ['rows', 'too_large', { columns: [column], rows: Array(pictureLimits.rows + 1).fill(['']) }],
  ['rows', 'field_type', { columns: [column], rows: 'x' }],
  ['rows[1]', 'field_type', { columns: [column], rows: [['a'], 'b'] }],
  ['rows[0][0]', 'field_type', { columns: [column], rows: [[{ a: 1 }]] }],
  ['rows[0].a', 'field_type', { columns: [{ ...column, key: 'a' }], rows: [{ a: [] }] }],
  ['rows[0][0]', 'too_large', { columns: [column], rows: [['x'.repeat(2001)]] }],
  ['rows', 'too_large', { columns: [column], rows: Array(101).fill(['x'.repeat(2000)]) }],
  ['title', 'too_large', { title: 'x'.repeat(2001), columns: [column] }],
  ['html', 'too_large', { html: 'x'.repeat(pictureLimits.htmlChars + 1) }],
  ['html', 'field_value', { html: `<style>${'@media all{'.repeat(2000)}</style>` }],
  ['html', 'field_value', { html: '<svg><use href="#a"/></svg>' }],
  ['html', 'field_value', { html: '<img src="data:image/svg+xml,x">' }],
  ['width', 'field_value', { columns: [column], width: 5000 }],
  ['timezone', 'field_value', { columns: [column], timezone: 'Mars/Base' }],
  ['theme', 'field_value', { columns: [column], theme: 'pink' }],
  ['chartHeight', 'field_value', { chart: {}, chartHeight: 1e9 }],
  ['chart', 'field_type', { chart: [] }],
  ['chart', 'too_large', chart(Array(pictureLimits.chartValues).fill(1))],
  ['chart', 'too_large', chart('x'.repeat(pictureLimits.chartChars + 1))],
  ['chart.series[0].data', 'field_type', chart(() => 1)],
  ['chart.series[0].data.symbol', 'field_value', chart({ symbol: ' image://http://a/b.png' })],
])('%s: %s', (field, code, spec) => {
  let thrown: unknown;
  try {
    checkSpec(spec as PictureSpec);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(AppError);
  expect(thrown).toMatchObject({ field, code, text: { zh: expect.any(String) } });
});

test('a chart may not nest without end', () => {
  expect(() => checkSpec(chart(nested(1000)))).toThrow('JSON');
  expect(checkSpec(chart(nested(10))).chart).toBeDefined();
});

test('rows of names and rows of places are the same; what no column shows is left out', () => {
  const columns = [
    { label: '甲', key: 'a' },
    { label: '乙', key: 'constructor' },
  ];
  const { rows } = checkSpec({ columns, rows: [{ a: 1, c: 'gone' } as never, [1, null, 'gone']] });
  expect(rows).toEqual([
    [1, null],
    [1, null],
  ]);
});
