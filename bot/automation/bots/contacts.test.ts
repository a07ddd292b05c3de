import { expect, test } from 'vitest';
import { VirtualClock } from '../../clock.ts';
import { type DriverContact, DriverError } from '../driver.ts';
import { Contacts } from './contacts.ts';

const list: DriverContact[] = [{ id: 'c1', name: 'Cleo' }];

test('contacts are read once in five minutes, and never from a list that is older', async () => {
  const clock = new VirtualClock();
  let reads = 0;
  let reachable = true;
  const contacts = new Contacts({
    clock,
    read: () => {
      reads += 1;
      return reachable ? Promise.resolve(list) : Promise.reject(new DriverError('offline', 'no'));
    },
  });
  await Promise.all([contacts.list(), contacts.list()]);
  expect(reads).toBe(1);
  reachable = false;
  await clock.advance(299_000);
  expect(await contacts.list()).toEqual(list);
  await clock.advance(2000);
  await expect(contacts.list()).rejects.toThrow(DriverError);
  reachable = true;
  expect(await contacts.list()).toEqual(list);
  contacts.forget();
  await contacts.list();
  expect(reads).toBe(4);
});

test('a list of the former account is not kept', async () => {
  const answers = [
    Promise.withResolvers<DriverContact[]>(),
    Promise.withResolvers<DriverContact[]>(),
  ];
  let reads = 0;
  const contacts = new Contacts({
    clock: new VirtualClock(),
    read: () => (answers[reads++] ?? answers[0])?.promise ?? Promise.resolve([]),
  });
  const before = contacts.list();
  contacts.forget();
  const after = contacts.list();
  answers[0]?.resolve([{ id: 'old', name: 'Old' }]);
  await before;
  answers[1]?.resolve(list);
  expect(await after).toEqual(list);
  expect(await contacts.list()).toEqual(list);
  expect(reads).toBe(2);
});
