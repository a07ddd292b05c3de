import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { ImbotRig } from '../../tests/support/imbot-rig.ts';
import { CallbackFault } from './callback.ts';

let rig: ImbotRig;
const url = 'http://receiver/template_msg';
const waitMs = 30_000;
const text = (reply: string) => ({ type: 'text', reply, timestamp: 1 });

beforeEach(async () => {
  rig = await ImbotRig.open();
  await rig.notices.start();
});
afterEach(() => rig.close());

/** Moves time on, and lets what falls due reach its end. */
async function pass(ms: number): Promise<void> {
  await rig.clock.advance(ms);
  await settled();
}

/** Every notice that is due has been settled. */
async function settled(): Promise<void> {
  await eventually('notices settled', async () => {
    await rig.db.transaction(() => undefined);
    return rig.notices.working === 0;
  });
}

it('tells of a message that was not fetched, once, with the oldest form id', async () => {
  rig.forms.set('joe', ['form 1', 'form 2']);
  await rig.say('bowen', 'joe', text('hello'), url);
  await pass(waitMs - 1);
  expect(rig.posted).toEqual([]);
  await pass(1);
  const body = { formId: 'form 1', fromUserId: 'bowen', toUserId: 'joe', msg: text('hello') };
  expect(rig.posted).toEqual([{ address: url, body }]);
  await pass(10 * waitMs);
  expect(rig.posted).toHaveLength(1);
  expect(rig.notices.armed).toBe(0);
  // The message waits all the same, and the next one sets the timer again.
  await rig.say('bowen', 'joe', text('are you there?'), url);
  await pass(waitMs);
  expect(rig.posted.map(({ body: one }) => (one as { formId: unknown }).formId)).toEqual([
    'form 1',
    'form 2',
  ]);
  expect(await rig.take('bowen', 'joe')).toHaveLength(2);
});

it('without a form id tells so all the same', async () => {
  await rig.say('bowen', 'joe', text('hello'), url);
  await pass(waitMs);
  expect(rig.posted).toMatchObject([{ body: { formId: null } }]);
});

it('what was fetched in time is told to nobody, and costs no form id', async () => {
  rig.forms.set('joe', ['form 1']);
  await rig.say('bowen', 'joe', text('hello'), url);
  await pass(waitMs / 2);
  await rig.take('bowen', 'joe');
  await pass(waitMs);
  expect(rig.posted).toEqual([]);
  expect(rig.forms.get('joe')).toEqual(['form 1']);
  expect(rig.notices.counts().get('read')).toBe(1);
});

it('each receiver has one timer: the first message’s, whoever else writes meanwhile', async () => {
  await rig.say('bowen', 'joe', text('1'), `${url}?1`);
  await pass(waitMs / 2);
  await rig.say('macheal', 'joe', text('2'), `${url}?2`);
  await rig.say('bowen', 'joe', text('3'), `${url}?3`);
  await rig.say('bowen', 'ann', text('4'), `${url}?4`);
  expect(rig.notices.armed).toBe(2);
  await pass(waitMs / 2);
  expect(rig.posted.map(({ address }) => address)).toEqual([`${url}?1`]);
  await pass(waitMs);
  expect(rig.posted.map(({ address }) => address)).toEqual([`${url}?1`, `${url}?4`]);
});

it('a message without templateUrl tells nobody, and keeps no other from being told of', async () => {
  await rig.say('bowen', 'joe', text('1'));
  expect(rig.notices.armed).toBe(0);
  await rig.say('bowen', 'joe', text('2'), url);
  await pass(waitMs);
  expect(rig.posted).toMatchObject([{ body: { msg: text('2') } }]);
});

it('timers survive a restart, also those that fell due meanwhile', async () => {
  await rig.say('bowen', 'joe', text('1'), url);
  await pass(waitMs / 2);
  await rig.say('bowen', 'ann', text('2'), url);
  await rig.notices.stop();
  rig.restart();
  await rig.clock.advance(waitMs / 2 + 1);
  await rig.notices.start();
  await settled();
  expect(rig.posted).toMatchObject([{ body: { toUserId: 'joe' } }]);
  expect(rig.notices.sets(await rig.names.get('ann'))).toBe(false);
  await pass(waitMs / 2);
  expect(rig.posted).toMatchObject([{ body: { toUserId: 'joe' } }, { body: { toUserId: 'ann' } }]);
});

it('an address that is not allowed is never asked, and costs no form id', async () => {
  rig.forms.set('joe', ['form 1']);
  await rig.say('bowen', 'joe', text('1'), 'http://forbidden/x?secret=1');
  await pass(waitMs);
  expect(rig.posted).toEqual([]);
  expect(rig.forms.get('joe')).toEqual(['form 1']);
  expect(rig.notices.counts().get('notAllowed')).toBe(1);
  expect(rig.lines).toContain('not allowed');
  expect(rig.lines).not.toContain('secret=1');
});

it('our own address is no detour over HTTP', async () => {
  rig.forms.set('joe', ['form 1']);
  await rig.say('bowen', 'joe', text('1'), 'http://own/template_msg');
  await pass(waitMs);
  expect(rig.posted).toEqual([]);
  expect(rig.sent).toEqual([
    { formId: 'form 1', fromUserId: 'bowen', toUserId: 'joe', msg: text('1') },
  ]);
});

it('where no connection was made it is tried three times more, with the same form id', async () => {
  rig.forms.set('joe', ['form 1', 'form 2']);
  let tries = 0;
  rig.answer = async () => {
    tries += 1;
    if (tries < 4) throw new CallbackFault('ECONNREFUSED', false);
    return 200;
  };
  await rig.say('bowen', 'joe', text('1'), url);
  await rig.clock.advance(waitMs);
  await eventually('a try', () => tries === 1);
  for (const [at, ms] of [1000, 5000, 15_000].entries()) {
    await eventually('a pause', () => rig.clock.next() !== undefined);
    await rig.clock.advance(ms);
    await eventually('another try', () => tries === at + 2);
  }
  await settled();
  expect(rig.posted).toMatchObject([{ body: { formId: 'form 1' } }]);
  expect(rig.forms.get('joe')).toEqual(['form 2']);
});

it('what reached nobody yet is said after a restart, with the same form id', async () => {
  rig.forms.set('joe', ['form 1', 'form 2']);
  let tries = 0;
  rig.answer = async () => {
    tries += 1;
    throw new CallbackFault('ECONNREFUSED', false);
  };
  await rig.say('bowen', 'joe', text('1'), url);
  await rig.clock.advance(waitMs);
  await eventually('a try', () => tries === 1);
  await eventually('a pause', () => rig.clock.next() !== undefined);
  // As after a kill: nobody has stopped the former one.
  rig.restart();
  rig.answer = async () => 200;
  await rig.notices.start();
  await settled();
  expect(rig.posted).toMatchObject([{ body: { formId: 'form 1', msg: text('1') } }]);
  expect(rig.notices.counts().get('told')).toBe(1);
  rig.restart();
  await rig.notices.start();
  await settled();
  expect(rig.posted).toHaveLength(1);
  expect(rig.notices.counts().get('lost')).toBeUndefined();
});

it('what was under way when the process was killed is lost: it is told, and not said again', async () => {
  let tries = 0;
  rig.answer = () => {
    tries += 1;
    return new Promise(() => {});
  };
  await rig.say('bowen', 'joe', text('1'), url);
  await rig.clock.advance(waitMs);
  await eventually('a try', () => tries === 1);
  rig.restart();
  rig.answer = async () => 200;
  await rig.notices.start();
  await settled();
  expect(rig.posted).toEqual([]);
  expect(rig.notices.counts().get('lost')).toBe(1);
  expect(rig.lines).toMatch(/"to":"joe".*"outcome":"lost"/);
});

it('what may have arrived is never said again', async () => {
  let tries = 0;
  rig.answer = async () => {
    tries += 1;
    throw new CallbackFault('ECONNRESET', true);
  };
  await rig.say('bowen', 'joe', text('1'), url);
  await pass(waitMs);
  await pass(10 * waitMs);
  expect(tries).toBe(1);
  expect(rig.notices.counts().get('failed')).toBe(1);
  rig.answer = async () => 500;
  await rig.say('bowen', 'joe', text('2'), url);
  await pass(10 * waitMs);
  expect(rig.posted).toHaveLength(1);
  expect(rig.notices.counts().get('refused')).toBe(1);
});

it('a database that fails at the hand-over loses neither the notice nor the form id', async () => {
  rig.forms.set('joe', ['form 1']);
  await rig.say('bowen', 'joe', text('1'), url);
  rig.db.failing = /DELETE FROM imbot_notices/;
  await rig.clock.advance(waitMs);
  await eventually('a failure', () => rig.lines.includes('could not be settled'));
  expect(rig.posted).toEqual([]);
  rig.db.failing = undefined;
  await pass(2000);
  expect(rig.posted).toMatchObject([{ body: { formId: 'form 1' } }]);
});

it('a slow receiver holds up nobody else', async () => {
  let release = (): void => {};
  const slow = new Promise<number>((resolve) => {
    release = () => resolve(200);
  });
  rig.answer = (address) => (address.includes('slow') ? slow : Promise.resolve(200));
  for (let at = 0; at < 40; at += 1) await rig.say('a', `slow ${at}`, text('1'), 'http://slow/x');
  await rig.say('a', 'quick', text('1'), 'http://quick/x');
  await rig.clock.advance(waitMs);
  await eventually('the quick one', () => rig.posted.length === 1);
  expect(rig.posted[0]?.address).toBe('http://quick/x');
  release();
  await eventually('all', () => rig.posted.length === 41);
});

it('a message whose transaction fails sets no timer', async () => {
  await rig.say('bowen', 'joe', text('0'));
  rig.db.failing = /INSERT INTO imbot_notices/;
  await expect(rig.say('bowen', 'joe', text('1'), url)).rejects.toThrow('full');
  rig.db.failing = undefined;
  expect(rig.notices.armed).toBe(0);
  await rig.say('bowen', 'joe', text('2'), url);
  await pass(waitMs);
  expect(rig.posted).toMatchObject([{ body: { msg: text('2') } }]);
});
