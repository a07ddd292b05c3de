import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { OfficialRig } from '../../tests/support/official-rig.ts';
import { mostFrames } from './frames.ts';

const dayMs = 86_400_000;
let rig: OfficialRig;
beforeEach(async () => {
  rig = await OfficialRig.open();
});
afterEach(() => rig.close());

describe('frames', () => {
  it('go when they have waited long enough, with their messages; numbers go on', async () => {
    for (let at = 1; at <= 5; at += 1) await rig.push(['u'], `old ${at}`);
    await rig.push(['u', 'v', 'w'], 'old to many', true);
    await rig.clock.advance(6 * dayMs);
    await rig.push(['u'], 'young');
    await rig.clock.advance(2 * dayMs);
    expect(await rig.waiting('u')).toEqual(['young']);
    expect(await rig.official.retention.run()).toBe(5);
    expect(await rig.waiting('u')).toEqual(['young']);
    expect(await rig.count('im_messages')).toBe(1);
    expect(await rig.count('official_many')).toBe(0);
    // The newest of each inbox stays, for the numbers to go on from.
    await rig.clock.advance(8 * dayMs);
    await rig.official.retention.run();
    expect(await rig.count('im_inbox')).toBe(1);
    expect(await rig.waiting('u')).toEqual([]);
    await rig.restart();
    await rig.push(['u'], 'new');
    const [placed] = await rig.im.log.readNewest(await rig.im.names.get('u'), 1);
    expect(placed?.seq).toBe(7);
    expect(await rig.waiting('u')).toEqual(['new']);
  });

  it('that are too many make room, the oldest first', async () => {
    const all = Array.from({ length: mostFrames + 1200 }, (_, at) => rig.push(['u'], `${at}`));
    await Promise.all(all);
    await rig.push(['v'], 'one');
    // Before anything is forgotten, too.
    expect((await rig.waiting('u')).at(0)).toBe('1200');
    expect(await rig.waiting('u')).toHaveLength(mostFrames);
    expect(await rig.official.retention.run()).toBe(1200);
    expect(await rig.waiting('u')).toHaveLength(mostFrames);
    expect(await rig.count('im_messages')).toBe(mostFrames + 1);
    expect(await rig.waiting('v')).toEqual(['one']);
  });

  it('of a customer stay: they are the history of the conversation', async () => {
    const customer = { via: 'imbot', account: '', contact: 'c' } as const;
    const content = { type: 'text', text: 'hello' } as const;
    await rig.db.transaction((tx) => rig.im.conversations.fromCustomer(tx, { customer, content }));
    await rig.push(['c'], 'a push');
    await rig.clock.advance(30 * dayMs);
    expect(await rig.official.retention.run()).toBe(0);
    expect(await rig.count('im_messages')).toBe(2);
  });

  it('what customers said waits for an agent, whatever its age', async () => {
    const customer = { via: 'imbot', account: '', contact: 'c', name: 'C' } as const;
    const content = { type: 'text', text: 'hello' } as const;
    await rig.push(['agent'], 'a push');
    const there = await rig.connect('agent');
    await rig.db.transaction((tx) => rig.im.conversations.fromCustomer(tx, { customer, content }));
    rig.im.hub.remove(there);
    await rig.push(['agent'], 'another');
    await rig.clock.advance(30 * dayMs);
    await rig.official.retention.run();
    expect(await rig.waiting('agent')).toEqual(['hello']);
  });
});

it('names of pushes go after a day, devices that came no more after months', async () => {
  await rig.push(['u'], 'x', false, 'name');
  const user = await rig.im.names.get('u');
  const { readers } = rig.official;
  const gone = await readers.open(user, 'gone');
  readers.acked(gone, 1);
  readers.close(gone);
  const here = await readers.open(user, 'here');
  await readers.stop();
  await rig.official.retention.run();
  expect(await rig.count('official_keys')).toBe(1);
  await rig.clock.advance(2 * dayMs);
  await rig.official.retention.run();
  expect(await rig.count('official_keys')).toBe(0);
  expect(await rig.count('official_readers')).toBe(2);
  await rig.clock.advance(100 * dayMs);
  await rig.official.retention.run();
  // The one that is connected all the time is no stranger.
  expect(await rig.db.read('SELECT device FROM official_readers')).toEqual([{ device: 'here' }]);
  readers.close(here);
});

it('runs hourly, in steps', async () => {
  for (let at = 0; at < 1300; at += 1) void rig.push(['u'], `${at}`);
  await rig.push(['u'], 'last');
  rig.official.start();
  await rig.clock.advance(8 * dayMs, () => Promise.resolve());
  // A round reads the disk in real time; one that is under way is not overtaken.
  await eventually('frames go', async () => {
    await rig.clock.advance(3_600_000);
    return (await rig.count('im_inbox')) < 1301;
  });
  await rig.official.retention.stop();
});
