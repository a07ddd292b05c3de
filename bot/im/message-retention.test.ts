import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLogger } from '../../config/logger.ts';
import { ImMessageStore } from '../../store/im-messages.ts';
import { ImRetentionStore } from '../../store/im-retention.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { VirtualClock } from '../clock.ts';
import { Hub } from './hub.ts';
import { type Draft, MessageLog } from './message-log.ts';
import { MessageRetention } from './message-retention.ts';

const day = 86_400_000;

it('forgets what is old, and numbers go on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-im-'));
  const db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  const clock = new VirtualClock();
  await migrate(db, { now: clock.now() });
  const logger = createLogger('silent');
  const open = () =>
    new MessageLog({ store: new ImMessageStore(db), hub: new Hub(), clock, logger });
  let log = open();
  const say = (uids: number[], gid?: number): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const draft: Draft = {
        ...{ kind: 'peer', appid: 7, sender: 1, receiver: 2, device: 0, clientId: 0 },
        ...{ content: Buffer.from('x'), push: 'push' },
        inboxes: uids.map((uid) => ({ appid: 7, uid })),
        ...(gid !== undefined && { group: { gid, members: [] } }),
      };
      log.append(draft, (error, outcome) =>
        outcome ? resolve(outcome.groupSeq ?? outcome.seqs[0]) : reject(error),
      );
    });
  const options = { store: new ImRetentionStore(db), clock, logger, messagesDays: 30 };
  const retention = new MessageRetention(options);
  expect(await retention.run()).toEqual({ messages: 0, places: 0 });

  for (let i = 0; i < 1200; i += 1) void say([1, 2]);
  await say([3]);
  await say([], 5);
  await say([], 5);
  await clock.advance(20 * day);
  await say([2, 4]);
  expect(await retention.run()).toEqual({ messages: 0, places: 0 });
  await clock.advance(11 * day);
  // Of everybody's places the newest stays.
  expect(await retention.run()).toEqual({ messages: 1203, places: 1199 + 1200 + 1 });
  expect((await log.read({ appid: 7, uid: 2 }, 0, 10)).map((one) => one.seq)).toEqual([1201]);
  expect(await log.read({ appid: 7, uid: 1 }, 0, 10)).toEqual([]);
  expect(await retention.run()).toEqual({ messages: 0, places: 0 });
  // Everything is old, and yet nothing begins anew.
  await clock.advance(40 * day);
  await retention.run();
  log = open();
  expect([await say([1]), await say([2]), await say([3]), await say([], 5)]).toEqual([
    1201, 1202, 2, 3,
  ]);
  await db.close();
  rmSync(folder, { recursive: true });
});
