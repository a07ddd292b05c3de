import { createHash } from 'node:crypto';
import { request } from 'node:http';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GobelieveRest, gobelieveRest, server7, userOf } from './support/gobelieve-rest.ts';
import { pictureOf, pixel } from './support/pictures.ts';

let rig: GobelieveRest;
let token: string;

beforeAll(async () => {
  rig = await gobelieveRest();
  token = await userOf(rig, 1001);
});
afterAll(async () => {
  await rig.close();
  // Nothing went wrong inside.
  expect(rig.lines).toEqual([]);
});

const bytes = (text: string) => Buffer.from(text, 'latin1');
const recording = bytes(`#!AMR\n${'\x3c'.repeat(64)}`);
const page = bytes('<!doctype html><script>alert(1)</script>');
const kinds = [
  ['/images', pixel, 'png', 'image/png'],
  ['/audios', recording, 'amr', 'audio/amr'],
  ['/files', page, 'bin', 'application/octet-stream'],
] as const;

const nameOf = (content: Buffer, extension: string): string =>
  `${createHash('sha256').update(content).digest('hex')}.${extension}`;

async function put(
  path: string,
  body: Buffer | FormData | string,
  headers: Record<string, string> = { authorization: token },
) {
  const sent = Buffer.isBuffer(body) ? new Uint8Array(body) : body;
  const response = await fetch(`${rig.url}${path}`, { method: 'POST', body: sent, headers });
  const text = await response.text();
  return { status: response.status, json: JSON.parse(text) };
}

function form(content: Buffer, field = 'file'): FormData {
  const form = new FormData();
  form.set('note', 'x');
  form.set(field, new Blob([new Uint8Array(content)], { type: 'text/html' }), '../../x.html');
  return form;
}

describe.each(kinds)('%s', (path, content, extension, type) => {
  const src = `${path}/${nameOf(content, extension)}`;

  test('takes raw bytes and forms', async () => {
    const data = { src, src_url: `http://wxrc.test${src}` };
    const answer = {
      status: 200,
      json: { meta: { code: 200, message: 'success' }, data, ...data },
    };
    const declared = { authorization: token, 'content-type': 'text/html' };
    expect(await put(path, content, declared)).toEqual(answer);
    expect(await put(path, form(content))).toEqual(answer);
    expect(await put(`/v2${path}`, form(content))).toEqual(answer);
  });

  test('gives it back under both addresses', async () => {
    await put(path, content);
    for (const prefix of ['', '/v2']) {
      const response = await fetch(`${rig.url}${prefix}${src}`);
      expect(response.status).toBe(200);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': type,
        'x-content-type-options': 'nosniff',
        'content-disposition': path === '/files' ? 'attachment' : 'inline',
        'content-security-policy': "default-src 'none'; sandbox",
      });
    }
    const part = await fetch(`${rig.url}${src}`, { headers: { range: 'bytes=1-3' } });
    expect([part.status, await part.text()]).toEqual([206, content.toString('latin1', 1, 4)]);
    const outside = await fetch(`${rig.url}${src}`, { headers: { range: 'bytes=99999-' } });
    expect(outside.status).toBe(416);
    expect(await outside.json()).toMatchObject({ meta: { code: 416 } });
  });

  test('refuses what is no such file', async () => {
    const field = (answer: { status: number; json: { meta: { message: string } } }) => {
      expect(answer).toMatchObject({ status: 400, json: { meta: { code: 400 } } });
      return answer.json.meta.message;
    };
    expect(field(await put(path, Buffer.alloc(0)))).toBe('invalid param: file: must not be empty');
    expect(field(await put(path, form(Buffer.alloc(0))))).toMatch('file: must not be empty');
    expect(field(await put(path, form(content, 'other')))).toMatch('file: must be a file');
    expect(field(await put(`/v2${path}`, content))).toMatch('file: must be a field of multipart');
    const text = new FormData();
    text.set('file', 'words');
    expect(field(await put(path, text))).toMatch('file: must be a file');
    const broken = { authorization: token, 'content-type': 'multipart/form-data; boundary=x' };
    expect(field(await put(path, '--x\r\nbroken', broken))).toMatch('the form is broken');
    const unbound = { authorization: token, 'content-type': 'multipart/form-data' };
    expect(field(await put(`/v2${path}`, 'x', unbound))).toMatch('the form is broken');
    const wrong = path === '/images' ? recording : page;
    if (path !== '/files') expect(field(await put(path, wrong))).toMatch('file: must be a');
  });

  test('refuses whom it does not know', async () => {
    expect((await put(path, content, {})).status).toBe(401);
    expect((await put(path, content, { authorization: 'Bearer wrong' })).status).toBe(403);
    expect((await put(path, content, { authorization: server7 })).status).toBe(403);
  });

  test('refuses what is too large', async () => {
    const length = 21 * 1_048_576;
    const large = path === '/images' ? pictureOf(length) : Buffer.concat([content], length);
    const answer = await put(path, large);
    expect(answer).toMatchObject({ status: 413, json: { meta: { code: 413 } } });
  });

  test('knows no other names', async () => {
    await put(path, content);
    const [hash = ''] = nameOf(content, '').split('.');
    const names = [
      'x',
      hash,
      `${hash}.exe`,
      `${hash.toUpperCase()}.${extension}`,
      `${'0'.repeat(64)}.${extension}`,
      `${hash}.${extension}%00`,
      `${hash}.${extension}/..`,
      '..%2f..%2fwxrc.db',
      '..%5c..%5cwxrc.db',
      '%2e%2e%2fsecret.key',
      '%ff',
      '/etc/passwd',
    ];
    for (const name of names) expect(await raw(`${path}/${name}`), name).toBe(404);
    expect(await raw(`${path}/../../secret.key`)).toBe(404);
    // A file of one kind is none of another.
    const elsewhere = path === '/images' ? '/audios' : '/images';
    expect(await raw(`${elsewhere}/${nameOf(content, extension)}`)).toBe(404);
  });
});

test('thumbnails, as clients ask for them', async () => {
  const picture = sharp({ create: { width: 400, height: 300, channels: 3, background: 'red' } });
  const photo = await picture.jpeg().toBuffer();
  await put('/images', photo);
  const size = async (suffix: string) => {
    const response = await fetch(`${rig.url}/images/${nameOf(photo, 'jpg')}${suffix}`);
    const { format, width, height } = await sharp(await response.arrayBuffer()).metadata();
    return [response.status, format, width, height];
  };
  expect(await size('')).toEqual([200, 'jpeg', 400, 300]);
  expect(await size('@128w_128h_1c.jpg')).toEqual([200, 'jpeg', 128, 128]);
  expect(await size('@128w_128h_0c.png')).toEqual([200, 'png', 128, 96]);
  expect(await size('@128w_128h_1c')).toEqual([200, 'jpeg', 128, 128]);
  expect(await size('@64w.webp')).toEqual([200, 'webp', 64, 48]);
  expect(await size('@150h.jpg')).toEqual([200, 'jpeg', 200, 150]);
  // What nobody understands is the picture.
  expect(await size('@large.jpg')).toEqual([200, 'jpeg', 400, 300]);
  expect(await size('@0w_0h_1c.jpg')).toEqual([200, 'jpeg', 400, 300]);
});

test('a thumbnail of what is smaller is the original', async () => {
  await put('/images', pixel);
  for (const wish of ['@128w_128h_1c.jpg', '@64w_64h_0c.png']) {
    const response = await fetch(`${rig.url}/images/${nameOf(pixel, 'png')}${wish}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(pixel);
  }
  for (const wish of ['@', '@.jpg', '@../x.jpg', '@128w.jpg/x', `@${'1'.repeat(60)}.jpg`]) {
    expect(await raw(`/images/${nameOf(pixel, 'png')}${wish}`), wish).toBe(404);
  }
});

test('a recording is found as .mp3 too', async () => {
  await put('/audios', recording);
  for (const name of [nameOf(recording, 'mp3'), `${nameOf(recording, 'amr')}.mp3`]) {
    const response = await fetch(`${rig.url}/audios/${name}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'audio/amr']);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(recording);
  }
});

/** The status of an address as it is, which fetch() would tidy up. */
function raw(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(rig.url);
    const asked = request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });
}
