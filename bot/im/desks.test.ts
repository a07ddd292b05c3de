import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { VirtualClock } from '../clock.ts';
import { firstCustomer } from './desks.ts';
import { createIm, type Im } from './im.ts';

let folder: string;
let db: SqliteDatabase;
let im: Im;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-desks-'));
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  const clock = new VirtualClock();
  await migrate(db, { now: clock.now() });
  im = createIm({ db, vault: openVault(folder), clock, logger: createLogger('silent') });
  await im.start([
    { appid: 7, secret: 'a' },
    { appid: 8, secret: 'b' },
  ]);
});
afterEach(async () => {
  await im.stop();
  await db.close();
  rmSync(folder, { recursive: true });
});

/** Where customers of app 7 go. */
async function desk(): Promise<number> {
  const { storeId } = await im.desks.addDesk({ appid: 7, name: '售后' });
  await im.apps.update(7, { storeId });
  return storeId;
}

describe('customers', () => {
  it('are the same for a customer id, and new without one', async () => {
    const storeId = await desk();
    const first = await im.desks.register({
      appid: 7,
      customerId: 'c1',
      name: '张三',
      avatar: 'u',
    });
    expect(first).toEqual({ token: expect.any(String), storeId, clientId: firstCustomer });
    expect(await im.desks.register({ appid: 7, customerId: 'c1' })).toEqual(first);
    expect(await im.users.get({ appid: 7, uid: firstCustomer })).toMatchObject({
      name: '张三',
      avatar: 'u',
    });
    expect(await im.users.authenticate(first?.token ?? '')).toMatchObject({ uid: firstCustomer });
    const nameless = await im.desks.register({ appid: 7 });
    const another = await im.desks.register({ appid: 7 });
    expect([nameless?.clientId, another?.clientId]).toEqual([firstCustomer + 1, firstCustomer + 2]);
    expect(await im.desks.clientOf(7, 'c1')).toBe(firstCustomer);
    expect(await im.desks.clientOf(7, 'c2')).toBeUndefined();
    expect(await im.desks.clientOf(8, 'c1')).toBeUndefined();
  });

  it('are counted by application', async () => {
    const storeId = await desk();
    await im.apps.update(8, { storeId });
    const clients = [];
    for (const appid of [7, 8]) clients.push(await im.desks.register({ appid, customerId: 'c' }));
    expect(clients.map((one) => one?.clientId)).toEqual([firstCustomer, firstCustomer]);
    expect(clients[0]?.token).not.toBe(clients[1]?.token);
  });

  it('never get a number that a user has, nor one twice when many come at once', async () => {
    await desk();
    for (const more of [0, 1, 2, 4]) await im.users.grant({ appid: 7, uid: firstCustomer + more });
    const many = await Promise.all([1, 2, 3].map(() => im.desks.register({ appid: 7 })));
    expect(many.map((one) => (one?.clientId ?? 0) - firstCustomer).sort()).toEqual([3, 5, 6]);
    const same = await Promise.all(
      [1, 2, 3].map(() => im.desks.register({ appid: 7, customerId: 'x' })),
    );
    expect(new Set(same.map((one) => one?.clientId)).size).toBe(1);
    expect(new Set(same.map((one) => one?.token)).size).toBe(1);
  });

  it('need an application with a desk', async () => {
    expect(await im.desks.register({ appid: 7 })).toBeUndefined();
    expect(await im.desks.register({ appid: 99 })).toBeUndefined();
  });
});

describe('whom a customer talks to', () => {
  const customer = { appid: 7, uid: 500 };

  it('is the first while nobody is online, and stays the same', async () => {
    const storeId = await desk();
    for (const uid of [3, 2]) await im.desks.putSeller({ storeId, uid, name: `s${uid}` });
    const told = await im.desks.supporter(customer, storeId);
    expect(told).toEqual({ storeId, uid: 2, name: 's2', avatar: '', status: 'offline' });
    await im.desks.setStatus(storeId, 3, 'online');
    expect((await im.desks.supporter(customer, storeId))?.uid).toBe(2);
    expect((await im.desks.supporter({ appid: 7, uid: 501 }, storeId))?.uid).toBe(3);
  });

  it('is any of those online', async () => {
    const storeId = await desk();
    for (const uid of [1, 2, 3]) {
      const status = uid === 1 ? 'offline' : 'online';
      await im.desks.putSeller({ storeId, uid, status });
    }
    const met = new Set<number | undefined>();
    for (let uid = 1000; uid < 1040; uid += 1) {
      met.add((await im.desks.supporter({ appid: 7, uid }, storeId))?.uid);
    }
    expect([...met].sort()).toEqual([2, 3]);
  });

  it('is another one when the seller has left', async () => {
    const storeId = await desk();
    await im.desks.putSeller({ storeId, uid: 1, status: 'online' });
    expect((await im.desks.supporter(customer, storeId))?.uid).toBe(1);
    await im.desks.removeSeller(storeId, 1);
    expect(await im.desks.supporter(customer, storeId)).toBeUndefined();
    await im.desks.putSeller({ storeId, uid: 2 });
    expect((await im.desks.supporter(customer, storeId))?.uid).toBe(2);
    await im.desks.putSeller({ storeId, uid: 1, status: 'online' });
    expect((await im.desks.supporter(customer, storeId))?.uid).toBe(2);
  });

  it('works at a desk of the own application, or at the one it sends its customers to', async () => {
    const storeId = await desk();
    await im.desks.putSeller({ storeId, uid: 1 });
    const stranger = { appid: 8, uid: 500 };
    expect(await im.desks.supporter(stranger, storeId)).toBeUndefined();
    await im.apps.update(8, { storeId });
    expect((await im.desks.supporter(stranger, storeId))?.uid).toBe(1);
    expect(await im.desks.supporter(customer, storeId + 1)).toBeUndefined();
  });
});

describe('desks and their sellers', () => {
  it('are added, changed, listed, removed', async () => {
    const one = await im.desks.addDesk({ appid: 7, name: '一' });
    const two = await im.desks.addDesk({ appid: 8, name: '二', storeId: 100 });
    expect([one.storeId, two.storeId]).toEqual([1, 100]);
    expect(await im.desks.list()).toEqual([one, two]);
    expect(await im.desks.list(8)).toEqual([two]);
    expect(await im.desks.updateDesk(1, { name: '壹' })).toEqual({ ...one, name: '壹' });
    await im.desks.putSeller({ storeId: 1, uid: 5 });
    await im.desks.removeDesk(1);
    expect(await im.desks.get(1)).toBeUndefined();
    await expect(im.desks.sellers(1)).rejects.toMatchObject({ code: 'not_found' });
    await expect(im.desks.removeDesk(1)).rejects.toMatchObject({ code: 'not_found' });
    await expect(im.desks.updateDesk(1, {})).rejects.toMatchObject({ code: 'not_found' });
    const again = { appid: 8, name: '三', storeId: 100 };
    await expect(im.desks.addDesk(again)).rejects.toMatchObject({ code: 'conflict' });
    const nowhere = { appid: 99, name: '四' };
    await expect(im.desks.addDesk(nowhere)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('a desk in use stays', async () => {
    const storeId = await desk();
    await expect(im.desks.removeDesk(storeId)).rejects.toMatchObject({ code: 'conflict' });
    await im.apps.update(7, { storeId: null });
    await im.desks.removeDesk(storeId);
  });

  it('a seller is called as its user, and keeps what is not changed', async () => {
    const storeId = await desk();
    await im.users.grant({ appid: 7, uid: 5, name: '小王' });
    expect(await im.desks.putSeller({ storeId, uid: 5 })).toEqual({
      storeId,
      uid: 5,
      name: '小王',
      avatar: '',
      status: 'offline',
    });
    expect((await im.desks.putSeller({ storeId, uid: 6 })).name).toBe('6');
    await im.desks.putSeller({ storeId, uid: 5, avatar: 'a', status: 'online' });
    expect(await im.desks.putSeller({ storeId, uid: 5, name: '王' })).toMatchObject({
      name: '王',
      avatar: 'a',
      status: 'online',
    });
    await im.desks.setStatus(storeId, 5, 'offline');
    expect((await im.desks.sellers(storeId)).map((one) => [one.uid, one.status])).toEqual([
      [5, 'offline'],
      [6, 'offline'],
    ]);
  });

  it('who is not there cannot be changed', async () => {
    const storeId = await desk();
    const { desks } = im;
    for (const work of [
      desks.setStatus(storeId, 9, 'online'),
      desks.setStatus(999, 9, 'online'),
      desks.removeSeller(storeId, 9),
      desks.putSeller({ storeId: 999, uid: 9 }),
    ]) {
      await expect(work).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});
