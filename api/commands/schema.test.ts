import fc from 'fast-check';
import { expect, it } from 'vitest';
import { plainRoomText, roomSendText } from './schema.ts';

const value = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  fc.constantFrom('x'.repeat(256), 'x'.repeat(257), 'x'.repeat(20_000), 'x'.repeat(20_001), 'a\0b'),
  fc.constantFrom<unknown>(null, undefined, 5, true, [], {}, '', '\ud83d'),
);
const body = fc.oneof(
  { weight: 8, arbitrary: fc.record({ text: value, roomTopic: value }) },
  fc.record(
    { text: value, roomTopic: value, roomId: value, atList: value, atUser: value, extra: value },
    { requiredKeys: [] },
  ),
  fc.anything(),
);

it('a body that is read without the schema is what the schema makes of it', () => {
  let read = 0;
  fc.assert(
    fc.property(body, (given) => {
      const plain = plainRoomText(given);
      if (plain === undefined) return;
      read += 1;
      expect(roomSendText.parse(given)).toEqual(plain);
    }),
    { numRuns: 2000 },
  );
  expect(read).toBeGreaterThan(200);
});
