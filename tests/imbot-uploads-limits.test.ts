import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { FileDraft } from '../bot/file-drafts.ts';
import { Files } from '../bot/files.ts';
import { Gate } from '../bot/gate.ts';
import { FileStore } from '../store/files.ts';
import { migrate } from '../store/migrator.ts';
import { SqliteDatabase } from '../store/sqlite.ts';
import { eventually } from './support/eventually.ts';
import { pictureOf, pixel } from './support/pictures.ts';
import {
  bodyOf,
  formOf,
  headOf,
  partOf,
  type RigOptions,
  saidBy,
  type UploadsRig,
  uploadsRig,
} from './support/uploads-rig.ts';

let rig: UploadsRig | undefined;
afterEach(async () => {
  await rig?.close();
  rig = undefined;
});
async function start(options: RigOptions): Promise<UploadsRig> {
  rig = await uploadsRig(options);
  return rig;
}

const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
const drafts = (): string[] => rig?.drafts() ?? [];
const part = partOf('image');
const begin = (length: number, rest = part): string =>
  `${headOf('Connection: close', `Content-Length: ${length}`)}${rest}`;

test('so many are read at once, the others wait their turn', async () => {
  const { raw, post } = await start({ most: 2 });
  const slow = [await raw(begin(5000)), await raw(begin(5000))];
  await eventually('two drafts', () => drafts().length === 2);
  const content = pictureOf(60_000);
  const waiting = [1, 2, 3].map(() => post('/image', formOf('image', content)));
  const gone = await raw(begin(5000));
  await new Promise(setImmediate);
  expect(drafts()).toHaveLength(2);
  gone.destroy();
  slow[0]?.destroy();
  const url = `image/${hashOf(content)}.png`;
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ status: 200, json: { url } })));
  slow[1]?.destroy();
  await eventually('no draft', () => drafts().length === 0);
});

test('more than can wait are turned away, and may come again', async () => {
  const { raw, post } = await start({ most: 1 });
  const sockets = [await raw(begin(5000))];
  await eventually('a draft', () => drafts().length === 1);
  for (let i = 0; i < 16; i += 1) sockets.push(await raw(begin(5000)));
  const answer = await eventually('a refusal', async () => {
    const response = await fetch(`${rig?.base}/image`, {
      method: 'POST',
      body: formOf('image', pixel),
      signal: AbortSignal.timeout(2000),
    }).catch(() => undefined);
    return response;
  });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await answer.json()).toEqual({ error: 'too many uploads: try again later' });
  for (const socket of sockets) socket.destroy();
  await eventually('an end', async () => {
    return (await post('/image', formOf('image', pixel))).status === 200;
  });
});

test('of which nothing comes are given up', async () => {
  const { raw } = await start({ stallMs: 100 });
  const silent = [begin(5000, ''), begin(5000), begin(5000, part + pixel.toString('latin1'))];
  for (const text of silent) {
    const said = await saidBy(await raw(Buffer.from(text, 'latin1')));
    expect(said).toMatch(/^HTTP\/1\.1 408 [\s\S]*Connection: close/i);
    expect(said).toContain('{"error":"nothing came for too long"}');
  }
  expect(drafts()).toEqual([]);
  expect(rig?.lines.map((line) => JSON.parse(line).reason)).toEqual(['slow', 'slow', 'slow']);
});

test('that come a byte at a time are given up too', async () => {
  const { raw } = await start({ stallMs: 100 });
  const socket = await raw(begin(5000));
  const said = saidBy(socket);
  const timer = setInterval(() => socket.write('x'), 20);
  expect(await said).toMatch(/^HTTP\/1\.1 408 /);
  clearInterval(timer);
  expect(drafts()).toEqual([]);
});

test('whoever is slow may be so while nobody waits for it', async () => {
  const { raw, post } = await start({ most: 1, stallMs: 800 });
  const socket = await raw(begin(90_000));
  const said = saidBy(socket);
  // So little that its kind is not looked at yet.
  const timer = setInterval(() => socket.write('x'.repeat(30)), 20);
  // How fast it is counts after two silences.
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(socket.destroyed).toBe(false);
  expect((await post('/image', formOf('image', pixel))).status).toBe(200);
  expect(await said).toMatch(/^HTTP\/1\.1 408 /);
  clearInterval(timer);
});

test('go on, however slowly, while something comes', async () => {
  const { raw } = await start({ stallMs: 2000 });
  const rest = `${pixel.toString('latin1')}\r\n--b--\r\n`;
  const socket = await raw(begin(part.length + rest.length));
  const said = saidBy(socket);
  const size = Math.ceil(rest.length / 5);
  for (let at = 0; at < rest.length; at += size) {
    // All together longer than one silence may be.
    await new Promise((resolve) => setTimeout(resolve, 450));
    socket.write(rest.slice(at, at + size), 'latin1');
  }
  expect(await said).toContain('{"url":"image/');
});

test('one that announces too much is answered before it is sent', async () => {
  const { raw } = await start({});
  const socket = await raw(headOf('Content-Length: 999999999'));
  expect(await saidBy(socket)).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close/i);
  expect(drafts()).toEqual([]);
});

test('one that has no end is cut off', async () => {
  const { raw } = await start({});
  const socket = await raw(headOf('Transfer-Encoding: chunked'));
  const said = saidBy(socket);
  const piece = Buffer.alloc(16_000, 'x');
  const chunk = Buffer.concat([Buffer.from('3e80\r\n'), piece, Buffer.from('\r\n')]);
  const beginning = bodyOf('image', pictureOf(1000), '');
  socket.write(Buffer.concat([Buffer.from(`${beginning.length.toString(16)}\r\n`), beginning]));
  socket.write('\r\n');
  let sent = 0;
  while (!socket.destroyed && sent < 64_000_000) {
    sent += chunk.length;
    await new Promise<void>((resolve) => socket.write(chunk, () => resolve()));
    // The answer may come while it still talks.
    await new Promise(setImmediate);
  }
  // Who talks on may lose the answer with the connection.
  expect(await said).toMatch(/^(?:HTTP\/1\.1 413 |$)/);
  expect(sent).toBeLessThan(32_000_000);
  expect(drafts()).toEqual([]);
});

test('one that is broken off leaves nothing', async () => {
  const { raw, files, lines } = await start({});
  const content = pictureOf(90_000);
  const whole = bodyOf('image', content);
  for (const part of [0, 50, 5_000, 80_000]) {
    const head = headOf(`Content-Length: ${whole.length}`);
    const socket = await raw(Buffer.concat([Buffer.from(head), whole.subarray(0, part)]));
    await eventually('the draft', () => drafts().length === 1);
    socket.destroy();
    await eventually('no draft', () => drafts().length === 0);
  }
  expect(await files.find(hashOf(content))).toBeUndefined();
  // Nobody is to blame, so nobody is told.
  expect(lines).toEqual([]);
});

test('a draft that is dropped, or fails, leaves nothing', async () => {
  const { files, onDisk } = await start({});
  const draft = await files.draft();
  await draft.write(randomBytes(500_000));
  expect(onDisk()).toHaveLength(1);
  await draft.drop();
  await draft.drop();
  expect(onDisk()).toEqual([]);

  const full = Object.assign(new Error('ENOSPC: no space left on /secret/path'), {
    code: 'ENOSPC',
  });
  const handle = { writev: () => Promise.reject(full), close: () => Promise.resolve() };
  const stuck = new FileDraft(join(tmpdir(), 'wxrc-none.tmp'), handle as never, new Gate(1));
  await expect(stuck.write(randomBytes(500_000))).rejects.toMatchObject({
    code: 'unavailable',
    text: { en: 'the disk is full' },
  });
});

test('what a crash left is removed at the next start, whole files are not', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'wxrc-drafts-'));
  const db = new SqliteDatabase({ file: join(dataDir, 'wxrc.db') });
  try {
    await migrate(db, { now: 0 });
    const files = new Files({ dataDir, store: new FileStore(db), clock: new VirtualClock() });
    const kept = await files.put(pixel);
    const draft = await files.draft();
    await draft.write(pixel);
    writeFileSync(join(dataDir, 'files', 'tmp', 'older.tmp'), 'x');
    // Between a file and its row, and between a row and its file.
    const orphan = await files.put(pictureOf(300));
    await db.transaction((tx) => tx.run('DELETE FROM files WHERE sha256 = ?', [orphan.sha256]));
    for (const sha256 of [orphan.sha256, kept.sha256]) {
      writeFileSync(join(dataDir, 'files', 'tmp', `${sha256}.mark`), '');
    }
    expect(readdirSync(join(dataDir, 'files', 'tmp'))).toHaveLength(4);
    const next = new Files({ dataDir, store: new FileStore(db), clock: new VirtualClock() });
    await next.start();
    const left = readdirSync(join(dataDir, 'files'), { recursive: true, withFileTypes: true });
    expect(left.filter((one) => one.isFile()).map((one) => one.name)).toEqual([kept.sha256]);
    expect((await next.read(kept.sha256))?.bytes).toEqual(pixel);
    await draft.drop();
  } finally {
    await db.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
