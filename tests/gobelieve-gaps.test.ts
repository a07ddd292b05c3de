import { afterEach, beforeEach, expect, it } from 'vitest';
import { MessageRetention } from '../bot/im/message-retention.ts';
import { createLogger } from '../config/logger.ts';
import { ImRetentionStore } from '../store/im-retention.ts';
import { type GobelieveRest, gobelieveRest, userOf } from './support/gobelieve-rest.ts';

/** Inboxes whose places have gaps: after a restore, and where what was old was forgotten. */
let rig: GobelieveRest;
const [anna, ben] = [1001, 1002];

beforeEach(async () => {
  rig = await gobelieveRest();
});
afterEach(() => rig.close());

async function say(...texts: string[]): Promise<void> {
  for (const content of texts) {
    const answer = await rig.call('POST', '/messages/peers', {
      ...{ sender: anna, receiver: ben, content },
    });
    expect(answer.status).toBe(200);
  }
}

async function sayInGroup(gid: number, ...texts: string[]): Promise<void> {
  for (const content of texts) {
    await rig.call('POST', '/messages/groups', { sender: anna, receiver: gid, content });
  }
}

async function superGroup(): Promise<number> {
  const group = { master: anna, name: 'g', members: [anna, ben], super: true };
  return (await rig.call('POST', '/groups', group)).json.data.group_id;
}

/** As a restore leaves it: a place without a message stands for those given out after the backup. */
async function restored(): Promise<void> {
  await rig.db.transaction(async (tx) => {
    await tx.run(`INSERT INTO im_inbox (appid, uid, seq, message_id)
      SELECT appid, uid, max(seq) + 1000000, 0 FROM im_inbox GROUP BY appid, uid`);
    await tx.run(`INSERT INTO im_group_inbox (gid, seq, message_id)
      SELECT gid, max(seq) + 1000000, 0 FROM im_group_inbox GROUP BY gid`);
  });
  // What the daemon remembers of the newest places, it forgets when a transaction fails.
  const nothing = Buffer.from('never');
  const draft = { kind: 'system', appid: 7, sender: 0, receiver: ben, device: 0 } as const;
  const failing = rig.db.transaction(async (tx) => {
    await rig.im.log.appendIn(tx, {
      ...{ ...draft, clientId: 0, content: nothing, push: 'tell' },
      inboxes: [],
    });
    throw new Error('back');
  });
  await expect(failing).rejects.toThrow('back');
}

/** What was said before now is a year old. */
async function forgotten(): Promise<void> {
  await rig.clock.advance(2 * 86_400_000);
  const retention = new MessageRetention({
    ...{ store: new ImRetentionStore(rig.db), clock: rig.clock, messagesDays: 1 },
    logger: createLogger('silent'),
  });
  await retention.run();
}

async function history(): Promise<{ id: number; content: string }[]> {
  const { json } = await rig.call('GET', '/messages', undefined, await userOf(rig, ben));
  return json.data;
}

async function offline(): Promise<unknown> {
  return (await rig.call('GET', `/messages/offline?uid=${ben}`)).json.data;
}

it('the history goes on over the gap of a restore', async () => {
  await say('1', '2', '3');
  await restored();
  expect((await history()).map((one) => one.content)).toEqual(['1', '2', '3']);
  await say('4');
  expect((await history()).map(({ id, content }) => [id, content])).toEqual([
    [1, '1'],
    [2, '2'],
    [3, '3'],
    [1_000_004, '4'],
  ]);
});

it('what waits is counted, not the places between', async () => {
  await say('1', '2', '3');
  rig.im.cursors.raise({ appid: 7, uid: ben }, 1);
  await restored();
  expect(await offline()).toEqual({ count: 2, new: 1 });
  await say('4');
  expect(await offline()).toEqual({ count: 3, new: 1 });
  rig.im.cursors.raise({ appid: 7, uid: ben }, 3);
  expect(await offline()).toEqual({ count: 1, new: 1 });
  rig.im.cursors.raise({ appid: 7, uid: ben }, 1_000_004);
  expect(await offline()).toEqual({ count: 0, new: 0 });
});

it('what was forgotten is not counted, and the rest is history', async () => {
  await say('1', '2');
  await forgotten();
  await say('3', '4');
  await forgotten();
  // The newest stays for the sake of its number.
  expect((await history()).map((one) => one.content)).toEqual(['4']);
  await say('5');
  expect((await history()).map((one) => one.content)).toEqual(['4', '5']);
  expect(await offline()).toEqual({ count: 2, new: 1 });
});

it('so many are counted, and no more', async () => {
  const user = { appid: 7, uid: ben };
  await say('1', '2', '3', '4');
  expect(await rig.im.log.countAfter(user, 1, 100)).toBe(3);
  expect(await rig.im.log.countAfter(user, 1, 2)).toBe(2);
});

it('places are read backwards as they are', async () => {
  const user = { appid: 7, uid: ben };
  const gid = await superGroup();
  await say('1', '2', '3');
  await sayInGroup(gid, 'a', 'b');
  await restored();
  await say('4');
  await sayInGroup(gid, 'c');
  const { log } = rig.im;
  const seqs = (placed: { seq: number }[]) => placed.map(({ seq }) => seq);
  const end = Number.MAX_SAFE_INTEGER;
  expect(seqs(await log.readBack(user, end, 2))).toEqual([1_000_004, 3]);
  expect(seqs(await log.readBack(user, 3, 5))).toEqual([2, 1]);
  expect(seqs(await log.readBack(user, 1, 5))).toEqual([]);
  expect(seqs(await log.readGroupBack(gid, end, 2))).toEqual([1_000_004, 3]);
  expect(seqs(await log.readGroupBack(gid, 3, 5))).toEqual([2, 1]);
});
