import { expect, test } from 'vitest';
import { DriverError } from '../bot/automation/driver.ts';
import { planSteps } from './support/plan-steps.ts';
import { SendRig } from './support/send-rig.ts';
import { StatementLog } from './support/statement-log.ts';

/** Tables that grow with every send. */
const growing = ['sends', 'send_steps', 'commands', 'events'];
/** Indexes that hold only what is not done: walking through one is no scan of the table. */
const small = ['sends_queued', 'sends_open'];

test('no statement of the sends looks through a table that grows', async () => {
  let log: StatementLog | undefined;
  const rig = await SendRig.open({
    wrap: (db) => {
      log = new StatementLog(db);
      return log;
    },
  });
  const { bot, sends } = rig;
  const prepareAndAccept = async (changes: Parameters<SendRig['draft']>[0]): Promise<number> => {
    const prepared = await sends.prepare(rig.draft(changes));
    const accept = (tx: Parameters<typeof sends.accept>[0]) => sends.accept(tx, prepared);
    return (await (log ?? rig.db).transaction(accept)).msgid;
  };
  const text = (topic: string, changes = {}) =>
    prepareAndAccept({ target: { kind: 'room', topic }, ...changes });

  // Every fate there is, so that every statement is run.
  await text('hall');
  await text('no such room');
  await rig.settle();
  bot.answer = () => Promise.reject(new DriverError('unknown', '?'));
  await text('hall');
  await rig.settle();
  const [call] = bot.seen;
  if (call !== undefined) bot.echo({ ...call, text: 'text 3' });
  await rig.settle();
  bot.answer = () => Promise.reject(new DriverError('rate', '?'));
  await text('hall');
  await rig.settle();
  bot.answer = () => undefined;
  await rig.pass(600_000);
  bot.setReady(false);
  const cancelled = await text('hall');
  await text('later', { expiresAt: rig.clock.now() + 1000 });
  await text('later');
  await sends.cancel(cancelled);
  await rig.pass(5000);
  bot.room('later');
  bot.account = 'other';
  bot.setReady(true);
  await rig.settle();
  await sends.heldForOtherAccount('bot01');
  await sends.adoptHeld('bot01');
  await rig.settle();
  await sends.cancelHeld('bot01');
  const picture = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const url = `data:image/png;base64,${picture.toString('base64')}`;
  await prepareAndAccept({ content: { kind: 'image', source: { url } } });
  await rig.settle();
  for (const state of ['queued', 'unknown', 'sent']) {
    await sends.list({ state, botcode: 'bot01', chid: 'demo' }, { limit: 5 });
  }
  await sends.list({}, { limit: 5 });
  await sends.list({ state: 'unknown' }, { limit: 5 });
  await sends.status({ chid: 'demo', txcode: 't1' });
  bot.setReady(false);
  await sends.position(await text('hall'));
  for (let msgid = 1; msgid <= 8; msgid += 1) await sends.trace(msgid);

  const statements = [...(log?.statements ?? [])];
  const scans: string[] = [];
  for (const { sql, detail } of await planSteps(rig.db, statements)) {
    const scanned = /^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?/.exec(detail);
    const isScan = growing.includes(scanned?.[1] ?? '') && !small.includes(scanned?.[2] ?? '');
    const sorts = sql.includes("'queued'") && detail.includes('TEMP B-TREE');
    if (isScan || sorts) scans.push(`${detail}: ${sql}`);
  }
  expect(scans).toEqual([]);
  // Those that matter were among them.
  for (const part of ['INSERT INTO sends', "SET state = 'sending'", 'LIMIT 1', 'lane > ?']) {
    expect(
      statements.some((sql) => sql.includes(part)),
      part,
    ).toBe(true);
  }
  expect(statements.length).toBeGreaterThan(25);
  await rig.close();
});
