import { expect, it } from 'vitest';
import type { Database } from '../store/database.ts';
import { startDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { officialPath, pushTo } from './support/wechat-http.ts';
import { Poster, textPush } from './support/wechat-pushes.ts';

it('a slow disk is no answer to WeChat, which comes again', async () => {
  let hold: Promise<void> | undefined;
  const slow = await startDaemon(
    { bots: [], wechat: [{ appid: 'wxplain', token: 'AAAAA', kind: 'official' }] },
    { wrapDatabase: (db) => holding(db, () => hold) },
  );
  try {
    const poster = new Poster({ appid: 'wxplain' });
    const fields = textPush('o1', 'hello');
    const send = () => pushTo(slow.url, officialPath('wxplain'), poster.push(fields));
    const { promise, resolve } = Promise.withResolvers<void>();
    hold = promise;
    const began = performance.now();
    expect(await send()).toMatchObject({ status: 503, text: '' });
    expect(performance.now() - began).toBeGreaterThan(4400);
    hold = undefined;
    resolve();
    expect(await send()).toMatchObject({ status: 200, text: 'success' });
    const { intake } = slow.daemon.core.wechat;
    await eventually('it to be done', async () => (await intake.backlog()).due === 0);
    expect(await intake.list({ limit: 5 })).toMatchObject([{ tries: 2, state: 'done' }]);
  } finally {
    await slow.close();
  }
});

/** A database whose transactions wait while they are held. */
function holding(db: Database, hold: () => Promise<void> | undefined): Database {
  return Object.assign(Object.create(db) as Database, {
    insert: db.insert.bind(db),
    read: db.read.bind(db),
    readLong: db.readLong.bind(db),
    backup: db.backup.bind(db),
    close: db.close.bind(db),
    transaction: async (...args: Parameters<Database['transaction']>) => {
      await hold();
      return await db.transaction(...args);
    },
  });
}
