import { expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { botStatus, createEventRig, qrCode, sendStatus } from './support/event-rig.ts';
import { planSteps } from './support/plan-steps.ts';
import { StatementLog } from './support/statement-log.ts';
import { WebhookSink } from './support/webhook-sink.ts';

it('no statement of events and deliveries walks over a table or a backlog', async () => {
  let log: StatementLog | undefined;
  const sink = new WebhookSink();
  await sink.start();
  const rig = await createEventRig({
    clock: new VirtualClock(),
    channels: [{ chid: 'demo', callbackUrl: sink.url }],
    wrap: (db) => {
      log = new StatementLog(db);
      return log;
    },
  });
  if (log === undefined) throw new Error('no database');
  log.statements.clear();
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
  const own = [...log.statements].filter((sql) => /\b(events|delivery_attempts)\b/.test(sql));
  for (const { sql, detail } of await planSteps(rig.db, own)) {
    const before = plans.get(sql);
    plans.set(sql, before === undefined ? detail : `${before}; ${detail}`);
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
