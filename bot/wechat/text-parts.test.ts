import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textBytes, textParts } from './text-parts.ts';

const bytes = (text: string): number => Buffer.byteLength(text);

it('a text that fits is one part', () => {
  expect(textParts('')).toEqual(['']);
  expect(textParts('a'.repeat(2048))).toEqual(['a'.repeat(2048)]);
  expect(textParts('字'.repeat(682))).toHaveLength(1);
});

it('cuts by bytes, between characters', () => {
  expect(textParts('字'.repeat(683)).map(bytes)).toEqual([2046, 3]);
  expect(textParts('😀'.repeat(513)).map(bytes)).toEqual([2048, 4]);
});

it('prefers the end of a line, then a blank', () => {
  const text = `${'a'.repeat(1500)}\n${'b c'.repeat(400)}`;
  expect(textParts(text)).toEqual([`${'a'.repeat(1500)}\n`, 'b c'.repeat(400)]);
  expect(textParts(`${'a'.repeat(2000)} ${'b'.repeat(100)}`)[0]).toBe(`${'a'.repeat(2000)} `);
});

it('keeps together what is one sign', () => {
  const family = '👨‍👩‍👧‍👦';
  for (const part of textParts(family.repeat(200))) expect(part.length % family.length).toBe(0);
  for (const part of textParts('é'.repeat(1500))) expect(part.startsWith('\u0301')).toBe(false);
});

it('leaves nothing out, and makes no part too long, whatever is said', () => {
  const text = fc
    .array(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        fc.constant('\n'),
        fc.constant(' 字'),
      ),
    )
    .map((some) => some.join('x'));
  fc.assert(
    fc.property(text, fc.integer({ min: 8, max: 60 }), (given, limit) => {
      const parts = textParts(given, limit);
      expect(parts.every((part) => bytes(part) <= limit)).toBe(true);
      expect(parts.join('').replaceAll(/\s/g, '')).toBe(given.replaceAll(/\s/g, ''));
    }),
  );
  expect(textBytes).toBe(2048);
});
