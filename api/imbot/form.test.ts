import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readForm } from './form.ts';

it('reads fields, nested fields and JSON in fields', () => {
  expect(readForm('')).toEqual({});
  expect(readForm('a=1&b=%E4%BD%A0+x')).toEqual({ a: '1', b: '你 x' });
  expect(readForm('msg[type]=text&msg[more][deep]=1')).toEqual({
    ...{ msg: { type: 'text', more: { deep: '1' } } },
  });
  expect(readForm('msg=%7B%22a%22%3A1%7D&msg[b]=2')).toEqual({ msg: { a: 1, b: '2' } });
  expect(readForm('msg=%7Bbroken')).toEqual({ msg: '{broken' });
  expect(readForm('a=1&a=2')).toEqual({ a: '2' });
});

it.each([
  'a[=1',
  'a]=1',
  '[a]=1',
  'a[]=1',
  '=1',
  'a=1&a[b]=2',
  'a[b][c][d][e]=1',
  '__proto__=1',
  '__proto__[x]=1',
  'a[__proto__][x]=1',
  'constructor[prototype][x]=1',
  Array.from({ length: 1001 }, (_, at) => `a${at}=1`).join('&'),
])('does not read %s', (text) => {
  expect(readForm(text)).toBeUndefined();
  expect(Reflect.get({}, 'x')).toBeUndefined();
});

it('never throws, and changes no other object', () => {
  const part = fc.constantFrom(
    'a',
    '[',
    ']',
    '__proto__',
    'constructor',
    '=',
    '&',
    '{',
    '%',
    '%5B',
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      readForm(parts.join(''));
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 5000 },
  );
});
