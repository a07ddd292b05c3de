import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contentDigest } from './digest.ts';

/** The same value with the keys of every object in the opposite order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, field]) => [name, reordered(field)]),
  );
}

const digest = (body: unknown) => contentDigest('roomSendText', 'bot01', body);

it('does not depend on the order of keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (body) => {
      const parsed: unknown = JSON.parse(JSON.stringify(body));
      expect(digest(reordered(parsed))).toBe(digest(parsed));
    }),
  );
});

it('tells different contents apart', () => {
  const bodies: unknown[] = [
    {},
    { text: 'a' },
    { text: 'b' },
    { texs: 'a' },
    { text: 'a', atList: [] },
    { text: 'a', atList: ['x', 'y'] },
    { text: 'a', atList: ['y', 'x'] },
    { text: 'a', atList: ['x,y'] },
    { text: 'a', n: 1 },
    { text: 'a', n: '1' },
    { text: 'a', n: {} },
    { text: 'a', n: [{}] },
    { 'text":"a","n': 1 },
  ];
  expect(new Set(bodies.map(digest)).size).toBe(bodies.length);
  expect(contentDigest('roomSendText', 'bot02', {})).not.toBe(digest({}));
  expect(contentDigest('login', 'bot01', {})).not.toBe(digest({}));
});

it('takes null for absent, and no body for an empty one', () => {
  expect(digest({ text: 'a', atList: null })).toBe(digest({ text: 'a' }));
  expect(digest(undefined)).toBe(digest({}));
});

it('refuses what is nested deeper than any command, however deep', () => {
  const nested = (depth: number): unknown =>
    JSON.parse(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
  expect(digest(nested(15))).toBeTypeOf('string');
  expect(digest(nested(16))).toBeUndefined();
  expect(digest(nested(100_000))).toBeUndefined();
});
