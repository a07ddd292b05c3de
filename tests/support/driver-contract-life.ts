import { expect, test } from 'vitest';
import { type DriverHarness, Heard, logIn } from './driver-harness.ts';
import { fault, rigged, signal } from './driver-rigged.ts';
import { eventually } from './eventually.ts';

export function lifeContract(harness: DriverHarness): void {
  const { features } = harness;
  const withRig = rigged(harness);

  test.runIf(features.includes('qr'))(
    'start shows a QR code; scan and confirm log in',
    withRig(async ({ driver, world }) => {
      const heard = new Heard(driver);
      await driver.start(signal());
      const shown = await heard.until('scan');
      expect(shown).toMatchObject({ status: 'waiting', code: expect.stringMatching(/./) });
      expect(heard.of('login')).toEqual([]);
      await world.scan();
      await eventually('scanned', () =>
        heard.of('scan').some(({ status }) => status === 'scanned'),
      );
      await world.confirm();
      const { account } = await heard.until('login');
      expect(account).toEqual({ id: expect.stringMatching(/./), name: expect.stringMatching(/./) });
      await heard.until('ready');
      const order = heard.events.map(({ type }) => type);
      expect(order.indexOf('scan')).toBeLessThan(order.indexOf('login'));
      expect(order.indexOf('login')).toBeLessThan(order.indexOf('ready'));
      expect(heard.of('logout')).toEqual([]);
    }),
  );

  test(
    'start proves that the stream lives before it resolves',
    withRig(async ({ driver }) => {
      const heard = new Heard(driver);
      await driver.start(signal());
      await heard.until('alive');
      await driver.ping();
    }),
  );

  test.runIf(features.includes('qr-renewal'))(
    'a QR code that nobody scans is renewed every 120 s',
    withRig(async ({ driver, pass }) => {
      const heard = new Heard(driver);
      await driver.start(signal());
      const first = await heard.until('scan');
      await pass(119_000);
      const codes = (): Set<string> =>
        new Set(
          heard
            .of('scan')
            .filter(({ status }) => status === 'waiting')
            .map(({ code }) => code),
        );
      expect([...codes()]).toEqual([first.code]);
      await pass(2_000);
      await eventually('another code', () => codes().size === 2);
      await pass(120_000);
      await eventually('a third code', () => codes().size === 3);
    }),
  );

  test.runIf(features.includes('heartbeat'))(
    'proofs of life go on while nothing happens',
    withRig(async (rig) => {
      const heard = await logIn(rig);
      const before = heard.of('alive').length;
      await rig.pass(61_000);
      await heard.until('alive', before + 3);
      expect(heard.of('down')).toEqual([]);
      expect(heard.of('logout')).toEqual([]);
    }),
  );

  test.runIf(features.includes('kept-session'))(
    'stop keeps the session: a later life of another object logs in without a QR code',
    withRig(async (rig) => {
      const first = await logIn(rig);
      await rig.driver.stop();
      expect(first.of('logout')).toEqual([]);
      const second = await rig.reopen();
      const heard = new Heard(second);
      await second.start(signal());
      const login = await heard.until('login');
      expect(login.account.id).toBe(first.of('login')[0]?.account.id);
      await heard.until('ready');
      expect(heard.of('scan')).toEqual([]);
      await second.stop();
    }),
  );

  test.runIf(features.includes('kept-session'))(
    'the same object lives many times, and every event comes once',
    withRig(async (rig) => {
      const heard = await logIn(rig);
      for (let life = 2; life <= 6; life += 1) {
        await rig.driver.stop();
        await rig.driver.start(signal());
        await heard.until('login', life);
        await heard.until('ready', life);
      }
      const room = await rig.world.createRoom('复用', ['王五']);
      await rig.world.say(room.id, memberOf(room.members), '只来一次');
      await eventually('the message', () => heard.texts({ self: false }).includes('只来一次'));
      await rig.driver.ping();
      expect(heard.texts({ self: false })).toEqual(['只来一次']);
      expect(heard.of('login')).toHaveLength(6);
      expect(heard.of('logout')).toEqual([]);
      expect(heard.of('down')).toEqual([]);
    }),
  );

  test.runIf(features.includes('qr'))(
    'logout forgets the session and tells nothing',
    withRig(async (rig) => {
      const heard = await logIn(rig);
      await rig.driver.logout();
      await rig.driver.stop();
      expect(heard.of('logout')).toEqual([]);
      const second = await rig.reopen();
      const after = new Heard(second);
      await second.start(signal());
      await after.until('scan');
      expect(after.of('login')).toEqual([]);
      await second.stop();
    }),
  );

  test.runIf(features.includes('kick'))(
    'a kick is told as logout, and the next start needs a scan',
    withRig(async (rig) => {
      const heard = await logIn(rig);
      const room = await rig.world.createRoom('踢出', ['张三']);
      await rig.world.kick();
      const { reason } = await heard.until('logout');
      expect(reason).toMatch(/./);
      await expect(
        rig.driver.sendText({ kind: 'room', id: room.id }, '不该发出', { ref: '1' }),
      ).rejects.toMatchObject(fault('offline'));
      await rig.driver.stop();
      const scans = heard.of('scan').length;
      await rig.driver.start(signal());
      await heard.until('scan', scans + 1);
      expect(heard.of('login')).toHaveLength(1);
      expect(heard.of('logout')).toHaveLength(1);
    }),
  );

  test(
    'stop is idempotent, never rejects, and nothing is heard afterwards',
    withRig(async (rig) => {
      await rig.driver.stop();
      const heard = await logIn(rig);
      const room = await rig.world.createRoom('停机', ['赵六']);
      await Promise.all([rig.driver.stop(), rig.driver.stop()]);
      await rig.driver.stop();
      const before = heard.events.length;
      await rig.world.say(room.id, memberOf(room.members), '没人听');
      await rig.pass(1_000);
      expect(heard.events.slice(before)).toEqual([]);
      await expect(rig.driver.ping()).rejects.toMatchObject(fault('offline'));
      await expect(rig.driver.rooms()).rejects.toMatchObject(fault('offline'));
      await expect(
        rig.driver.sendText({ kind: 'room', id: room.id }, '不该发出', { ref: '1' }),
      ).rejects.toMatchObject(fault('offline'));
      expect((await rig.world.seen(room.id)).filter(({ self }) => self)).toEqual([]);
    }),
  );

  test(
    'an aborted start rejects, and the next one works',
    withRig(async (rig) => {
      const controller = new AbortController();
      controller.abort();
      await expect(rig.driver.start(controller.signal)).rejects.toMatchObject(fault('offline'));
      await rig.driver.stop();
      await logIn(rig);
    }),
  );

  test(
    'a listener that has left hears nothing more',
    withRig(async (rig) => {
      const gone = new Heard(rig.driver);
      gone.off();
      const heard = await logIn(rig);
      expect(heard.events.length).toBeGreaterThan(0);
      expect(gone.events).toEqual([]);
    }),
  );
}

function memberOf(members: { id: string }[]): string {
  const [first] = members;
  if (first === undefined) throw new Error('the room has no members');
  return first.id;
}
