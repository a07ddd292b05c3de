import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver, SendFile, Target } from '../bot/automation/driver.ts';
import { ClientPuppet } from '../bot/automation/drivers/wechaty/client-puppet.ts';
import { RealClock } from '../bot/clock.ts';
import { pixel } from './support/driver-contract-sends.ts';
import { Heard } from './support/driver-harness.ts';
import { fault, signal, watch } from './support/driver-rigged.ts';
import { eventually } from './support/eventually.ts';
import { type ServedPuppet, servePuppet } from './support/puppet-farm.ts';
import { type DriverBench, driverBench } from './support/wechaty-harness.ts';

const large: SendFile = { ...pixel, bytes: Buffer.alloc(100_000, 3) };

let bench: DriverBench;
let served: ServedPuppet;
let driver: Driver;
let to: Target;

beforeEach(async () => {
  bench = await driverBench(new RealClock());
  served = await servePuppet();
  served.puppet.keepLogin();
  to = { kind: 'room', id: served.puppet.addRoom('图片群', ['张三']).id };
  driver = bench.build({ puppetOptions: served.options });
  const heard = new Heard(driver);
  await driver.start(signal());
  await heard.until('login');
});

afterEach(async () => {
  await bench.close();
  await served.close();
});

describe('image sent twice: the library sends a file again on any error', () => {
  test.each([
    ['a small one', pixel],
    ['a large one', large],
  ])('%s that arrived and then failed is unknown, and there once', async (_what, file) => {
    served.puppet.faults.add({ kind: 'late-error', on: 'image' });
    await expect(driver.sendImage(to, file, { ref: '1' })).rejects.toMatchObject(fault('unknown'));
    await pause(300);
    expect(served.puppet.seenIn(to.id)).toHaveLength(1);
  });

  test('one whose answer is lost with the connection is unknown, and there once', async () => {
    served.puppet.faults.add({ kind: 'lost-answer', on: 'image' });
    const sent = watch(driver.sendImage(to, large, { ref: '1' }));
    await eventually('its arrival', () => served.puppet.seenIn(to.id).length === 1);
    await served.down();
    expect(await sent.result).toMatchObject({ error: fault('unknown') });
    await served.up();
    await pause(300);
    expect(served.puppet.seenIn(to.id)).toHaveLength(1);
  });

  test.each([
    ['refused', { kind: 'error', on: 'image' }, 'refused'],
    ['too frequent', { kind: 'rate', on: 'image' }, 'rate'],
  ] as const)('one that is %s is not tried again', async (_what, toHappen, name) => {
    served.puppet.faults.add(toHappen);
    await expect(driver.sendImage(to, pixel, { ref: '1' })).rejects.toMatchObject(fault(name));
    await pause(300);
    expect(served.puppet.seenIn(to.id)).toEqual([]);
  });

  test('a small Buffer goes as one call, and arrives byte for byte', async () => {
    await driver.sendImage(to, pixel, { ref: '1' });
    expect(served.puppet.seenIn(to.id).map(({ fileSha256 }) => fileSha256)).toEqual([
      createHash('sha256').update(pixel.bytes).digest('hex'),
    ]);
  });
});

describe('calls while there is no connection', () => {
  test('what never left is offline, with files too', async () => {
    const heard = new Heard(driver);
    await served.down();
    await heard.until('down');
    await expect(driver.sendText(to, '没走', { ref: '1' })).rejects.toMatchObject(fault('offline'));
    await expect(driver.sendImage(to, large, { ref: '2' })).rejects.toMatchObject(fault('offline'));
    expect(served.puppet.seenIn(to.id)).toEqual([]);
  });

  test('an order to forget a payload is no unhandled rejection', async () => {
    const { token, endpoint } = served;
    await driver.stop();
    const puppet = new ClientPuppet({ token, endpoint, tls: { disable: true } });
    await puppet.start();
    const errors: unknown[] = [];
    puppet.on('error', (error) => {
      errors.push(error);
    });
    await served.down();
    // A test run fails by itself on an unhandled rejection.
    await expect(puppet.dirtyPayload(3, to.id)).resolves.toBeUndefined();
    expect(errors).not.toEqual([]);
    puppet.detach();
  });
});
