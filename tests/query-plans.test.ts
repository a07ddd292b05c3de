import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import type { Database, Tx } from '../store/database.ts';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { WebhookSink } from './support/webhook-sink.ts';

/** Tables that grow with use: no statement that runs with every message may scan one of them. */
const growing = ['sends', 'commands', 'events', 'send_steps', 'delivery_attempts', 'rooms'];

let running: TestDaemon | undefined;
const sink = new WebhookSink();
afterEach(async () => {
  await running?.close();
  await sink.stop();
});

it('scans no growing table on the way from a command to a told outcome', async () => {
  const ran = new Set<string>();
  await sink.start();
  running = await startDaemon(
    { channels: [{ chid: 'demo', key: 'secret', callbackUrl: sink.url }] },
    { wrapDatabase: (db) => recording(db, ran) },
  );
  const { url } = running;
  const client = new CommandClient(() => url);
  const simulate = (path: string): Promise<Response> =>
    fetch(`${url}/simulator/bot01/${path}`, { method: 'POST' });
  await eventually(async () => (await simulate('scan')).ok, 'scan');
  await eventually(async () => (await simulate('confirm')).ok, 'confirm');

  // What runs at start may look at everything once.
  await eventually(async () => (await client.call('botStatus'))['state'] === 'ready', 'ready');
  ran.clear();
  const sent = await client.call('roomSendText', { roomTopic: '测试群', text: '你好' });
  await client.call('roomSendText', { roomTopic: '没有这个群', text: '你好' });
  const told = (msgid: unknown): boolean =>
    sink.received.some((one) => one.event['msgid'] === msgid);
  await eventually(() => told(sent.msgid), 'told');
  await client.call('msgStatus', { msgid: sent.msgid });
  await client.call('botQueue');
  expect(ran.size).toBeGreaterThan(8);

  const db = new Sqlite(join(running.dataDir, 'wxrc.db'), { readonly: true });
  const scans: string[] = [];
  for (const sql of ran) {
    const parameters = Array.from({ length: sql.split('?').length - 1 }, () => null);
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { detail: string }[];
    for (const { detail } of plan) {
      const table = /^SCAN (\w+)/.exec(detail)?.[1];
      if (table !== undefined && growing.includes(table)) scans.push(`${detail}: ${sql}`);
    }
  }
  db.close();
  expect(scans).toEqual([]);
});

function recording(db: Database, ran: Set<string>): Database {
  const note = (sql: string): string => {
    if (/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)/i.test(sql)) ran.add(sql);
    return sql;
  };
  return {
    read: (sql, params) => db.read(note(sql), params),
    // Off the event loop, by those who know that it may take long.
    readLong: (sql, params) => db.readLong(sql, params),
    transaction: (work, options) => {
      const watch = (tx: Tx): Tx => ({
        run: (sql, params) => tx.run(note(sql), params),
        get: (sql, params) => tx.get(note(sql), params),
        all: (sql, params) => tx.all(note(sql), params),
        onDurable: (after) => tx.onDurable(after),
        onRollback: (after) => tx.onRollback(after),
      });
      return db.transaction((tx) => work(watch(tx)), options);
    },
    insert: (row, unless, onDurable) => {
      if (unless !== undefined) note(unless.sql);
      const noted = () => {
        const statement = row();
        note(statement.sql);
        return statement;
      };
      return db.insert(noted, unless, onDurable);
    },
    backup: (file) => db.backup(file),
    close: () => db.close(),
  };
}
