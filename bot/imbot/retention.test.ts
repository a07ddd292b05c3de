import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import { createBackup } from '../../store/backup.ts';
import { ImMessageStore } from '../../store/im-messages.ts';
import { ImRetentionStore } from '../../store/im-retention.ts';
import { ImbotPairStore } from '../../store/imbot-pairs.ts';
import { ImbotRetentionStore } from '../../store/imbot-retention.ts';
import { restoreBackup } from '../../store/restore.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { ImbotRig } from '../../tests/support/imbot-rig.ts';
import { VirtualClock } from '../clock.ts';
import { Hub } from '../im/hub.ts';
import { MessageLog } from '../im/message-log.ts';
import { MessageRetention } from '../im/message-retention.ts';
import { Pairs } from './pairs.ts';
import { ImbotRetention } from './retention.ts';

const day = 86_400_000;
const text = (reply: string, timestamp: number) => ({ type: 'text', reply, timestamp });

it('what is old leaves queue and history; counts tell what is left; queues go on', async () => {
  const rig = await ImbotRig.open();
  const { db, clock } = rig;
  const logger = createLogger('silent');
  const messages = new MessageRetention({
    ...{ store: new ImRetentionStore(db), clock, logger, messagesDays: 30 },
  });
  const places = new ImbotRetention({ store: new ImbotRetentionStore(db), clock, logger });
  const run = async (): Promise<number> => {
    await messages.run();
    return await places.run();
  };
  try {
    // Own times say nothing about age.
    for (let at = 0; at < 1200; at += 1) void rig.say('a', 'b', text(`old ${at}`, 9e15 - at));
    await rig.say('c', 'b', text('old', 1));
    await rig.say('d', 'b', text('old', 1));
    await clock.advance(20 * day);
    await rig.say('a', 'b', text('young', 1));
    expect(await run()).toBe(0);
    await clock.advance(11 * day);
    await rig.say('d', 'b', text('new', 2));
    expect(await run()).toBe(1202);
    expect(await run()).toBe(0);
    const pair = await rig.pair('a', 'b');
    const all = { from: 0, to: 1e16, limit: 10_000 };
    expect((await rig.pairs.history(pair, all)).bodies).toHaveLength(1);
    for (const restarted of [false, true]) {
      if (restarted) rig.restart();
      expect(await rig.pairs.count(pair)).toBe(1);
      expect(await rig.pairs.count(await rig.pair('c', 'b'))).toBe(0);
      expect(await rig.pairs.counts(await rig.names.get('b'))).toEqual([
        { from: 'd', to: 'b', count: 1, timestamp: 2 },
        { from: 'a', to: 'b', count: 1, timestamp: 1 },
      ]);
    }
    expect(await rig.take('c', 'b')).toEqual([]);
    expect(await rig.take('a', 'b')).toEqual([text('young', 1)]);
    await rig.say('c', 'b', text('again', 3));
    expect(await rig.take('c', 'b')).toEqual([text('again', 3)]);
    expect(await rig.take('d', 'b')).toEqual([text('new', 2)]);
  } finally {
    await rig.close();
  }
});

it('a queue is after a restore what it was at the backup', async () => {
  const rig = await ImbotRig.open();
  const dataDir = mkdtempSync(join(tmpdir(), 'wxrc-restored-'));
  try {
    await rig.say('a', 'b', text('taken', 1));
    await rig.take('a', 'b');
    await rig.say('a', 'b', text('waits', 2));
    openVault(rig.folder);
    const { file } = await createBackup({ db: rig.disk, dataDir: rig.folder, now: 1 });
    const backup = join(rig.folder, 'backups', file);
    restoreBackup({ backup, dataDir, now: 2, queued: 'unknown' });
    const db = new SqliteDatabase({ file: join(dataDir, 'wxrc.db') });
    const clock = new VirtualClock();
    const logger = createLogger('silent');
    const log = new MessageLog({ store: new ImMessageStore(db), hub: new Hub(), clock, logger });
    const pairs = new Pairs({ db, store: new ImbotPairStore(db), log });
    const pair = await rig.pair('a', 'b');
    expect(await pairs.count(pair)).toBe(1);
    expect(await pairs.take(pair)).toEqual([JSON.stringify(text('waits', 2))]);
    expect(await pairs.count(pair)).toBe(0);
    const all = { from: 0, to: 9, limit: 9 };
    expect((await pairs.history(pair, all)).bodies).toHaveLength(2);
    await db.close();
  } finally {
    rmSync(dataDir, { recursive: true });
    await rig.close();
  }
});
