import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { Reclaimer } from '../bot/reclaimer.ts';
import { createLogger } from '../config/logger.ts';
import { SqliteDatabase } from './sqlite.ts';

let folder: string;
let db: SqliteDatabase;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-reclaim-'));
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

test('what is forgotten is given back in small steps, but for what is wanted again', async () => {
  await db.transaction((tx) => tx.run('CREATE TABLE rows (id INTEGER PRIMARY KEY, bytes BLOB)'));
  const bytes = Buffer.alloc(60_000, 1);
  for (let id = 0; id < 800; id += 1) {
    await db.transaction((tx) => tx.run('INSERT INTO rows VALUES (?, ?)', [id, bytes]));
  }
  await db.transaction((tx) => tx.run('DELETE FROM rows'));
  const before = await db.reclaim(0);
  expect(before).toBeGreaterThan(11_000);
  let longest = 0;
  const reclaimer = new Reclaimer({
    clock: new VirtualClock(),
    pauseMs: 0,
    logger: createLogger('silent'),
    reclaim: async (pages) => {
      const began = performance.now();
      const left = await db.reclaim(pages);
      longest = Math.max(longest, performance.now() - began);
      return left;
    },
  });
  expect(await reclaimer.run()).toBeGreaterThan(20);
  expect(await db.reclaim(0)).toBe(4096);
  expect(longest).toBeLessThan(1000);
  await db.close();
  // Some 48 MB were written; 16 MB of free pages stay.
  expect(statSync(join(folder, 'wxrc.db')).size).toBeLessThan(20_000_000);
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
});
