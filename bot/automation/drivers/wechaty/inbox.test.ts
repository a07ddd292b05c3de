import { expect, test } from 'vitest';
import { Inbox } from './inbox.ts';

test('items are delivered in order of arrival, whatever order they were read in', async () => {
  const delivered: string[] = [];
  const reads = new Map<string, (value: string) => void>();
  let reading = 0;
  let most = 0;
  const inbox = new Inbox<string>({
    read: (id) => {
      reading += 1;
      most = Math.max(most, reading);
      return new Promise((resolve) => {
        reads.set(id, (value) => {
          reading -= 1;
          resolve(value);
        });
      });
    },
    deliver: (item) => delivered.push(item),
    onLost: () => {},
  });
  const ids = Array.from({ length: 20 }, (_, index) => `m${index}`);
  for (const id of ids) inbox.push(id);
  while (delivered.length < ids.length) {
    for (const [id, answer] of [...reads].reverse()) {
      reads.delete(id);
      answer(id);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(delivered).toEqual(ids);
  expect(most).toBe(4);
});

test('one that cannot be read is reported and holds up no other; after close nothing comes', async () => {
  const delivered: string[] = [];
  const lost: string[] = [];
  const inbox = new Inbox<string>({
    read: async (id) => {
      if (id === 'bad') throw new Error('gone');
      return id === 'none' ? undefined : id;
    },
    deliver: (item) => delivered.push(item),
    onLost: (id) => lost.push(id),
  });
  for (const id of ['a', 'bad', 'none', 'b']) inbox.push(id);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(delivered).toEqual(['a', 'b']);
  expect(lost).toEqual(['bad']);
  inbox.push('late');
  inbox.close();
  inbox.push('later');
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(delivered).toEqual(['a', 'b']);
});

test('what waits is bounded', async () => {
  const lost: string[] = [];
  const inbox = new Inbox<string>({
    read: () => new Promise<never>(() => {}),
    deliver: () => {},
    onLost: (id) => lost.push(id),
  });
  for (let index = 0; index < 5010; index += 1) inbox.push(`m${index}`);
  expect(lost).toEqual(['m5004', 'm5005', 'm5006', 'm5007', 'm5008', 'm5009']);
});
