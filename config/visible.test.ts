import { expect, test } from 'vitest';
import { visible, visibleJson, visibleLine } from './visible.ts';

const all = Array.from({ length: 0x2100 }, (_none, code) => String.fromCharCode(code)).join('');

test('no control character of either range, and no override of direction, is left', () => {
  for (const text of [visible(all), visibleLine(all), visibleJson(all)]) {
    expect(text.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  }
  expect(visible('a\x1b]0;x\x07b\x9b2J\u202e\x7f')).toBe('a\\x1b]0;x\\x07b\\x9b2J\\u202e\\x7f');
  expect(visible('测试 😀 é\u0301 ‍👩‍👧')).toBe('测试 😀 é\u0301 ‍👩‍👧');
});

test('lines stay lines, or become one', () => {
  expect(visible('a\r\nb\n\tc\rd')).toBe('a\nb\n\tc\\x0dd');
  expect(visibleLine(' a\r\nb\u2028c\rd ')).toBe(' a b c d ');
});

test('JSON says exactly the same', () => {
  expect(JSON.parse(visibleJson({ [all]: [all] }))).toEqual({ [all]: [all] });
  expect(visibleJson('\x9b\x7f\u202e\n')).toBe('"\\u009b\\u007f\\u202e\\n"');
});
