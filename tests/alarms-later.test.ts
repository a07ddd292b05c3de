import { afterEach, describe, expect, test } from 'vitest';
import { laterSource } from '../bot/alarms/sources/later-source.ts';
import { alarmsSchema } from '../config/alarm-schema.ts';
import { AdminClient } from './support/admin-client.ts';
import { AlarmRig } from './support/alarm-rig.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { ReportRig } from './support/report-rig.ts';
import { SetClock } from './support/set-clock.ts';
import { WebhookSink } from './support/webhook-sink.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const hour = 3_600_000;
const start = Date.parse('2026-11-22T08:30:00Z');
const wish = (at: number, topic = 'hall') => ({
  ...{ botcode: 'bot01', target: { kind: 'room' as const, topic }, at },
  ...{ deliverWithinMs: hour, madeBy: undefined },
  content: { kind: 'text' as const, text: 'later', mentions: [] },
});

describe('a send for later that nobody got', () => {
  async function open(): Promise<ReportRig> {
    const one = await ReportRig.open({ now: start });
    closing.push(() => one.close());
    return one;
  }
  const troubles = (one: ReportRig) =>
    laterSource({ reports: one.reports, settings: () => alarmsSchema.parse({}) }).troubles(one.now);

  test('is trouble when its time was over before it was queued, for a day', async () => {
    const one = await open();
    const { id } = await one.reports.later.add(wish(start + hour));
    expect(await troubles(one)).toEqual([]);
    await one.down(3 * hour);
    await one.pass(5000, 1000);
    expect(await troubles(one)).toMatchObject([
      {
        ...{ key: `once:scheduled-send:${id}`, kind: 'schedule', stage: 1 },
        text: {
          zh: `定时发送 ${id}（bot01 → hall）未发出：its time is over`,
          en: `scheduled send ${id} (bot01 → hall) was not sent: its time is over`,
        },
      },
    ]);
    await one.pass(25 * hour, hour);
    expect(await troubles(one)).toEqual([]);
  });

  test('is trouble when it was queued and the room is gone; one that arrived is none', async () => {
    const one = await open();
    await one.reports.later.add(wish(start + hour));
    const { id } = await one.reports.later.add(wish(start + hour, 'nowhere'));
    await one.pass(hour + 5000, 600_000);
    await one.pass(20_000, 1000);
    expect(await one.reports.later.list({}, 9)).toMatchObject([
      { id, state: 'queued' },
      { state: 'queued' },
    ]);
    expect(await troubles(one)).toMatchObject([{ subject: `scheduled-send:${id}` }]);
  });

  test('of very many it is told how many', async () => {
    const one = await open();
    for (let count = 0; count < 62; count += 1) await one.reports.later.add(wish(start + hour));
    await one.down(3 * hour);
    await one.pass(10_000, 1000);
    const found = await troubles(one);
    expect(found).toHaveLength(51);
    expect(found.at(-1)).toMatchObject({ key: 'once:scheduled-sends', stage: 2 });
  });
});

test('what happened once is told once, and nobody is told that it is over', async () => {
  const rig = new AlarmRig();
  closing.push(() => rig.close());
  await rig.start();
  rig.wrong('once:a');
  rig.wrong('b');
  await rig.pass(60);
  await rig.restart();
  rig.right('once:a');
  rig.right('b');
  await rig.pass(120);
  expect(rig.lane.told).toEqual(['raised once:a', 'raised b', 'over b']);
  expect(rig.alarms.open()).toEqual([]);
});

test('over the API: the daemon was down at its time, or its bot was removed', async () => {
  const hook = new WebhookSink();
  await hook.start();
  closing.push(() => hook.stop());
  const clock = new SetClock();
  const running: TestDaemon = await startDaemon(
    {
      bots: [],
      alarms: { lanes: [{ kind: 'webhook', name: 'ops', url: hook.url }], clearSeconds: 0 },
    },
    { clock },
  );
  closing.push(() => running.close());
  const admin = new AdminClient(() => running.url);
  await admin.login();
  await admin.ok('POST', '/bots', { botcode: 'gone', driver: 'simulator' });
  const say = { botcode: 'gone', roomId: 'r@chatroom', text: 'later' };
  const at = clock.now() + hour;
  const missed = { ...say, at, deliverWithinSeconds: 1 };
  const orphaned = { ...say, at: at + hour };
  const ids: unknown[] = [];
  for (const one of [missed, orphaned]) {
    ids.push((await admin.ok('POST', '/scheduled-sends', one)).body.id);
  }
  await running.daemon.stop();
  clock.offset += hour + 60_000;
  await running.restart();
  await admin.login();
  await admin.ok('DELETE', '/bots/gone');
  await running.daemon.stop();
  clock.offset += hour;
  await running.restart();
  // What was on its way when the daemon stopped is told again; the bot may be told of while it is there.
  const told = (): Set<string> =>
    new Set(
      hook.received
        .flatMap(({ body }) => (JSON.parse(body) as { alarms: { key: string }[] }).alarms)
        .map(({ key }) => key)
        .filter((key) => key.startsWith('once:')),
    );
  await eventually(() => told().size >= 2, 'both', 20_000);
  expect([...told()]).toEqual(ids.map((id) => `once:scheduled-send:${id}`));
});
