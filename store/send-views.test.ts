import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from './migrator.ts';
import { SendViews } from './send-views.ts';
import { SqliteDatabase } from './sqlite.ts';

/** Sends of a busy daemon: a few that went wrong, at the very bottom and far between. */
const count = 30_000;
const troubled = new Map([
  [3, 'absent'],
  [9000, 'failed'],
  [9001, 'cancelled'],
  [20_000, 'expired'],
  [29_999, 'absent'],
]);

let folder: string;
let db: SqliteDatabase;
let views: SendViews;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-views-'));
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  await migrate(db, { now: 1 });
  await db.transaction(async (tx) => {
    for (let msgid = 1; msgid <= count; msgid += 1) {
      await tx.run(
        `INSERT INTO sends (msgid, botcode, chid, txcode, kind, lane, payload, state, accepted_at,
           expires_at, settled_at) VALUES (?, ?, 'demo', ?, 'text', 'r', '{}', ?, 1, 1, 1)`,
        [msgid, msgid === 5 ? 'old' : 'bot01', `${msgid}`, troubled.get(msgid) ?? 'sent'],
      );
    }
  });
  views = new SendViews(db);
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

const numbers = async (...asked: Parameters<SendViews['page']>) => {
  const { rows, next } = await views.page(...asked);
  return [rows.map(({ msgid }) => msgid), next];
};

test('what went wrong is on the first page, however much went well since', async () => {
  expect(await numbers({ state: 'absent' }, undefined, 10)).toEqual([[29_999, 3], undefined]);
  expect(await numbers({ state: 'cancelled' }, undefined, 10)).toEqual([[9001], undefined]);
  const all = [29_999, 20_000, 9000, 3];
  expect(await numbers({ state: 'troubled' }, undefined, 10)).toEqual([all, undefined]);
  expect(await numbers({ state: 'troubled' }, undefined, 2)).toEqual([[29_999, 20_000], 20_000]);
  expect(await numbers({ state: 'troubled' }, 20_000, 2)).toEqual([[9000, 3], 3]);
  expect(await numbers({ state: 'troubled', botcode: 'old' }, undefined, 2)).toEqual([
    [],
    undefined,
  ]);
});

test('other filters look on by themselves, so far and no further', async () => {
  expect(await numbers({ botcode: 'old' }, undefined, 10)).toEqual([[5], undefined]);
  expect(await numbers({ botcode: 'old' }, undefined, 10, 1000)).toEqual([[], 10_001]);
  expect(await numbers({ botcode: 'old' }, 10_001, 10, 1000)).toEqual([[5], undefined]);
  expect(await numbers({}, undefined, 3)).toEqual([[30_000, 29_999, 29_998], 29_998]);
});
