import { expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import type { Database, Tx } from '../store/database.ts';
import { botStatus, createEventRig, qrCode, sendStatus } from './support/event-rig.ts';
import { WebhookSink } from './support/webhook-sink.ts';

/** Notes every statement that runs on the event loop. */
function noting(db: Database, seen: Set<string>): Database {
  const note = (sql: string): string => {
    seen.add(sql);
    return sql;
  };
  const wrap = (tx: Tx): Tx => ({
    run: (sql, params) => tx.run(note(sql), params),
    get: (sql, params) => tx.get(note(sql), params),
    all: (sql, params) => tx.all(note(sql), params),
    onDurable: (work) => tx.onDurable(work),
    onRollback: (work) => tx.onRollback(work),
  });
  return {
    read: (sql, params) => db.read(note(sql), params),
    readLong: (sql, params) => db.readLong(sql, params),
    transaction: (work, options) => db.transaction((tx) => work(wrap(tx)), options),
    insert: (row, unless, onDurable) => db.insert(row, unless, onDurable),
    backup: (file) => db.backup(file),
    close: () => db.close(),
  };
}

it('no statement of events and deliveries walks over a table or a backlog', async () => {
  const seen = new Set<string>();
  const sink = new WebhookSink();
  await sink.start();
  const rig = await createEventRig({
    clock: new VirtualClock(),
    channels: [{ chid: 'demo', callbackUrl: sink.url }],
    wrap: (db) => noting(db, seen),
  });
  seen.clear();
  await rig.deliveries.start();
  await rig.record(qrCode('q1'), qrCode('q2'), sendStatus(1), botStatus('login'));
  sink.reply = () => ({ status: 500 });
  await rig.record(sendStatus(2));
  await rig.pass(80 * 3_600_000);
  await rig.deliveries.redrive({ chid: 'demo' });
  await rig.deliveries.redrive({ chid: 'demo', replay: true, type: 'sendStatus' });
  await rig.deliveries.redrive({ chid: 'demo', eventIds: [3] });
  await rig.deliveries.attempts('demo', 3);
  await rig.events.page('demo', { after: 0, limit: 10, types: ['sendStatus'] });
  await rig.events.ofSend(1);
  await rig.events.prune(rig.clock.now());

  const plans = new Map<string, string>();
  for (const sql of [...seen]) {
    if (!/\b(events|delivery_attempts)\b/.test(sql)) continue;
    const params = Array.from(sql.matchAll(/\?/g), () => 1);
    const steps = await rig.db.read<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params);
    plans.set(sql, steps.map((step) => step.detail).join('; '));
  }
  await rig.close();
  await sink.stop();
  expect(plans.size).toBeGreaterThan(12);
  const bad = [...plans].filter(([, plan]) => /SCAN|TEMP B-TREE/.test(plan));
  expect(bad).toEqual([]);
  const planOf = (part: string) =>
    [...plans].filter(([sql]) => sql.includes(part)).map(([, plan]) => plan);
  // Of the whole primary key only what is named by id may be read where a backlog is looked for.
  expect(planOf("state = 'due'\n       ORDER BY botcode")).toEqual([
    'SEARCH events USING INDEX events_due (chid=? AND botcode>? AND botcode<?)',
  ]);
  expect(planOf('SELECT botcode FROM events')[0]).toContain('INDEX events_due');
  expect(planOf("state = 'superseded', done_at")[0]).toContain('INDEX events_open_qr');
  expect(planOf('WHERE msgid = ?')[0]).toContain('INDEX events_by_msgid');
});
