import { expect, test } from 'vitest';
import { inRoom, pixel } from './driver-contract-sends.ts';
import { type DriverHarness, Heard, logIn } from './driver-harness.ts';
import { fault, rigged, signal, watch } from './driver-rigged.ts';
import { eventually } from './eventually.ts';

/** What a send means for the message when the other side misbehaves. */
export function faultContract(harness: DriverHarness): void {
  const withRig = rigged(harness);
  const can = (name: string): boolean => harness.faults.includes(name);

  test.runIf(can('delay:text'))(
    'a slow answer is still an answer',
    withRig(async (rig) => {
      const { driver, world, to } = await inRoom(rig);
      await world.fault({ kind: 'delay', on: 'text', ms: 4_000 });
      const sent = watch(driver.sendText(to, '慢', { ref: '1' }));
      await rig.pass(3_000);
      expect(sent.settled()).toBe(false);
      await rig.pass(1_500);
      expect(await sent.result).toHaveProperty('value');
      expect(await world.seen(to.id)).toHaveLength(1);
    }),
  );

  test.runIf(can('hang:text'))(
    'a send without an answer is unknown after 15 s, and holds up no other',
    withRig(async (rig) => {
      const { driver, world, to } = await inRoom(rig);
      const other = await world.createRoom('别的群', ['张三']);
      await world.fault({ kind: 'hang', on: 'text' });
      const stuck = watch(driver.sendText(to, '没有回音', { ref: '1' }));
      await driver.sendText({ kind: 'room', id: other.id }, '照常', { ref: '2' });
      await rig.pass(14_000);
      expect(stuck.settled()).toBe(false);
      await rig.pass(2_000);
      expect(await stuck.result).toMatchObject({ error: fault('unknown') });
      expect(await world.seen(to.id)).toEqual([]);
      expect(await world.seen(other.id)).toHaveLength(1);
    }),
  );

  test.runIf(can('hang:text'))(
    'stop ends a send that hangs: unknown',
    withRig(async (rig) => {
      const { driver, world, to } = await inRoom(rig);
      await world.fault({ kind: 'hang', on: 'text' });
      const stuck = watch(driver.sendText(to, '没有回音', { ref: '1' }));
      await rig.pass(100);
      await driver.stop();
      await rig.pass(16_000);
      expect(await stuck.result).toMatchObject({ error: fault('unknown') });
    }),
  );

  for (const kind of ['text', 'image'] as const) {
    test.runIf(can(`lost-answer:${kind}`))(
      `a lost answer (${kind}) is unknown, and the message is there exactly once`,
      withRig(async (rig) => {
        const { driver, world, to, heard } = await inRoom(rig);
        await world.fault({ kind: 'lost-answer', on: kind });
        const sent = watch(
          kind === 'text'
            ? driver.sendText(to, '到了吗', { ref: '1' })
            : driver.sendImage(to, pixel, { ref: '1' }),
        );
        await rig.pass(16_000);
        expect(await sent.result).toMatchObject({ error: fault('unknown') });
        expect(await world.seen(to.id)).toHaveLength(1);
        if (!driver.capabilities.echo || kind === 'image') return;
        const echo = await eventually('the echo', () => heard.of('message')[0]?.message);
        expect(echo).toMatchObject({ self: true, text: '到了吗', roomId: to.id });
      }),
    );
  }

  test.runIf(can('error:text'))(
    'a refusal is known as one, and nothing left',
    withRig(async (rig) => {
      const { driver, world, to } = await inRoom(rig);
      await world.fault({ kind: 'error', on: 'text' });
      await expect(driver.sendText(to, '不行', { ref: '1' })).rejects.toMatchObject(
        fault('refused'),
      );
      expect(await world.seen(to.id)).toEqual([]);
      await driver.sendText(to, '行', { ref: '2' });
      expect(await world.seen(to.id)).toHaveLength(1);
    }),
  );

  test.runIf(can('rate:text'))(
    '"too frequent" is told apart from other refusals',
    withRig(async (rig) => {
      const { driver, world, to } = await inRoom(rig);
      await world.fault({ kind: 'rate', on: 'text' });
      await expect(driver.sendText(to, '太快', { ref: '1' })).rejects.toMatchObject(fault('rate'));
      expect(await world.seen(to.id)).toEqual([]);
    }),
  );

  test.runIf(can('error:rooms'))(
    'a room list that fails rejects: it is never a part of the list',
    withRig(async (rig) => {
      const { driver, world, to } = await inRoom(rig);
      await world.fault({ kind: 'error', on: 'rooms' });
      await expect(driver.rooms()).rejects.toMatchObject(fault('offline'));
      expect((await driver.rooms()).map(({ id }) => id)).toContain(to.id);
    }),
  );

  test.runIf(can('hang:rooms'))(
    'a look-up without an answer is offline after 30 s',
    withRig(async (rig) => {
      const { driver, world } = await inRoom(rig);
      await world.fault({ kind: 'hang', on: 'rooms' });
      const stuck = watch(driver.rooms());
      await rig.pass(28_000);
      expect(stuck.settled()).toBe(false);
      await rig.pass(3_000);
      expect(await stuck.result).toMatchObject({ error: fault('offline') });
    }),
  );

  test.runIf(can('hang:ping'))(
    'a ping without an answer rejects in time',
    withRig(async (rig) => {
      await logIn(rig);
      await rig.world.fault({ kind: 'hang', on: 'ping' });
      const stuck = watch(rig.driver.ping());
      await rig.pass(31_000);
      expect(await stuck.result).toMatchObject({ error: fault('offline') });
    }),
  );

  test.runIf(can('error:start'))(
    'a start that fails says so, and the next one works',
    withRig(async (rig) => {
      await rig.world.fault({ kind: 'error', on: 'start' });
      await expect(rig.driver.start(signal())).rejects.toHaveProperty('fault');
      await rig.driver.stop();
      await logIn(rig);
    }),
  );

  test.runIf(can('hang:start'))(
    'a start that hangs can be aborted',
    withRig(async (rig) => {
      await rig.world.fault({ kind: 'hang', on: 'start' });
      const controller = new AbortController();
      const start = watch(rig.driver.start(controller.signal));
      await rig.pass(500);
      expect(start.settled()).toBe(false);
      controller.abort();
      await rig.pass(5_000);
      expect(await start.result).toMatchObject({ error: fault('offline') });
      await rig.driver.stop();
      await logIn(rig);
    }),
  );

  test.runIf(can('stream-death') && harness.features.includes('kept-session'))(
    'a broken stream is told as down, never as logout; the next life logs in by itself',
    withRig(async (rig) => {
      const { driver, world, heard, to } = await inRoom(rig);
      await world.fault({ kind: 'stream-death' });
      expect((await heard.until('down')).reason).toMatch(/./);
      await driver.stop();
      const before = heard.of('scan').length;
      const again = new Heard(driver);
      await driver.start(signal());
      await again.until('login');
      await again.until('ready');
      expect(heard.of('scan')).toHaveLength(before);
      expect(heard.of('logout')).toEqual([]);
      expect(heard.of('down')).toHaveLength(1);
      await driver.sendText(to, '又好了', { ref: '1' });
      expect(await world.seen(to.id)).toHaveLength(1);
    }),
  );
}
