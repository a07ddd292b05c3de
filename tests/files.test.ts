import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../api/app.ts';
import { readRange } from '../api/files/range.ts';
import { createFilesRouter } from '../api/files/routes.ts';
import { Uploads } from '../api/files/uploads.ts';
import type { Authenticate, AuthenticateBody } from '../api/middleware/caller.ts';
import { VirtualClock } from '../bot/clock.ts';
import { Files, sha256In } from '../bot/files.ts';
import { createLogger } from '../config/logger.ts';
import { FileStore } from '../store/files.ts';
import { migrate } from '../store/migrator.ts';
import { SqliteDatabase } from '../store/sqlite.ts';
import { operatorNamed } from './support/operator-named.ts';
import { pictureOf, pixel } from './support/pictures.ts';

let dataDir: string;
let db: SqliteDatabase;
let clock: VirtualClock;
let files: Files;
let server: Server;
let base: string;
/** Bodies that were shown to the authenticator. */
let shown: (Buffer | undefined)[];

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wxrc-files-'));
  db = new SqliteDatabase({ file: join(dataDir, 'wxrc.db') });
  clock = new VirtualClock();
  await migrate(db, { now: clock.now() });
  files = new Files({ dataDir, store: new FileStore(db), clock });
  shown = [];
  const authenticate: Authenticate = async ({ req }) => {
    shown.push(undefined);
    return req.headers.authorization === 'Bearer good'
      ? { kind: 'admin' as const, operator: operatorNamed('x') }
      : undefined;
  };
  const authenticateBody: AuthenticateBody = ({ req }) => {
    const given = req.headers['x-ecaspsplus-signature'];
    if (given === undefined) return undefined;
    const pieces: Uint8Array[] = [];
    return {
      update: (piece) => pieces.push(piece),
      caller: () => {
        const body = Buffer.concat(pieces);
        shown.push(body);
        const right = given === createHash('md5').update(body).digest('hex');
        return right ? { kind: 'channel', chid: 'demo' } : undefined;
      },
    };
  };
  const uploads = new Uploads({ files });
  const routers = [
    createFilesRouter({ files, uploads, authenticate, authenticateBody, maxBytes: 100_000 }),
  ];
  const logger = createLogger('silent');
  server = createServer(createApp({ routers, logger, language: 'en' })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  base = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  await db.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const sha256 = createHash('sha256').update(pixel).digest('hex');
const operator = { authorization: 'Bearer good' };

async function upload(
  body: string | FormData | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = operator,
): Promise<{ status: number; json: Record<string, unknown> }> {
  const response = await fetch(`${base}/api/v1/files`, { method: 'POST', body, headers });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

function onDisk(): string[] {
  const names = readdirSync(join(dataDir, 'files'), { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('uploads', () => {
  test('a raw body, its type told by content', async () => {
    const { status, json } = await upload(new Uint8Array(pixel), {
      ...operator,
      'content-type': 'text/html',
    });
    expect(status).toBe(201);
    expect(json).toEqual({
      url: `file/${sha256}.png`,
      sha256,
      type: 'image/png',
      size: pixel.length,
    });
    expect(onDisk()).toEqual([sha256]);
  });

  test('the one file of a form', async () => {
    const form = new FormData();
    form.set('note', 'hello');
    form.set('file', new Blob([new Uint8Array(pixel)], { type: 'text/html' }), '../../x.html');
    expect(await upload(form)).toMatchObject({ status: 201, json: { sha256, type: 'image/png' } });
    form.set('second', new Blob(['x']));
    expect(await upload(form)).toMatchObject({ status: 400, json: { field: 'file' } });
    expect(await upload(new FormData())).toMatchObject({ status: 400 });
    expect(
      await upload('--x\r\nbroken', {
        ...operator,
        'content-type': 'multipart/form-data; boundary=x',
      }),
    ).toMatchObject({ status: 400 });
  });

  test('equal content is one file', async () => {
    await Promise.all([1, 2, 3].map(() => upload(new Uint8Array(pixel))));
    expect(onDisk()).toEqual([sha256]);
    expect(await db.read('SELECT count(*) AS n FROM files')).toEqual([{ n: 1 }]);
  });

  test('a channel signs the body', async () => {
    const body = new Uint8Array(pixel);
    const signature = createHash('md5').update(body).digest('hex');
    expect((await upload(body, { 'x-ecaspsplus-signature': signature })).status).toBe(201);
    expect((await upload(body, { 'x-ecaspsplus-signature': 'wrong' })).status).toBe(401);
    expect(shown).toHaveLength(2);
  });

  test('who shows nothing is refused before anything is read', async () => {
    expect((await upload(new Uint8Array(pixel), {})).status).toBe(401);
    expect(shown).toEqual([]);
    expect((await upload(new Uint8Array(pixel), { authorization: 'Bearer bad' })).status).toBe(401);
    expect(shown).toEqual([undefined]);
  });

  test('too large, or nothing', async () => {
    expect(await upload(new Uint8Array(pictureOf(100_001)))).toMatchObject({
      status: 413,
      json: { code: 'too_large' },
    });
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(pictureOf(100_001))]));
    expect((await upload(form)).status).toBe(413);
    expect((await upload(new Uint8Array(pictureOf(100_000)))).status).toBe(201);
    expect((await upload(new Uint8Array(0))).status).toBe(400);
  });
});

describe('serving', () => {
  const get = (name: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${base}/file/${name}`, { headers, method });

  test('the bytes, with the right type and nothing that could run', async () => {
    await files.put(pixel);
    const response = await get(`${sha256}.png`);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(pixel);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(pixel.length),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': 'inline',
      'accept-ranges': 'bytes',
      etag: `"${sha256}"`,
    });
    const head = await get(`${sha256}.png`, {}, 'HEAD');
    expect(head.headers.get('content-length')).toBe(String(pixel.length));
    expect(await head.text()).toBe('');
    // Not by fetch(): it adds `cache-control: no-cache`.
    const again = request(`${base}/file/${sha256}.png`, {
      headers: { 'if-none-match': `"${sha256}"` },
    }).end();
    const [answer] = await once(again, 'response');
    expect(answer.statusCode).toBe(304);
    answer.resume();
  });

  test.each([
    ['a page', '<!doctype html><script>alert(1)</script>'],
    ['a vector picture', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"></svg>'],
  ])('%s is a download', async (_what, text) => {
    const file = await files.put(Buffer.from(text));
    const response = await get(`${file.sha256}.${file.extension}`);
    expect(response.headers.get('content-disposition')).toBe('attachment');
    expect(response.headers.get('content-type')).not.toMatch(/html|svg/);
    await response.text();
  });

  test('stretches', async () => {
    await files.put(pixel);
    const part = await get(`${sha256}.png`, { range: 'bytes=1-3' });
    expect(part.status).toBe(206);
    expect(await part.text()).toBe('PNG');
    expect(part.headers.get('content-range')).toBe(`bytes 1-3/${pixel.length}`);
    expect(part.headers.get('content-length')).toBe('3');
    const outside = await get(`${sha256}.png`, { range: 'bytes=9999-' });
    expect(outside.status).toBe(416);
    expect(outside.headers.get('content-range')).toBe(`bytes */${pixel.length}`);
    expect(outside.headers.get('cache-control')).toBeNull();
    const other = await get(`${sha256}.png`, { range: 'bytes=1-3', 'if-range': '"other"' });
    expect(other.status).toBe(200);
    await other.arrayBuffer();
  });

  test.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=5-', { start: 5, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-99', { start: 0, end: 9 }],
    ['bytes=0-99', { start: 0, end: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=3-1', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=0-1,3-4', 'whole'],
    ['lines=1-2', 'whole'],
    ['', 'whole'],
  ])('the range %s', (header, expected) => {
    expect(readRange(header, 10)).toEqual(expected);
  });

  test('names that are none of ours', async () => {
    await files.put(pixel);
    const names = [
      `${sha256}.jpg`,
      sha256,
      `${sha256.toUpperCase()}.png`,
      'x.png',
      '..%2f..%2fkey',
    ];
    for (const name of names) expect((await get(name)).status).toBe(404);
  });
});

describe('the store of files', () => {
  test('a draft that a crash left does no harm, and a lost file is written anew', async () => {
    const file = await files.put(pixel);
    const folder = join(dataDir, 'files', sha256.slice(0, 2));
    writeFileSync(join(folder, `${sha256}.abc.tmp`), 'half');
    rmSync(join(folder, sha256));
    expect(await files.read(sha256)).toBeUndefined();
    expect(await files.put(pixel)).toEqual(file);
    expect((await files.read(sha256))?.bytes).toEqual(pixel);
  });

  test('what nobody put for long is swept, what was put again stays', async () => {
    const old = await files.put(pixel);
    const kept = await files.put(pictureOf(200));
    await clock.advance(10_000);
    await files.put(pictureOf(200));
    expect(await files.sweep(clock.now())).toBe(1);
    expect(await files.find(old.sha256)).toBeUndefined();
    expect((await files.read(kept.sha256))?.bytes).toHaveLength(200);
    expect(onDisk()).toEqual([kept.sha256]);
  });

  test('its addresses, in all their forms', () => {
    const name = `${sha256}.png`;
    for (const address of [
      `file/${name}`,
      `/file/${name}`,
      `http://127.0.0.1:8080/file/${name}`,
      `https://bots.example/wxrc/file/${name}?x=1#y`,
      `file/${sha256}`,
    ]) {
      expect(sha256In(address)).toBe(sha256);
    }
    for (const address of [
      'file/abc.png',
      `http://example.com/${name}`,
      `http://example.com/?/file/${name}`,
      `/file/../${name}`,
      'data:image/png;base64,AAAA',
    ]) {
      expect(sha256In(address)).toBeUndefined();
    }
  });
});
