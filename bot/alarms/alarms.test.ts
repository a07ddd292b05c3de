import { afterEach, describe, expect, test } from 'vitest';
import type { Database } from '../../store/database.ts';
import { AlarmRig, TestLane } from '../../tests/support/alarm-rig.ts';
import { eventually } from '../../tests/support/eventually.ts';

let rig: AlarmRig;
afterEach(() => rig.close());

async function started(...given: ConstructorParameters<typeof AlarmRig>): Promise<void> {
  rig = new AlarmRig(...given);
  await rig.start();
}

describe('holding back', () => {
  test('nobody is told before it has lasted long enough; then once, and once when it is over', async () => {
    await started();
    rig.wrong('a', { afterMs: 60_000 });
    await rig.pass(50);
    expect(rig.lane.told).toEqual([]);
    await rig.pass(600);
    expect(rig.lane.told).toEqual(['raised a']);
    rig.right('a');
    await rig.pass(20);
    expect(rig.lane.told).toEqual(['raised a']);
    await rig.pass(60);
    expect(rig.lane.told).toEqual(['raised a', 'over a']);
    const [over] = rig.lane.letters.at(-1)?.lines ?? [];
    expect(over?.text).toEqual({
      zh: expect.stringMatching(
        /^【已恢复】原告警：a 出错（2026-06-01 08:00:\d\d 起，历时 10 分钟( \d+ 秒)?）$/,
      ),
      en: expect.stringMatching(/^\[RESOLVED\] It was: a is wrong \(since .*, lasted 10 min/),
    });
  });

  test('what comes and goes within the time of grace is one trouble that lasts', async () => {
    await started();
    for (let round = 0; round < 8; round += 1) {
      rig.wrong('a', { afterMs: 60_000 });
      await rig.pass(5);
      rig.right('a');
      await rig.pass(10);
    }
    expect(rig.lane.told).toEqual(['raised a']);
    await rig.pass(60);
    expect(rig.lane.told).toEqual(['raised a', 'over a']);
  });

  test('a moment of trouble is nobody’s business', async () => {
    await started();
    rig.wrong('a', { afterMs: 60_000 });
    await rig.pass(10);
    rig.right('a');
    await rig.pass(600);
    expect(rig.lane.told).toEqual([]);
    expect(await rig.alarms.list({ limit: 10 })).toEqual([]);
  });

  test('what is unsure keeps an alarm and raises none', async () => {
    await started();
    rig.wrong('a', { unsure: true });
    await rig.pass(60);
    expect(rig.lane.told).toEqual([]);
    rig.wrong('a');
    await rig.pass(10);
    rig.wrong('a', { unsure: true });
    await rig.pass(3600);
    expect(rig.lane.told).toEqual(['raised a']);
  });

  test('one is told once more when it gets worse, unless somebody takes care of it', async () => {
    await started();
    rig.wrong('a', { stage: 1 });
    await rig.pass(10);
    rig.wrong('a', { stage: 2 });
    await rig.pass(10);
    rig.wrong('a', { stage: 1 });
    await rig.pass(10);
    rig.wrong('a', { stage: 2 });
    await rig.pass(10);
    expect(rig.lane.told).toEqual(['raised a', 'changed a']);
    const [alarm] = rig.alarms.open();
    const acked = await rig.alarms.acknowledge(alarm?.id ?? '', 'admin', 'on it');
    expect(acked).toMatchObject({ ackedBy: 'admin', note: 'on it' });
    rig.wrong('a', { stage: 3 });
    await rig.pass(60);
    expect(rig.lane.told).toEqual(['raised a', 'changed a']);
    rig.right('a');
    await rig.pass(60);
    expect(rig.lane.told).toEqual(['raised a', 'changed a', 'over a']);
  });
});

describe('restarts', () => {
  test.each(['stop', 'kill'] as const)('neither repeat nor lose anything (%s)', async (how) => {
    await started();
    rig.wrong('a');
    rig.wrong('slow', { afterMs: 60_000 });
    await rig.pass(30);
    await rig.restart(how);
    await rig.pass(45);
    // It counts from before the restart.
    expect(rig.lane.told).toEqual(['raised a', 'raised slow']);
    rig.right('a');
    await rig.restart(how);
    await rig.pass(60);
    expect(rig.lane.told).toEqual(['raised a', 'raised slow', 'over a']);
  });

  test('what was with a lane is handed to it again under the same id', async () => {
    await started();
    let open = (): void => {};
    rig.lane.gate = new Promise((resolve) => {
      open = resolve;
    });
    rig.wrong('a');
    await rig.pass(10);
    const [message] = await rig.db.read<{ state: string; batch: string }>(
      'SELECT state, batch FROM alarm_messages',
    );
    expect(message).toMatchObject({ state: 'sending' });
    await rig.restart('stop');
    open();
    await rig.pass(10);
    expect(rig.lane.told).toEqual(['raised a']);
    expect(rig.lane.letters[0]?.id).toBe(message?.batch);
  });

  test('a flapping alarm goes on flapping', async () => {
    await started({ flapping: { times: 2, withinMinutes: 60, quietMinutes: 15 } });
    for (let round = 0; round < 6; round += 1) {
      rig.wrong('a');
      await rig.pass(20);
      rig.right('a');
      await rig.pass(50);
      await rig.restart();
    }
    expect(rig.lane.told).toEqual(['raised a', 'over a', 'raised a']);
  });
});

test('while the database refuses, people are told from memory, once, by lanes that need none', async () => {
  let broken = false;
  const full = (): Promise<never> =>
    Promise.reject(Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }));
  rig = new AlarmRig({}, (db) =>
    Object.assign(Object.create(db) as Database, {
      transaction: ((work, options) =>
        broken ? full() : db.transaction(work, options)) as Database['transaction'],
      read: db.read.bind(db),
      readLong: db.readLong.bind(db),
      close: db.close.bind(db),
    }),
  );
  const [room, mail] = [new TestLane('room', true), new TestLane('mail')];
  rig.lanes = [room, mail];
  await rig.start();
  broken = true;
  rig.wrong('disk', { kind: 'disk' });
  await rig.pass(60);
  expect([room.told, mail.told]).toEqual([[], ['raised disk']]);
  broken = false;
  await rig.pass(10);
  rig.right('disk');
  await rig.pass(60);
  await eventually('the end', () => [...room.told, ...mail.told].length === 2);
  expect([...room.told, ...mail.told].sort()).toEqual(['over disk', 'raised disk']);
  const rows = await rig.db.read<{ state: string }>('SELECT state FROM alarms');
  expect(rows).toEqual([{ state: 'over' }]);
  await rig.restart();
  await rig.pass(60);
  expect([...room.told, ...mail.told]).toHaveLength(2);
});

test('a source that fails leaves its alarms as they are', async () => {
  await started();
  let fails = false;
  rig.alarms.addSource({
    name: 'shaky',
    everyMs: 1000,
    troubles: () => {
      if (fails) throw new Error('cannot tell');
      return [
        {
          ...({ key: 's', kind: 'disk', subject: 's', stage: 1, afterMs: 0 } as const),
          text: { zh: 's', en: 's' },
        },
      ];
    },
  });
  await rig.pass(10);
  fails = true;
  await rig.pass(300);
  expect(rig.lane.told).toEqual(['raised s']);
});

test('a clock set back by a day neither silences alarms nor keeps them', async () => {
  await started();
  rig.wrong('a', { afterMs: 30_000 });
  await rig.pass(10);
  await rig.clock.advance(-86_400_000);
  await rig.pass(60);
  expect(rig.lane.told).toEqual(['raised a']);
  rig.right('a');
  await rig.pass(10);
  await rig.clock.advance(-86_400_000);
  await rig.pass(60);
  expect(rig.lane.told).toEqual(['raised a', 'over a']);
});
