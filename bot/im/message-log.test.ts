import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from '../../config/logger.ts';
import { ImMessageStore } from '../../store/im-messages.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { VirtualClock } from '../clock.ts';
import { Hub } from './hub.ts';
import type { Placed, User } from './message.ts';
import { type Draft, MessageLog } from './message-log.ts';
import type { Session } from './session.ts';

let folder: string;
let db: SqliteDatabase;
let hub: Hub;
let log: MessageLog;
let syncs = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-im-'));
  const sync = (_fd: number, done: (error: Error | null) => void): void => {
    setImmediate(() => {
      syncs += 1;
      done(null);
    });
  };
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db'), sync });
  await migrate(db, { now: 0 });
  hub = new Hub();
  log = open();
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

function open(): MessageLog {
  const logger = createLogger('silent');
  return new MessageLog({ store: new ImMessageStore(db), hub, clock: new VirtualClock(), logger });
}

const user = (uid: number): User => ({ appid: 7, uid });

function draft(text: string, inboxes: readonly number[], more: Partial<Draft> = {}): Draft {
  const content = Buffer.from(text);
  const from = { kind: 'peer', appid: 7, sender: 1, receiver: 2, device: 0, clientId: 0 } as const;
  return { ...from, content, inboxes: inboxes.map(user), push: 'push', ...more };
}

function append(one: Draft): Promise<number[]> {
  return new Promise((resolve, reject) => {
    log.append(one, (error, outcome) => (outcome ? resolve(outcome.seqs) : reject(error)));
  });
}

/** A session that notes what it is told. */
function listen(uid: number): { session: Session; told: Placed[]; tells: number[] } {
  const told: Placed[] = [];
  const tells: number[] = [];
  const note = (placed: Placed, push: boolean): void => {
    if (push) told.push(placed);
    else tells.push(placed.seq);
  };
  const session: Session = {
    ...{ id: uid, appid: 7, uid, device: 0, platform: 3, since: 0 },
    ...{ transport: 'tcp', address: '' },
    inbox: note,
    group: (_gid, placed, push) => note(placed, push),
    chatRoom: () => {},
    realtime: () => {},
    notification: () => {},
    flush: () => {},
    close: () => {},
  };
  hub.add(session);
  return { session, told, tells };
}

const textOf = (placed: Placed): string => placed.message.content.toString();

it('numbers every inbox from 1 on, and reads it back in order', async () => {
  await Promise.all(Array.from({ length: 300 }, (_one, i) => append(draft(`m${i}`, [1, 2]))));
  expect(await append(draft('last', [2]))).toEqual([301]);
  const read = await log.read(user(2), 0, 1000);
  expect(read.map((one) => one.seq)).toEqual(Array.from({ length: 301 }, (_one, i) => i + 1));
  expect(read.map(textOf)).toEqual([...Array.from({ length: 300 }, (_one, i) => `m${i}`), 'last']);
  expect((await log.read(user(1), 298, 1000)).map(textOf)).toEqual(['m298', 'm299']);
  expect((await log.readNewest(user(2), 2)).map(textOf)).toEqual(['m299', 'last']);
  expect([await log.last(user(2)), await log.countAfter(user(2), 299)]).toEqual([301, 2]);
  expect([await log.last(user(9)), await log.countAfter(user(9), 0)]).toEqual([0, 0]);
});

it('goes on with the numbers after a restart', async () => {
  await append(draft('a', [1, 2]));
  log = open();
  expect(await append(draft('b', [2, 3]))).toEqual([2, 1]);
});

it('keeps what a super group is told once, and tells its members', async () => {
  const two = listen(2);
  const three = listen(3);
  const group = { gid: 5, members: [1, 2, 3] };
  await append(draft('hello', [], { kind: 'group', receiver: 5, group, except: three.session }));
  await append(draft('again', [], { kind: 'group', receiver: 5, group, push: 'tell' }));
  expect((await log.readGroup(5, 0, 10)).map((one) => [one.seq, textOf(one)])).toEqual([
    [1, 'hello'],
    [2, 'again'],
  ]);
  expect([two.told.map(textOf), two.tells]).toEqual([['hello'], [2]]);
  expect([three.told.map(textOf), three.tells]).toEqual([[], [2]]);
  expect(await log.lastOfGroup(5)).toBe(2);
});

it('tells nobody before it is on disk', async () => {
  const { told } = listen(2);
  const before = syncs;
  let syncsWhenTold = -1;
  log.append(draft('a', [2]), () => {
    syncsWhenTold = syncs;
    expect(told).toEqual([]);
  });
  await log.drain();
  expect(syncsWhenTold).toBeGreaterThan(before);
  expect(told.map(textOf)).toEqual(['a']);
});

it('leaves no gap when transactions fail, whatever comes in between', async () => {
  const act = fc.record({
    inboxes: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1 }),
    how: fc.constantFrom('append', 'inside', 'inside twice', 'throws', 'throws late'),
  });
  let next = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 25 }), async (acts) => {
      const good: Promise<unknown>[] = [];
      const texts = new Map([1, 2, 3, 4].map((uid) => [uid, [] as string[]]));
      const listeners = [1, 2, 3, 4].map(listen);
      const starts = await Promise.all([1, 2, 3, 4].map((uid) => log.last(user(uid))));
      for (const { inboxes, how } of acts) {
        next += 1;
        const one = draft(`m${next}`, inboxes);
        if (how === 'append') good.push(append(one));
        else {
          const fails = how.startsWith('throws');
          const work = db.transaction(async (tx) => {
            if (how !== 'throws') await log.appendIn(tx, one);
            if (how === 'inside twice') await log.appendIn(tx, one);
            if (fails) throw new Error('no');
          });
          good.push(fails ? expect(work).rejects.toThrow('no') : work);
        }
        if (how === 'throws' || how === 'throws late') continue;
        for (const uid of inboxes) {
          const own = texts.get(uid);
          own?.push(`m${next}`);
          if (how === 'inside twice') own?.push(`m${next}`);
        }
      }
      await Promise.all(good);
      await log.drain();
      for (const [at, uid] of [1, 2, 3, 4].entries()) {
        const read = await log.read(user(uid), starts[at] ?? 0, 1000);
        expect(read.map((one) => one.seq)).toEqual(
          read.map((_one, i) => (starts[at] ?? 0) + i + 1),
        );
        expect(read.map(textOf).sort()).toEqual(texts.get(uid)?.sort());
        // Live and stored are the same, in the same order.
        expect(listeners[at]?.told.map((one) => one.seq)).toEqual(read.map((one) => one.seq));
        expect(listeners[at]?.told.map(textOf)).toEqual(read.map(textOf));
      }
      for (const { session } of listeners) hub.remove(session);
    }),
    { numRuns: 60 },
  );
});
