import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { md5 } from './md5.ts';
import { sameText } from './signature.ts';

it('is the MD5 of everybody else', () => {
  for (let length = 0; length < 200; length += 1) {
    const bytes = new Uint8Array(length).fill(length);
    expect(md5(bytes)).toBe(createHash('md5').update(bytes).digest('hex'));
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
      expect(md5(bytes)).toBe(createHash('md5').update(bytes).digest('hex'));
    }),
  );
});

it('compares whole texts', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(sameText(a, a)).toBe(true);
      expect(sameText(a, b)).toBe(a === b);
    }),
  );
  expect(sameText('', 'a')).toBe(false);
  expect(sameText('abab', 'ab')).toBe(false);
});
