import { afterEach, describe, expect, test } from 'vitest';
import type { Database } from '../../store/database.ts';
import { AlarmRig, TestLane } from '../../tests/support/alarm-rig.ts';
import { eventually } from '../../tests/support/eventually.ts';

let rig: AlarmRig;
afterEach(() => rig.close());

async function started(
  settings: Record<string, unknown> = {},
  wrap?: (db: Database) => Database,
): Promise<AlarmRig> {
  rig = new AlarmRig(settings, wrap);
  await rig.start();
  return rig;
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
        /^【恢复】a 出错（2026-06-01 08:00:\d\d 起，历时 10 分钟( \d+ 秒)?）$/,
      ),
      en: expect.stringMatching(/^\[OVER\] a is wrong \(since .*, lasted 10 min/),
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

describe('many messages', () => {
  test('an alarm that flaps is told a few times, then stays until there is calm', async () => {
    await started({ flapping: { times: 3, withinMinutes: 60, quietMinutes: 15 } });
    for (let round = 0; round < 12; round += 1) {
      rig.wrong('a');
      await rig.pass(40);
      rig.right('a');
      await rig.pass(50);
    }
    expect(rig.lane.told).toEqual(['raised a', 'over a', 'raised a', 'over a', 'raised a']);
    expect(rig.lane.letters.at(-1)?.lines[0]?.text.zh).toContain('反复出现');
    await rig.pass(16 * 60);
    expect(rig.lane.told.slice(5)).toEqual(['over a']);
  });

  test('alarms of one moment are one letter', async () => {
    await started();
    for (let bot = 0; bot < 15; bot += 1) rig.wrong(`b${bot}`);
    await rig.pass(10);
    expect(rig.lane.letters).toHaveLength(1);
    expect(rig.lane.told).toHaveLength(15);
  });

  test('a lane takes so many an hour; the next one takes the rest, and what is left waits', async () => {
    rig = new AlarmRig({ maxPerHour: 3 });
    const [first, second] = [new TestLane('first'), new TestLane('second')];
    rig.lanes = [first, second];
    await rig.start();
    for (let at = 0; at < 8; at += 1) {
      rig.wrong(`k${at}`);
      await rig.pass(10);
    }
    expect([first.letters.length, second.letters.length]).toEqual([3, 3]);
    await rig.pass(3700);
    expect([...first.told, ...second.told].sort()).toEqual(
      Array.from({ length: 8 }, (_, at) => `raised k${at}`),
    );
  });
});

describe('lanes', () => {
  test('are tried in order until one takes it; who fails is tried again when all have', async () => {
    rig = new AlarmRig();
    const [first, second] = [new TestLane('first'), new TestLane('second')];
    rig.lanes = [first, second];
    await rig.start();
    first.refuses = 'HTTP 500';
    rig.wrong('a');
    await rig.pass(10);
    expect([first.told, second.told]).toEqual([[], ['raised a']]);
    second.refuses = 'no connection';
    rig.wrong('b');
    await rig.pass(120);
    expect(rig.alarms.courier.failingSince).toBeDefined();
    second.refuses = undefined;
    await rig.pass(120);
    expect(second.told).toEqual(['raised a', 'raised b']);
    expect(rig.alarms.courier.failingSince).toBeUndefined();
  });

  test('an alarm that is over before anybody could be told is told in one line', async () => {
    await started();
    rig.lane.refuses = 'away';
    rig.wrong('a');
    await rig.pass(60);
    rig.right('a');
    await rig.pass(60);
    rig.lane.refuses = undefined;
    await rig.pass(1000);
    expect(rig.lane.told).toEqual(['over a']);
  });

  test('what is silenced is raised and not told; what lasts longer is told then', async () => {
    await started();
    const now = rig.clock.now();
    const base = { subject: undefined, note: 'work', createdBy: 'admin' };
    await rig.alarms.silences.add({ ...base, kind: 'bot', until: now + 600_000 });
    rig.wrong('a');
    rig.wrong('d', { kind: 'disk' });
    await rig.pass(300);
    expect(rig.lane.told).toEqual(['raised d']);
    expect(rig.alarms.open().map((one) => one.key)).toEqual(['a', 'd']);
    await rig.restart();
    await rig.pass(400);
    expect(rig.lane.told).toEqual(['raised d', 'raised a']);
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
