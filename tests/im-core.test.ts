import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { createIm, type Im } from '../bot/im/im.ts';
import type { Session } from '../bot/im/session.ts';
import { unreadOf } from '../bot/im/unread.ts';
import { createLogger } from '../config/logger.ts';
import { openVault } from '../config/secrets.ts';
import { migrate } from '../store/migrator.ts';
import { SqliteDatabase } from '../store/sqlite.ts';

let folder: string;
let db: SqliteDatabase;
let clock: VirtualClock;
let im: Im;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-im-'));
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  clock = new VirtualClock();
  await migrate(db, { now: clock.now() });
  await open();
});
afterEach(async () => {
  await im.stop();
  await db.close();
  rmSync(folder, { recursive: true });
});

async function open(): Promise<void> {
  const logger = createLogger('silent');
  im = createIm({ db, vault: openVault(folder), clock, logger });
  await im.start([{ appid: 7, secret: 'geheim' }]);
}

async function restart(): Promise<void> {
  await im.stop();
  await db.close();
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  await open();
}

const anna = { appid: 7, uid: 1001 };

function session(more: Partial<Session> = {}): Session & { closed: string[] } {
  const closed: string[] = [];
  const nothing = (): void => {};
  return {
    ...{ id: 1, ...anna, device: 0, platform: 3, since: 0, transport: 'tcp', address: '' },
    ...{ inbox: nothing, group: nothing, chatRoom: nothing, realtime: nothing },
    ...{ notification: nothing, flush: nothing },
    close: (reason) => closed.push(reason),
    closed,
    ...more,
  };
}

describe('users', () => {
  it('keep one token, over names and restarts, until it is revoked', async () => {
    const token = await im.users.grant({ ...anna, name: 'Anna' });
    expect(token).toMatch(/^[A-Za-z0-9]{30}$/);
    expect(await im.users.authenticate(token)).toMatchObject({ ...anna, name: 'Anna' });
    expect(await im.users.grant({ ...anna, name: 'Anne' })).toBe(token);
    expect(await im.users.authenticate(token)).toMatchObject({ name: 'Anne' });
    await restart();
    expect(await im.users.grant(anna)).toBe(token);
    expect(await im.users.authenticate(token)).toMatchObject({ ...anna, name: 'Anne' });

    const open = session();
    im.hub.add(open);
    expect(await im.users.revoke(anna)).toBe(true);
    expect(open.closed).toEqual(['token revoked']);
    expect(await im.users.authenticate(token)).toBeUndefined();
    const next = await im.users.grant(anna);
    expect(next).not.toBe(token);
    expect(await im.users.authenticate(next)).toMatchObject(anna);
    expect(await im.users.revoke({ appid: 7, uid: 5 })).toBe(false);
  });

  it('are others in another application', async () => {
    const tokens = await Promise.all([
      im.users.grant(anna),
      im.users.grant({ appid: 8, uid: 1001 }),
      im.users.grant(anna),
    ]);
    expect(new Set(tokens).size).toBe(2);
  });

  it('no token is in the database in clear', async () => {
    const token = await im.users.grant(anna);
    const rows = await db.read('SELECT * FROM im_users');
    const bytes = Object.values(rows[0] ?? {}).map((one) =>
      one instanceof Uint8Array ? Buffer.from(one).toString('latin1') : String(one),
    );
    expect(bytes.join('\n')).not.toContain(token);
    for (const wrong of ['', 'x', token.toLowerCase(), `${token} `, 'x'.repeat(300)]) {
      expect(await im.users.authenticate(wrong)).toBeUndefined();
    }
  });

  it('settings act at once and stay', async () => {
    await im.users.setForbidden(anna, true);
    await im.users.setMute(anna, true);
    await im.users.setQuiet(anna, 'peer', 5, true);
    await im.users.setQuiet(anna, 'group', 6, true);
    await im.users.setQuiet(anna, 'group', 6, true);
    expect(im.users.isForbidden(anna)).toBe(true);
    await restart();
    expect(im.users.isForbidden(anna)).toBe(true);
    expect(await im.users.get(anna)).toMatchObject({ forbidden: true, mute: true });
    expect(await im.users.isQuiet(anna, 'peer', 5)).toBe(true);
    expect(await im.users.quietGroups(anna)).toEqual(new Set([6]));
    await im.users.setForbidden(anna, false);
    await im.users.setQuiet(anna, 'group', 6, false);
    expect(im.users.isForbidden(anna)).toBe(false);
    expect(await im.users.quietGroups(anna)).toEqual(new Set());
    expect(await im.users.get({ appid: 7, uid: 3 })).toBeUndefined();
  });

  it('are found page by page, and a name is not a pattern', async () => {
    for (let uid = 1; uid <= 5; uid += 1) await im.users.grant({ appid: 7, uid, name: `u_${uid}` });
    await im.users.grant({ appid: 8, uid: 1, name: 'uX1' });
    const first = await im.users.search(7, 'u_', { limit: 3 });
    expect(first.users.map((one) => one.uid)).toEqual([1, 2, 3]);
    const after = first.next;
    const rest = await im.users.search(7, 'u_', { limit: 3, ...(after && { after }) });
    expect([rest.users.map((one) => one.uid), rest.next]).toEqual([[4, 5], undefined]);
    expect((await im.users.search(undefined, 'u_', { limit: 9 })).users).toHaveLength(5);
    expect((await im.users.search(undefined, '1', { limit: 9 })).users).toHaveLength(2);
  });
});

describe('cursors', () => {
  it('only rise, are there at once, and survive a stop', async () => {
    im.cursors.raise(anna, 5);
    im.cursors.raise(anna, 3);
    im.cursors.raiseGroup(anna, 9, 2);
    expect(await im.cursors.get(anna)).toBe(5);
    await restart();
    im.cursors.raise(anna, 4);
    expect([await im.cursors.get(anna), await im.cursors.getGroup(anna, 9)]).toEqual([5, 2]);
    await restart();
    expect(await im.cursors.get(anna)).toBe(5);
  });

  it('of a group are forgotten by who joins again, also what waits to be written', async () => {
    im.cursors.raiseGroup(anna, 9, 7);
    await im.cursors.write();
    im.cursors.raiseGroup(anna, 9, 8);
    await db.transaction((tx) => im.cursors.clearGroup(tx, anna, 9));
    expect(await im.cursors.getGroup(anna, 9)).toBe(0);
    await im.cursors.write();
    expect(await im.cursors.getGroup(anna, 9)).toBe(0);
  });

  it('are written within a second', async () => {
    im.cursors.raise(anna, 5);
    await clock.advance(1000);
    await im.cursors.write();
    expect(await db.read('SELECT uid, gid, seq FROM im_cursors')).toEqual([
      { uid: 1001, gid: 0, seq: 5 },
    ]);
  });
});

describe('very large groups', () => {
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_one, i) => from + i);

  it('take no more at once than can be told of', async () => {
    const members = many(1, 2000);
    const group = await im.groups.create({ appid: 7, master: 1, name: 'big', members });
    const add = (count: number) => im.groups.addMembers(7, group.gid, many(10_000, count));
    await expect(add(500)).rejects.toMatchObject({ code: 'field_value' });
    expect(group.members.size).toBe(2000);
    await add(5);
    expect((await im.groups.get(group.gid))?.members.size).toBe(2005);
    await expect(im.groups.removeMembers(7, group.gid, many(1, 500))).rejects.toMatchObject({
      code: 'field_value',
    });
  });

  it('are told of in a notice that a frame holds', async () => {
    await im.groups.create({ appid: 7, master: 1, name: 'big', members: many(100_000, 9000) });
    const [first] = await im.log.read({ appid: 7, uid: 100_000 }, 0, 10);
    expect(first?.message.content.length).toBeLessThanOrEqual(32_743);
    const { create } = JSON.parse(first?.message.content.toString() ?? '') as {
      create: { members: number[] };
    };
    expect(create.members.slice(0, 2)).toEqual([100_000, 100_001]);
  });
});

it('a key that was never told counts as none', async () => {
  im.cursors.raise(anna, Number.MAX_SAFE_INTEGER);
  const draft = { kind: 'system', appid: 7, sender: 0, receiver: anna.uid } as const;
  await db.transaction((tx) =>
    im.log.appendIn(tx, {
      ...{ ...draft, device: 0, clientId: 0, content: Buffer.from('x') },
      ...{ inboxes: [anna], push: 'tell' },
    }),
  );
  expect(await unreadOf(im, anna)).toEqual({ count: 1, isNew: true });
});

describe('applications', () => {
  it('of the config file are what it says', async () => {
    expect(im.apps.isSecret(7, hash('md5', 'geheim').toUpperCase())).toBe(true);
    for (const wrong of ['', 'geheim', hash('md5', 'x')]) {
      expect(im.apps.isSecret(7, wrong)).toBe(false);
    }
    expect(im.apps.isSecret(8, hash('md5', 'geheim'))).toBe(false);
    await im.apps.applyConfig([{ appid: 9, secret: 'other' }]);
    expect(im.apps.list().map((one) => one.appid)).toEqual([9]);
    await expect(im.apps.remove(9)).rejects.toMatchObject({ code: 'conflict' });
    await expect(im.apps.rotateSecret(9)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('that operators add stay, and their secrets change', async () => {
    const { secret, appKey } = await im.apps.add({ appid: 20, name: 'shop' });
    await expect(im.apps.add({ appid: 20 })).rejects.toMatchObject({ code: 'conflict' });
    await im.apps.update(20, { storeId: 3 });
    await restart();
    expect(im.apps.get(20)).toMatchObject({ name: 'shop', storeId: 3, source: 'admin' });
    expect(im.apps.isSecret(20, hash('md5', secret))).toBe(true);
    expect(im.apps.isAppKey(20, appKey.toUpperCase())).toBe(true);
    const next = await im.apps.rotateSecret(20);
    expect(im.apps.isSecret(20, hash('md5', secret))).toBe(false);
    expect(im.apps.isSecret(20, hash('md5', next))).toBe(true);
    await im.apps.remove(20);
    expect(im.apps.get(20)).toBeUndefined();
    await expect(im.apps.update(20, {})).rejects.toMatchObject({ code: 'not_found' });
  });
});
