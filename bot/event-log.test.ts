import { afterEach, describe, expect, it } from 'vitest';
import type { Param } from '../store/database.ts';
import {
  botStatus,
  createEventRig,
  type EventRig,
  type EventRigOptions,
  qrCode,
  sendStatus,
  userMsg,
} from '../tests/support/event-rig.ts';
import { VirtualClock } from './clock.ts';
import type { StoredEvent } from './event-log.ts';

const address = 'http://127.0.0.1:9/never-called';
let rig: EventRig;
afterEach(() => rig.close());

async function create(channels: EventRigOptions['channels'] = [{ chid: 'demo' }]): Promise<void> {
  rig = await createEventRig({ channels, clock: new VirtualClock() });
}
const all = (chid = 'demo'): Promise<StoredEvent[]> =>
  rig.events.read(chid, { after: 0, limit: 100 });
const ids = (events: StoredEvent[]): number[] => events.map((one) => one.eventId);

describe('what a channel is told', () => {
  it('is what happens to its bots, each channel counting for itself', async () => {
    await create([
      { chid: 'one', bots: ['bot01'] },
      { chid: 'two', bots: ['bot01', 'bot02'] },
      { chid: 'any', bots: '*' },
    ]);
    await rig.record(botStatus('login'), botStatus('login', 'bot02'), botStatus('logout', 'bot03'));
    expect((await all('one')).map((one) => one.botcode)).toEqual(['bot01']);
    expect((await all('two')).map((one) => one.botcode)).toEqual(['bot01', 'bot02']);
    expect(ids(await all('any'))).toEqual([1, 2, 3]);
  });

  it('a send: only whoever asked for it, also when it sees the bot no more', async () => {
    await create([{ chid: 'demo', bots: [] }, { chid: 'other' }]);
    await rig.record(sendStatus(5), { ...sendStatus(6), chid: 'removed' } as never);
    expect((await all()).map((one) => one.event)).toEqual([
      expect.objectContaining({ type: 'sendStatus', msgid: 5, txcode: 'tx5' }),
    ]);
    expect(await all('other')).toEqual([]);
    expect(ids(await rig.events.ofSend(5))).toEqual([1]);
  });

  it('is narrowed by the types it asked for', async () => {
    await create([{ chid: 'demo', events: ['botStatus'] }]);
    await rig.record(sendStatus(1), qrCode('q'), userMsg('hi'), botStatus('login'));
    expect((await all()).map((one) => [one.eventId, one.event.type])).toEqual([[1, 'botStatus']]);
  });

  it.each([
    ['mentions', ['at me', 'private']],
    ['all', ['at me', 'private', 'chatter']],
    ['none', []],
  ] as const)('messages: %s', async (userMsgs, told) => {
    await create([{ chid: 'demo', userMsg: userMsgs }]);
    await rig.record(
      userMsg('at me'),
      userMsg('private', { roomId: undefined, mentionsSelf: false }),
      userMsg('chatter', { mentionsSelf: false }),
      userMsg('[picture]', { kind: 'image', roomId: undefined }),
    );
    const texts = (await all()).map(({ event }) => (event.type === 'userMsg' ? event.text : ''));
    expect(texts).toEqual(told);
  });

  it('waits for delivery only where there is an address', async () => {
    await create([{ chid: 'demo', callbackUrl: address }, { chid: 'pull' }]);
    await rig.record(botStatus('login'));
    expect(await rig.states()).toEqual(['1 due']);
    expect(await rig.states('pull')).toEqual(['1 none']);
  });
});

describe('recording', () => {
  it('numbers without gaps, also when a transaction fails', async () => {
    await create();
    await rig.record(sendStatus(1));
    const failing = rig.db.transaction(async (tx) => {
      await rig.events.record(tx, sendStatus(2));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await Promise.all([rig.record(sendStatus(3)), rig.record(sendStatus(4), sendStatus(5))]);
    expect(ids(await all())).toEqual([1, 2, 3, 4]);
    expect(await rig.events.lastId('demo')).toBe(4);
  });

  it('wakes readers once it is on disk, and not when it was rolled back', async () => {
    await create();
    let woken = 0;
    rig.signals.on('events:demo', () => {
      woken += 1;
    });
    await rig.db
      .transaction(async (tx) => {
        await rig.events.record(tx, sendStatus(1));
        throw new Error('no');
      })
      .catch(() => {});
    expect(woken).toBe(0);
    const recorded = rig.db.transaction(async (tx) => {
      await rig.events.record(tx, sendStatus(2));
      expect(woken).toBe(0);
    });
    await recorded;
    expect(woken).toBe(1);
  });

  it('takes two statements for the status of a send', async () => {
    const seen: string[] = [];
    rig = await createEventRig({ channels: [{ chid: 'demo' }, { chid: 'other' }] });
    await rig.db.transaction(async (tx) => {
      const note = (sql: string, params?: readonly Param[]) => {
        seen.push(sql);
        return params;
      };
      await rig.events.record(
        {
          ...tx,
          run: (sql, params) => tx.run(sql, note(sql, params)),
          get: (sql, params) => tx.get(sql, note(sql, params)),
          all: (sql, params) => tx.all(sql, note(sql, params)),
          onDurable: (work) => tx.onDurable(work),
        },
        sendStatus(1),
      );
    });
    expect(seen).toHaveLength(2);
    expect(ids(await all())).toEqual([1]);
  });
});

describe('QR codes', () => {
  it.each([
    ['a newer code', qrCode('new'), ['1 superseded', '2 due', '3 due']],
    ['a login', botStatus('login'), ['1 superseded', '2 due', '3 due']],
    ['the end of the bot', botStatus('off'), ['1 superseded', '2 due', '3 due']],
    ['a logout', botStatus('logout'), ['1 due', '2 due', '3 due']],
    ['a code of another bot', qrCode('x', 'bot02'), ['1 due', '2 superseded', '3 due']],
    ['anything else', userMsg('hi'), ['1 due', '2 due', '3 due']],
  ])('are superseded by %s of the same bot, or not', async (_what, next, expected) => {
    await create([{ chid: 'demo', callbackUrl: address }]);
    await rig.record(qrCode('old'), qrCode('old', 'bot02'));
    await rig.record(next);
    expect(await rig.states()).toEqual(expected);
  });

  it('are superseded in every channel, also dead ones and those nobody is posted', async () => {
    await create([{ chid: 'demo', callbackUrl: address }, { chid: 'pull' }, { chid: 'dead' }]);
    await rig.record(qrCode('old'));
    await rig.db.transaction((tx) =>
      tx.run("UPDATE events SET state = 'dead' WHERE chid = 'dead'"),
    );
    await rig.record(botStatus('login'));
    expect(await rig.states()).toEqual(['1 superseded', '2 due']);
    expect(await rig.states('pull')).toEqual(['1 superseded', '2 none']);
    expect(await rig.states('dead')).toEqual(['1 superseded', '2 none']);
  });

  it('stay when a receiver took them', async () => {
    await create([{ chid: 'demo', callbackUrl: address }]);
    await rig.record(qrCode('old'));
    await rig.db.transaction((tx) => tx.run("UPDATE events SET state = 'acked'"));
    await rig.record(qrCode('new'));
    expect(await rig.states()).toEqual(['1 acked', '2 due']);
  });

  it('are read no more once superseded', async () => {
    await create();
    await rig.record(qrCode('old'), botStatus('loginerr'), qrCode('new'));
    expect(ids(await all())).toEqual([2, 3]);
  });
});

describe('reading', () => {
  it('pages by id and tells from where to go on', async () => {
    await create();
    await rig.record(...[1, 2, 3, 4, 5].map((msgid) => sendStatus(msgid)));
    const first = await rig.events.page('demo', { after: 0, limit: 2 });
    expect([ids(first.events), first.lastId, first.end]).toEqual([[1, 2], 2, false]);
    const last = await rig.events.page('demo', { after: 3, limit: 2 });
    expect([ids(last.events), last.lastId, last.end]).toEqual([[4, 5], 5, true]);
    const none = await rig.events.page('demo', { after: 5, limit: 2 });
    expect([ids(none.events), none.lastId, none.end]).toEqual([[], 5, true]);
    expect(await rig.events.page('nobody', { after: 0, limit: 2 })).toMatchObject({ lastId: 0 });
  });

  it('steps over what a filter leaves out, a bounded number of rows at a time', async () => {
    await create();
    const bulk = Array.from({ length: 1000 }, (_, at) => sendStatus(at));
    for (let round = 0; round < 6; round += 1) await rig.record(...bulk);
    await rig.record(botStatus('login'));
    const types = ['botStatus'] as const;
    const step = await rig.events.page('demo', { after: 0, limit: 10, types });
    expect([ids(step.events), step.lastId, step.end]).toEqual([[], 5000, false]);
    expect(ids(await rig.events.read('demo', { after: 0, limit: 10, types: [...types] }))).toEqual([
      6001,
    ]);
  });

  it('starts at what is left after old events were forgotten', async () => {
    await create();
    await rig.record(sendStatus(1), sendStatus(2));
    await (rig.clock as VirtualClock).advance(1000);
    await rig.record(sendStatus(3));
    expect(await rig.events.prune(rig.clock.now())).toBe(2);
    expect(ids(await all())).toEqual([3]);
    await rig.record(sendStatus(4));
    expect(ids(await all())).toEqual([3, 4]);
  });
});
