import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commonSay, readSay } from './say.ts';
import { sayBody } from './schema.ts';

/** Mostly one of these, else anything. */
const mostly = <T>(...values: T[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom<unknown>(...values) },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
const msg = fc.record(
  {
    type: mostly('text', 'image', 'card', ''),
    reply: mostly('x', '', '你好'),
    timestamp: mostly<unknown>(0, 1.5, 1_537_606_347_000, 1e16, 1e17, -1, '12', '-1'),
  },
  { requiredKeys: ['timestamp'] },
);
const body = fc.record(
  {
    fromUserId: mostly('a', 'Joe_1-x', '', 'ü', 'a b', 'x'.repeat(129)),
    toUserId: mostly('a', 'b'),
    templateUrl: mostly('', 'http://x', 'x'.repeat(2049)),
    msg: fc.oneof({ weight: 9, arbitrary: msg }, { weight: 1, arbitrary: fc.jsonValue() }),
  },
  { requiredKeys: ['fromUserId', 'toUserId'] },
);

it('the quick reader takes nothing that the schema refuses, and reads it alike', () => {
  let taken = 0;
  fc.assert(
    fc.property(body, (given) => {
      const value: unknown = JSON.parse(JSON.stringify(given));
      const quick = commonSay(value);
      if (quick === undefined) return;
      taken += 1;
      const { fromUserId, toUserId, templateUrl, msg: said } = sayBody.parse(value);
      expect(quick).toEqual({
        ...{ fromUserId, toUserId, msg: { timestamp: said.timestamp } },
        ...(templateUrl !== undefined && { templateUrl }),
      });
    }),
    { numRuns: 10_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

it('what is kept means exactly what was given', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.bigInt(), (more, big) => {
      const kept = JSON.stringify({ ...more, timestamp: 1, type: 'card' }).slice(0, -1);
      const text = `{"fromUserId":"a","toUserId":"b","msg":${kept},"big":${big}}}`;
      const { body: bytes } = readSay({ value: JSON.parse(text), text });
      expect(JSON.parse(bytes.toString())).toEqual(JSON.parse(`${kept},"big":${big}}`));
      // Beyond what a number holds, too.
      expect(bytes.toString()).toContain(`"big":${big}}`);
    }),
    { numRuns: 500 },
  );
});
