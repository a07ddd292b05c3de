import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitText } from './split.ts';

describe('a long text', () => {
  test('within the limit stays as it is', () => {
    expect(splitText('short')).toEqual(['short']);
    expect(splitText('a'.repeat(2000))).toHaveLength(1);
    expect(splitText('')).toEqual(['']);
  });

  test('is cut at line ends, else at blanks, else at the limit', () => {
    expect(splitText('aaaaaa\nbbbb\ncc', 12)).toEqual(['aaaaaa\nbbbb', 'cc']);
    expect(splitText('aaaaaaaa\r\nbbbb', 10)).toEqual(['aaaaaaaa', 'bbbb']);
    expect(splitText('aaaaaa bbbb cc', 12)).toEqual(['aaaaaa bbbb', 'cc']);
    expect(splitText('a\nbbbbbbbbbbbb', 8)).toEqual(['a\nbbbbbb', 'bbbbbb']);
    expect(splitText('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  });

  test('is cut behind a sentence rather than in it', () => {
    expect(splitText('一二三四五。六七八九十', 10)).toEqual(['一二三四五。', '六七八九十']);
    expect(splitText('他说“好。”然后走了呢', 8)).toEqual(['他说“好。”', '然后走了呢']);
    expect(splitText('One two. Three four', 12)).toEqual(['One two.', 'Three four']);
    expect(splitText('v1.2.3.4.5.6.7', 8)).toEqual(['v1.2.3.4', '.5.6.7']);
  });

  test('keeps what the reader sees as one sign together', () => {
    expect(splitText('aaa😀bbb', 4)).toEqual(['aaa', '😀bb', 'b']);
    const family = '👨‍👩‍👧';
    expect(splitText(`aaaaaaa${family}`, 10)).toEqual(['aaaaaaa', family]);
    expect(splitText('aaae\u0301b', 4)).toEqual(['aaa', 'e\u0301b']);
    expect(splitText('aaa👍🏽b', 6)).toEqual(['aaa', '👍🏽b']);
  });

  test('leaves blank parts out, but never everything', () => {
    expect(splitText(`aaaa${' '.repeat(20)}`, 6)).toEqual(['aaaa  ']);
    expect(splitText(' '.repeat(20), 6).join('').trim()).toBe('');
    expect(splitText(' '.repeat(20), 6)).toHaveLength(1);
  });

  test('loses nothing but blanks, whatever it holds', () => {
    const text = fc.array(
      fc.constantFrom('a', '中', '😀', '\n', ' ', '\r\n', 'e\u0301', '👨‍👩‍👧', '\u200d', '🏽'),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 40 }), (pieces, limit) => {
        const whole = pieces.join('');
        const parts = splitText(whole, limit);
        expect(parts.join('').replace(/\s/g, '')).toBe(whole.replace(/\s/g, ''));
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(limit);
          expect(part.isWellFormed()).toBe(true);
        }
        expect(splitText(whole, limit)).toEqual(parts);
      }),
      { numRuns: 500 },
    );
  });
});
