import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pictureOf, pixel } from './support/pictures.ts';
import { bodyOf, formOf, type UploadsRig, uploadsRig } from './support/uploads-rig.ts';

const limit = 100_000;
let rig: UploadsRig;

beforeAll(async () => {
  rig = await uploadsRig({ maxBytes: limit });
});
afterAll(async () => {
  await rig.close();
});
beforeEach(() => {
  rig.lines.length = 0;
});

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part),
    ),
  );
const film = bytes([0, 0, 0, 24], 'ftypisom', [0, 0, 2, 0], 'isomiso2', 'x'.repeat(200));
const song = bytes([0xff, 0xfb, 0x90, 0x64], 'x'.repeat(400));
const kinds = [
  ['image', pixel, 'png', 'image/png'],
  ['audio', song, 'mp3', 'audio/mpeg'],
  ['video', film, 'mp4', 'video/mp4'],
] as const;
const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

describe.each(kinds)('%s', (kind, content, extension, type) => {
  const url = `${kind}/${hashOf(content)}.${extension}`;

  test('is kept, named by its content, and given back', async () => {
    expect(await rig.post(`/${kind}`, formOf(kind, content))).toEqual({
      status: 200,
      json: { url },
    });
    const response = await rig.get(`/${url}`);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(content);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': type,
      'content-length': String(content.length),
      'content-disposition': 'inline',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      etag: `"${hashOf(content)}"`,
    });
    const head = await rig.get(`/${url}`, {}, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([
      200,
      String(content.length),
    ]);
  });

  test('is served in stretches', async () => {
    await rig.post(`/${kind}`, formOf(kind, content));
    const size = content.length;
    const get = async (range: string, more = {}) => {
      const response = await rig.get(`/${url}`, { range, ...more });
      const got = Buffer.from(await response.arrayBuffer());
      return [response.status, response.headers.get('content-range'), got] as const;
    };
    expect(await get('bytes=1-3')).toEqual([206, `bytes 1-3/${size}`, content.subarray(1, 4)]);
    expect(await get('bytes=-5')).toEqual([
      206,
      `bytes ${size - 5}-${size - 1}/${size}`,
      content.subarray(-5),
    ]);
    expect(await get('bytes=4-')).toEqual([
      206,
      `bytes 4-${size - 1}/${size}`,
      content.subarray(4),
    ]);
    expect(await get(`bytes=0-${size * 2}`)).toEqual([206, `bytes 0-${size - 1}/${size}`, content]);
    expect(await get('bytes=0-1,3-4')).toEqual([200, null, content]);
    expect(await get('bytes=1-3', { 'if-range': '"other"' })).toEqual([200, null, content]);
    const [status, range] = await get(`bytes=${size}-`);
    expect([status, range]).toEqual([416, `bytes */${size}`]);
  });

  test('of another kind is refused with the reason', async () => {
    const page = bytes('<!doctype html><script>alert(1)</script>');
    const drawing = bytes('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>');
    const program = bytes('MZ', [0x90, 0, 3, 0], 'x'.repeat(5000));
    const others = kinds.filter(([other]) => other !== kind).map(([, other]) => other);
    // Films may hold nothing but sound, so they are taken for that too.
    const wrong = [page, drawing, program, ...others.filter((o) => kind !== 'audio' || o !== film)];
    for (const content of wrong) {
      const answer = await rig.post(`/${kind}`, formOf(kind, content, `innocent.${extension}`));
      expect(answer).toEqual({
        status: 415,
        json: { error: `${kind}: the content is of none of the types that are taken` },
      });
    }
    expect(rig.drafts()).toEqual([]);
  });

  test('among too many words is refused for them', async () => {
    const form = formOf(kind, content);
    for (let at = 0; at < 140; at += 1) form.append(`word${at}`, 'x'.repeat(1000));
    const { status, json } = await rig.post(`/${kind}`, form);
    expect([status, json['error']]).toEqual([
      413,
      'the form has too many, or too large, fields beside the file',
    ]);
  });

  test('is refused when the form is not as it should be', async () => {
    const refused = async (sent: FormData | Uint8Array | string, type?: string) => {
      const { status, json } = await rig.post(`/${kind}`, sent, type);
      expect(status).toBe(400);
      return json['error'];
    };
    const noField = `the form has no file in the field ${kind}`;
    const oneFile = `the form must hold one file (${kind})`;
    const broken = 'the form is broken';
    const noForm = `must be multipart/form-data with the file in the field ${kind}`;
    const form = 'multipart/form-data; boundary=b';

    expect(await refused(formOf('file', content))).toBe(noField);
    expect(await refused(new FormData())).toBe(noField);
    const words = new FormData();
    words.set(kind, 'words');
    expect(await refused(words)).toBe(noField);
    const twice = formOf(kind, content);
    twice.append(kind, new Blob([Buffer.from(content)]), 'y');
    expect(await refused(twice)).toBe(oneFile);
    const other = formOf(kind, content);
    other.append('other', new Blob([Buffer.from(content)]), 'y');
    expect(await refused(other)).toBe(oneFile);
    const before = new FormData();
    before.set('other', new Blob([Buffer.from(content)]), 'y');
    before.set(kind, new Blob([Buffer.from(content)]), 'x');
    expect(await refused(before)).toBe(oneFile);
    expect(await refused(formOf(kind, Buffer.alloc(0)))).toBe(`${kind}: the file is empty`);
    expect(await refused(content, 'application/octet-stream')).toBe(noForm);
    expect(await refused('{}', 'application/json')).toBe(noForm);
    expect(await refused('', 'multipart/form-data')).toBe(broken);
    expect(await refused(bodyOf(kind, content), 'multipart/form-data; boundary=')).toBe(broken);
    expect(await refused('', form)).toBe(broken);
    expect(await refused('nonsense', form)).toBe(broken);
    expect(await refused(bodyOf(kind, content, ''), form)).toBe(broken);
    expect(await refused(bodyOf(kind, content, '\r\n--b'), form)).toBe(broken);
    expect(rig.drafts()).toEqual([]);
  });

  test('may be as long as the limit, and no longer', async () => {
    const padded = (size: number): Buffer => Buffer.concat([content], size);
    expect((await rig.post(`/${kind}`, formOf(kind, padded(limit)))).status).toBe(200);
    const answer = { status: 413, json: { error: `${kind}: larger than ${limit} bytes` } };
    expect(await rig.post(`/${kind}`, formOf(kind, padded(limit + 1)))).toEqual(answer);
    expect(await rig.post(`/${kind}`, formOf(kind, padded(limit * 3)))).toEqual(answer);
    expect(rig.drafts()).toEqual([]);
    expect(await rig.files.find(hashOf(padded(limit + 1)))).toBeUndefined();
  });

  test('has no other names', async () => {
    await rig.post(`/${kind}`, formOf(kind, content));
    const hash = hashOf(content);
    const names = [
      hash,
      `${hash}.exe`,
      `${hash.toUpperCase()}.${extension}`,
      `${'0'.repeat(64)}.${extension}`,
      `${hash}.${extension}%00`,
      `${hash}.${extension}%2f..`,
      '..%2f..%2fwxrc.db',
      '..%5c..%5csecret.key',
      '%2e%2e%2fsecret.key',
      '%ff',
    ];
    for (const name of names) {
      const response = await rig.get(`/${kind}/${name}`);
      expect(response.status, name).toBe(404);
      expect(await response.json(), name).toEqual({ error: expect.any(String) });
    }
    // A file of one kind is none of another.
    const elsewhere = kind === 'image' ? 'audio' : 'image';
    expect((await rig.get(`/${elsewhere}/${hash}.${extension}`)).status).toBe(404);
  });
});

test.each([
  ['image', bytes([0xff, 0xd8, 0xff, 0xe0]), 'jpg', 'image/jpeg'],
  ['image', bytes('RIFF', [1, 0, 0, 0], 'WEBPVP8 '), 'webp', 'image/webp'],
  ['image', bytes([0, 0, 0, 24], 'ftypheic'), 'heic', 'image/heic'],
  ['image', bytes('BM'), 'bmp', 'image/bmp'],
  ['audio', bytes([2], '#!SILK_V3'), 'silk', 'audio/silk'],
  ['audio', bytes('#!AMR\n'), 'amr', 'audio/amr'],
  ['audio', bytes([0, 0, 0, 24], 'ftypM4A '), 'm4a', 'audio/x-m4a'],
  ['audio', bytes('RIFF', [1, 0, 0, 0], 'WAVEfmt '), 'wav', 'audio/wav'],
  ['audio', film, 'mp4', 'video/mp4'],
  ['video', bytes([0, 0, 0, 20], 'ftypqt  '), 'mov', 'video/quicktime'],
  ['video', bytes([0, 0, 0, 24], 'ftyp3gp5'), '3gp', 'video/3gpp'],
] as const)('%s takes what begins with %j', async (kind, start, extension, type) => {
  const content = Buffer.concat([start, Buffer.alloc(300, 'x')]);
  const url = `${kind}/${hashOf(content)}.${extension}`;
  expect(await rig.post(`/${kind}`, formOf(kind, content))).toEqual({ status: 200, json: { url } });
  const response = await rig.get(`/${url}`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
  expect(response.headers.get('content-disposition')).toBe('inline');
  await response.arrayBuffer();
});

test('text fields beside the file say nothing', async () => {
  const form = new FormData();
  form.set('note', 'x'.repeat(5000));
  form.set('image', new Blob([Buffer.from(pixel)]), 'x.png');
  form.set('user', 'Joe');
  expect((await rig.post('/image', form)).status).toBe(200);
  form.set('more', 'x'.repeat(200_000));
  expect((await rig.post('/image', form)).status).toBe(413);
});

describe('a file', () => {
  test.each(['../../evil.png', '..\\..\\evil.png', '/etc/passwd', 'a\0b.png', '%00', 'x.html', ''])(
    'named %j is named by its content',
    async (name) => {
      const content = pictureOf(500);
      const form = Buffer.concat([
        Buffer.from(
          `--b\r\nContent-Disposition: form-data; name="image"; filename="${name}"\r\nContent-Type: text/html\r\n\r\n`,
        ),
        content,
        Buffer.from('\r\n--b--\r\n'),
      ]);
      expect(await rig.post('/image', form, 'multipart/form-data; boundary=b')).toEqual({
        status: 200,
        json: { url: `image/${hashOf(content)}.png` },
      });
      expect(rig.onDisk().every((kept) => /^[0-9a-f]{64}$/.test(kept))).toBe(true);
    },
  );

  test('that is a script as well as a picture is shown as a picture', async () => {
    const both = bytes('GIF89a', [1, 0, 1, 0], '=1;alert(document.domain)//');
    const { json } = await rig.post('/image', formOf('image', both, 'x.js'));
    expect(json).toEqual({ url: `image/${hashOf(both)}.gif` });
    const response = await rig.get(`/${json['url']}`);
    expect(response.headers.get('content-type')).toBe('image/gif');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
    await response.arrayBuffer();
  });

  test('sent fifty times at once is one', async () => {
    const content = pictureOf(50_000);
    const before = rig.onDisk().length;
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => rig.post('/image', formOf('image', content))),
    );
    for (const answer of answers) {
      expect(answer).toEqual({ status: 200, json: { url: `image/${hashOf(content)}.png` } });
    }
    expect(rig.onDisk()).toHaveLength(before + 1);
    const count = 'SELECT count(*) AS n FROM files WHERE sha256 = ?';
    expect(await rig.db.read(count, [hashOf(content)])).toEqual([{ n: 1 }]);
  });
});
