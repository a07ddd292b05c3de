import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../../config/logger.ts';
import type { Param, Tx } from '../../store/database.ts';
import { FileStore } from '../../store/files.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { VirtualClock } from '../clock.ts';
import { Files } from '../files.ts';
import { Retention } from './retention.ts';

const day = 86_400_000;
let dataDir: string;
let db: SqliteDatabase;
let clock: VirtualClock;
let retention: Retention;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wxrc-retention-'));
  db = new SqliteDatabase({ file: join(dataDir, 'wxrc.db') });
  clock = new VirtualClock();
  await migrate(db, { now: 0 });
  retention = new Retention({
    db,
    clock,
    logger: createLogger('silent'),
    sendsDays: 10,
    eventsDays: 5,
  });
});
afterEach(async () => {
  await retention.stop();
  await db.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function insert(tx: Tx, table: string, row: Record<string, Param>): Promise<number> {
  const names = Object.keys(row);
  const marks = names.map(() => '?').join(', ');
  return tx.run(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`, [
    ...Object.values(row),
  ]);
}

/** A send with a step and its command; `settledAt` null: still queued. */
async function addSend(tx: Tx, msgid: number, at: number, settledAt: number | null) {
  await insert(tx, 'sends', {
    msgid,
    botcode: 'bot01',
    chid: 'demo',
    txcode: `t${msgid}`,
    kind: 'text',
    lane: 'r',
    payload: '{}',
    state: settledAt === null ? 'queued' : 'sent',
    accepted_at: at,
    run_at: at,
    expires_at: at,
    settled_at: settledAt,
  });
  await insert(tx, 'send_steps', { msgid, at, step: 'accepted' });
  await insert(tx, 'commands', {
    chid: 'demo',
    txcode: `t${msgid}`,
    day: '20260101',
    digest: 'd',
    answer: 'a',
    at,
  });
}

async function addEvent(tx: Tx, eventId: number, at: number) {
  await insert(tx, 'events', {
    chid: 'demo',
    event_id: eventId,
    botcode: 'bot01',
    type: 'botStatus',
    body: '{}',
    at,
    state: 'acked',
    due_since: at,
    run_at: at,
  });
  await insert(tx, 'delivery_attempts', { chid: 'demo', event_id: eventId, at, took_ms: 1 });
}

async function column(sql: string): Promise<unknown[]> {
  return (await db.read<{ x: unknown }>(sql)).map((row) => row.x);
}

test('what is older than the config wants goes, the rest stays', async () => {
  const now = clock.now();
  await db.transaction(async (tx) => {
    await addSend(tx, 1, now - 20 * day, now - 11 * day);
    await addSend(tx, 2, now - 20 * day, null);
    await addSend(tx, 3, now - 20 * day, now - 9 * day);
    await addSend(tx, 4, now - day, now - day);
    await addEvent(tx, 1, now - 6 * day);
    await addEvent(tx, 2, now - 4 * day);
    for (const [id, at] of [
      [1, now - 11 * day],
      [2, now - day],
    ] as const) {
      await insert(tx, 'bot_waits', { id, botcode: 'bot01', at });
    }
    for (const [name, expires] of [
      ['old', now - 2 * day],
      ['new', now + 1],
    ] as const) {
      const text = 't';
      await insert(tx, 'qr_codes', {
        name,
        botcode: name,
        text,
        created_at: 0,
        expires_at: expires,
      });
      await insert(tx, 'admin_tokens', {
        kind: 'session',
        name,
        hash: name,
        created_at: 0,
        expires_at: expires,
      });
      await insert(tx, 'pacing', { botcode: 'bot01', bucket: name, taken: '[]', at: expires - 1 });
    }
  });
  expect(await retention.run()).toEqual({
    ...{ sends: 1, commands: 3, events: 1, waits: 1, files: 0, audit: 0 },
  });
  expect(await column('SELECT msgid AS x FROM sends ORDER BY msgid')).toEqual([2, 3, 4]);
  expect(await column('SELECT msgid AS x FROM send_steps ORDER BY msgid')).toEqual([2, 3, 4]);
  expect(await column('SELECT txcode AS x FROM commands')).toEqual(['t4']);
  expect(await column('SELECT event_id AS x FROM events')).toEqual([2]);
  expect(await column('SELECT event_id AS x FROM delivery_attempts')).toEqual([2]);
  expect(await column('SELECT id AS x FROM bot_waits')).toEqual([2]);
  expect(await column('SELECT name AS x FROM qr_codes')).toEqual(['new']);
  expect(await column('SELECT name AS x FROM admin_tokens')).toEqual(['new']);
  expect(await column('SELECT bucket AS x FROM pacing')).toEqual(['new']);
});

test('the newest send stays whatever its age, so that no number is given twice', async () => {
  await db.transaction(async (tx) => {
    await addSend(tx, 6, 0, 1);
    await addSend(tx, 7, 0, 1);
  });
  expect((await retention.run()).sends).toBe(1);
  expect(await column('SELECT msgid AS x FROM sends')).toEqual([7]);
});

test('many old rows go in small transactions', async () => {
  const counted: number[] = [];
  const transaction = db.transaction.bind(db);
  await db.transaction(async (tx) => {
    for (let i = 1; i <= 1001; i += 1) {
      await addSend(tx, i, 0, 1);
      await addEvent(tx, i, 0);
    }
  });
  db.transaction = (work) =>
    transaction((tx) => {
      let statements = 0;
      const run = tx.run;
      return Promise.resolve(
        work({
          ...tx,
          run: (...args) => {
            statements += 1;
            return run(...args);
          },
        }),
      ).finally(() => counted.push(statements));
    });
  expect(await retention.run()).toMatchObject({ sends: 1000, commands: 1001, events: 1001 });
  expect(await column('SELECT count(*) AS x FROM delivery_attempts')).toEqual([0]);
  expect(counted.length).toBeGreaterThan(15);
  expect(Math.max(...counted)).toBeLessThanOrEqual(400);
});

test('a round comes every hour, and none after the stop', async () => {
  await db.transaction(async (tx) => {
    await addSend(tx, 1, 0, 1);
    await addSend(tx, 2, 0, 1);
  });
  const left = () => column('SELECT count(*) AS x FROM sends');
  retention.start();
  retention.start();
  await clock.advance(3_600_000 - 1);
  expect(await left()).toEqual([2]);
  await clock.advance(1);
  await expect.poll(left).toEqual([1]);
  await db.transaction((tx) => addSend(tx, 3, 0, 1));
  await clock.advance(3_600_000);
  await expect.poll(left).toEqual([1]);
  await retention.stop();
  await db.transaction((tx) => addSend(tx, 4, 0, 1));
  await clock.advance(7_200_000);
  expect(await left()).toEqual([2]);
});

test('a file that nothing named for a month goes, never one that a queued send may need', async () => {
  const files = new Files({ dataDir, store: new FileStore(db), clock });
  const withFiles = new Retention({
    db,
    clock,
    logger: createLogger('silent'),
    sendsDays: 10,
    eventsDays: 5,
    files,
  });
  const { sha256 } = await files.put(Buffer.from('old'));
  await clock.advance(31 * day);
  expect((await withFiles.run()).files).toBe(0);
  await clock.advance(1);
  expect((await withFiles.run()).files).toBe(1);
  expect(await files.find(sha256)).toBeUndefined();
  await withFiles.stop();
});
