import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../config/logger.ts';
import { channelSchema } from '../config/schema.ts';
import { openVault } from '../config/secrets.ts';
import { ChannelStore } from '../store/channels.ts';
import { migrate } from '../store/migrator.ts';
import { SqliteDatabase } from '../store/sqlite.ts';
import { Channels } from './channels.ts';
import { VirtualClock } from './clock.ts';

const declared = (extra: object = {}) =>
  channelSchema.parse({ chid: 'demo', key: 'secret', bots: ['bot01'], ...extra });

let folder: string;
let db: SqliteDatabase;
let clock: VirtualClock;
let channels: Channels;

function build(): Channels {
  const vault = openVault(folder);
  const logger = createLogger('silent');
  return new Channels({ store: new ChannelStore(db, vault), vault, clock, logger });
}

/** What a new process would know. */
async function restarted(): Promise<Channels> {
  const next = build();
  await next.start();
  return next;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-channels-'));
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  clock = new VirtualClock();
  await migrate(db, { now: clock.now() });
  channels = await restarted();
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

describe('the config file', () => {
  it('declares channels and takes them away again, and leaves those of operators alone', async () => {
    const { key } = await channels.add({ chid: 'added', bots: '*' });
    await channels.applyConfig([declared(), declared({ chid: 'gone', key: 'k' })]);
    expect(channels.list().map((one) => one.chid)).toEqual(
      expect.arrayContaining(['added', 'demo', 'gone']),
    );
    await channels.applyConfig([declared()]);
    const next = await restarted();
    expect(next.get('gone')).toBeUndefined();
    expect(next.get('demo')?.keys).toEqual(['secret']);
    expect(next.get('demo')?.source).toBe('config');
    expect(next.get('added')?.keys).toEqual([key]);
  });

  it('wins over what an operator changed, at the next start', async () => {
    await channels.applyConfig([declared()]);
    await channels.update('demo', { ratePerMinute: 7 });
    expect(channels.get('demo')?.settings.ratePerMinute).toBe(7);
    await channels.applyConfig([declared()]);
    expect(channels.get('demo')?.settings.ratePerMinute).toBe(0);
  });

  it('takes over a channel an operator had added, keys included', async () => {
    await channels.add({ chid: 'demo', key: 'of-the-operator' });
    await channels.applyConfig([declared()]);
    expect(channels.get('demo')?.keys).toEqual(['secret']);
    await expect(channels.remove('demo')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('accepts the former key beside the new one', async () => {
    await channels.applyConfig([declared({ key: 'new', oldKey: 'secret' })]);
    expect(channels.get('demo')?.keys).toEqual(['new', 'secret']);
  });
});

describe('key rotation', () => {
  it('keeps two live keys for the overlap, then one', async () => {
    await channels.applyConfig([declared()]);
    const second = await channels.rotateKey('demo', { overlapSeconds: 60 });
    expect(channels.get('demo')?.keys).toEqual([second, 'secret']);
    await clock.advance(59_999);
    expect(channels.get('demo')?.keys).toEqual([second, 'secret']);
    await clock.advance(1);
    expect(channels.get('demo')?.keys).toEqual([second]);
  });

  it('never leaves three keys live', async () => {
    await channels.applyConfig([declared()]);
    const second = await channels.rotateKey('demo', { overlapSeconds: 600 });
    const third = await channels.rotateKey('demo', { overlapSeconds: 600 });
    expect(channels.get('demo')?.keys).toEqual([third, second]);
  });

  it('stays rotated over a restart with the old file, until the file changes', async () => {
    await channels.applyConfig([declared()]);
    const second = await channels.rotateKey('demo', { overlapSeconds: 0 });
    const next = await restarted();
    await next.applyConfig([declared()]);
    expect(next.get('demo')?.keys).toEqual([second]);
    await next.applyConfig([declared({ key: 'third' })]);
    expect(next.get('demo')?.keys).toEqual(['third']);
  });

  it('keeps keys sealed on disk', async () => {
    await channels.add({ chid: 'sealed', key: 'a-key-to-look-for' });
    const bytes = readFileSync(join(folder, 'wxrc.db-wal'));
    expect(bytes.includes('sealed')).toBe(true);
    expect(bytes.includes('a-key-to-look-for')).toBe(false);
  });
});

describe('rights', () => {
  it('cover bots, commands and source addresses of both families', async () => {
    const { channel } = await channels.add({
      chid: 'narrow',
      bots: ['bot01'],
      commands: ['login'],
      addresses: ['10.1.0.0/16', '192.0.2.7', '2001:db8::/32'],
    });
    expect([channel.sees('bot01'), channel.sees('bot02')]).toEqual([true, false]);
    expect([channel.mayUse('login'), channel.mayUse('logout')]).toEqual([true, false]);
    const addresses = ['10.1.255.9', '::ffff:10.1.0.1', '192.0.2.7', '2001:db8:1::1'];
    expect(addresses.map((one) => channel.mayCallFrom(one))).toEqual([true, true, true, true]);
    const others = ['10.2.0.1', '192.0.2.8', '::1', 'nonsense', ''];
    expect(others.map((one) => channel.mayCallFrom(one))).toEqual(others.map(() => false));
    expect(channels.seeing('bot01').map((one) => one.chid)).toEqual(['narrow']);
    expect(channels.seeing('bot02')).toEqual([]);
  });

  it('are open where nothing narrows them', async () => {
    const { channel } = await channels.add({ chid: 'wide', bots: ['*'] });
    expect(channel.sees('any') && channel.mayUse('any') && channel.mayCallFrom('::1')).toBe(true);
    expect(channel.takeTurn()).toBe(0);
  });

  it('limit the rate, and refill', async () => {
    const { channel } = await channels.add({ chid: 'slow', ratePerMinute: 2 });
    expect([channel.takeTurn(), channel.takeTurn()]).toEqual([0, 0]);
    expect(channel.takeTurn()).toBe(30_000);
    await channels.update('slow', { name: 'renamed' });
    expect(channels.get('slow')?.takeTurn()).toBe(30_000);
    await clock.advance(30_000);
    expect(channels.get('slow')?.takeTurn()).toBe(0);
  });
});

describe('operators', () => {
  it('are refused what is at fault', async () => {
    await channels.add({ chid: 'one' });
    await expect(channels.add({ chid: 'one' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(channels.add({ chid: 'no space' })).rejects.toMatchObject({ code: 'field_value' });
    await expect(channels.update('one', { addresses: ['x/y'] })).rejects.toMatchObject({
      code: 'field_value',
      field: 'addresses.0',
    });
    await expect(channels.rotateKey('none')).rejects.toMatchObject({ code: 'not_found' });
    await expect(channels.remove('none')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('pause and resume deliveries, set and clear settings, and remove', async () => {
    let changes = 0;
    const stop = channels.onChange(() => {
      changes += 1;
    });
    await channels.add({ chid: 'one', callbackUrl: 'http://127.0.0.1:9/cb' });
    await channels.pause('one', 'answered 410');
    expect((await restarted()).get('one')?.pausedReason).toBe('answered 410');
    await channels.resume('one');
    expect(channels.get('one')?.pausedReason).toBeUndefined();
    expect((await channels.update('one', { callbackUrl: null })).settings.callbackUrl).toBe(
      undefined,
    );
    await channels.remove('one');
    expect(channels.list()).toEqual([]);
    expect(changes).toBe(5);
    stop();
    await channels.add({ chid: 'two' });
    expect(changes).toBe(5);
  });

  it('never see an event id twice when a channel is made anew', async () => {
    await channels.add({ chid: 'one' });
    await db.transaction((tx) =>
      tx.run(
        `INSERT INTO events (chid, event_id, botcode, type, body, at, state, due_since, run_at)
         VALUES ('one', 41, 'b', 'botStatus', '{}', 1, 'acked', 1, 1)`,
      ),
    );
    await channels.remove('one');
    await channels.add({ chid: 'one' });
    const rows = await db.read("SELECT event_seq FROM channels WHERE chid = 'one'");
    expect(rows).toEqual([{ event_seq: 41 }]);
  });
});
