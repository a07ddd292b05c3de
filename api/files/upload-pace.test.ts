import { expect, it } from 'vitest';
import { UploadPace } from './upload-pace.ts';

it('lets others have their turn between the pieces, and forgets none', async () => {
  const pace = new UploadPace();
  const done: number[] = [];
  const pieces = Array.from({ length: 40 }, async (_, index) => {
    await pace.take(65_536);
    done.push(index);
  });
  const seen: number[] = [];
  while (done.length < 40) {
    await new Promise(setImmediate);
    seen.push(done.length);
  }
  await Promise.all(pieces);
  // Three of this size in one turn.
  expect(Math.max(...seen.map((count, at) => count - (seen[at - 1] ?? 0)))).toBeLessThanOrEqual(6);
  expect(seen.length).toBeGreaterThan(7);
  expect(done).toEqual(Array.from({ length: 40 }, (_, index) => index));
});
