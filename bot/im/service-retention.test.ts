import { expect, it } from 'vitest';
import { createLogger } from '../../config/logger.ts';
import { ImConversationStore } from '../../store/im-conversations.ts';
import { ImNameStore } from '../../store/im-names.ts';
import { imbot, ServiceRig, wechat } from '../../tests/support/service-rig.ts';
import { ServiceRetention } from './service-retention.ts';

const day = 86_400_000;

async function withRig(work: (rig: ServiceRig, retain: () => ServiceRetention) => Promise<void>) {
  const rig = await ServiceRig.open();
  const retain = (): ServiceRetention =>
    new ServiceRetention({
      store: new ImConversationStore(rig.db),
      nameStore: new ImNameStore(rig.db),
      ...{ names: rig.im.names, hub: rig.im.hub, cache: rig.im.conversations.cache },
      ...{ clock: rig.clock, logger: createLogger('silent'), messagesDays: 30 },
    });
  try {
    await work(rig, retain);
  } finally {
    await rig.close();
  }
}

it('conversations go when nobody talked in them for long, and come anew', () =>
  withRig(async (rig, retain) => {
    await rig.connect('joe');
    const old = (await rig.ask(wechat('ann'), '1')).conversation.id;
    await rig.clock.advance(20 * day);
    await rig.ask(wechat('ben'), '2');
    await rig.clock.advance(11 * day);
    expect(await rig.im.conversations.find('joe', 'ann')).toBeDefined();
    expect(await retain().run()).toMatchObject({ conversations: 1 });
    expect(await rig.im.conversations.find('joe', 'ann')).toBeUndefined();
    expect(rig.im.conversations.peek(old)).toBeUndefined();
    expect(await rig.im.conversations.find('joe', 'ben')).toBeDefined();
    await rig.clock.advance(31 * day);
    // The newest stays: its number is not given to another.
    expect(await retain().run()).toMatchObject({ conversations: 0 });
    const { conversation } = await rig.ask(wechat('ann'), 'me again');
    expect(conversation.id).toBeGreaterThan(2);
    expect(await rig.im.conversations.find('joe', 'ann')).toMatchObject({ id: conversation.id });
  }));

it('many of them go in small transactions', () =>
  withRig(async (rig, retain) => {
    await rig.connect('joe');
    await Promise.all(Array.from({ length: 450 }, (_, at) => rig.ask(wechat(`c${at}`), 'x')));
    await rig.clock.advance(31 * day);
    expect(await retain().run()).toMatchObject({ conversations: 449 });
  }));

it('names stay while anything refers to them, or somebody may', () =>
  withRig(async (rig, retain) => {
    // Nobody speaks of these again.
    const strangers = Array.from({ length: 450 }, (_, at) => `stranger${at}`);
    await rig.db.transaction(async (tx) => {
      for (const name of strangers) await rig.im.names.getIn(tx, name);
    });
    await rig.ask(wechat('customer'), 'x');
    const joe = await rig.connect('joe');
    await rig.settled();
    joe.leave();
    await rig.ask(imbot('bob'), 'x');
    await rig.im.names.get('newest');
    const { uid } = await rig.im.names.get('stranger0');
    // All of them were asked for in this life.
    expect(await retain().run()).toMatchObject({ names: 0 });
    await rig.restart();
    await rig.im.names.get('stranger1');
    await rig.connect('stranger2');
    expect(await retain().run()).toMatchObject({ names: 448 });
    const { db } = rig;
    const left = await db.read<{ name: string }>('SELECT name FROM im_names ORDER BY uid');
    expect(left.map((row) => row.name)).toEqual([
      ...['stranger1', 'stranger2', 'customer', 'joe', 'bob', 'newest'],
    ]);
    // A number is never given to another.
    expect((await rig.im.names.get('stranger0')).uid).toBeGreaterThan(uid);
    expect(await rig.im.names.find('stranger3')).toBeUndefined();
  }));

it('looks for references by indexes', () =>
  withRig(async (rig, retain) => {
    for (const name of ['a', 'b', 'c']) await rig.im.names.get(name);
    await rig.restart();
    rig.db.statements.clear();
    await retain().run();
    const [forget] = [...rig.db.statements].filter((sql) => /DELETE FROM im_names/.test(sql));
    const plan = await rig.db.read<{ detail: string }>(`EXPLAIN QUERY PLAN ${forget}`, [1]);
    expect(plan.length).toBeGreaterThan(9);
    for (const { detail } of plan) expect(detail).not.toMatch(/^SCAN/);
  }));
