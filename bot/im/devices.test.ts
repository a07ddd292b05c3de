import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ImDeviceStore } from '../../store/im-devices.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { Devices } from './devices.ts';

let folder: string;
let db: SqliteDatabase;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-devices-'));
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  await migrate(db, { now: 0 });
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

it('numbers each device once, also after a restart', async () => {
  const devices = new Devices(new ImDeviceStore(db));
  const both = await Promise.all([devices.of(1, 'phone'), devices.of(1, 'phone')]);
  expect(both[0]).toBe(both[1]);
  expect(both[0]).toBeGreaterThan(0);
  const others = [await devices.of(2, 'phone'), await devices.of(1, 'other')];
  expect(new Set([both[0], ...others]).size).toBe(3);
  const again = new Devices(new ImDeviceStore(db));
  expect(await again.of(2, 'phone')).toBe(others[0]);
});
