import { afterEach, describe, expect, test } from 'vitest';
import { AlarmRig, TestLane } from '../../tests/support/alarm-rig.ts';

let rig: AlarmRig;
afterEach(() => rig.close());

async function started(settings: Record<string, unknown> = {}, lanes?: TestLane[]): Promise<void> {
  rig = new AlarmRig(settings);
  if (lanes !== undefined) rig.lanes = lanes;
  await rig.start();
}

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
    const [first, second] = [new TestLane('first'), new TestLane('second')];
    await started({ maxPerHour: 3 }, [first, second]);
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
    const [first, second] = [new TestLane('first'), new TestLane('second')];
    await started({}, [first, second]);
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

  test('the same letter again has the same id: it may have been taken, and its answer lost', async () => {
    await started();
    rig.lane.refuses = 'no answer in time';
    rig.wrong('a');
    rig.wrong('b');
    await rig.pass(60);
    rig.lane.refuses = undefined;
    await rig.pass(600);
    const ids = new Set(rig.lane.asked.map((letter) => letter.id));
    expect(rig.lane.asked.length).toBeGreaterThan(2);
    expect(ids.size).toBe(1);
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
