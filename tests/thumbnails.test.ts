import sharp from 'sharp';
import { afterEach, describe, expect, test } from 'vitest';
import { loadPictures, type PictureLibrary } from '../bot/picture-library.ts';
import { asJpeg } from '../bot/wechat/pictures.ts';
import { formOf, type UploadsRig, uploadsRig } from './support/uploads-rig.ts';

let rig: UploadsRig;
afterEach(async () => {
  await rig.close();
});

const photo = (width = 400, height = 300) =>
  sharp({ create: { width, height, channels: 3, background: '#07c160' } }).jpeg();

async function put(content: Uint8Array): Promise<string> {
  const { json } = await rig.post('/image', formOf('image', content));
  return `/${json['url']}`;
}
async function shown(path: string, headers: Record<string, string> = {}) {
  const response = await rig.get(path, headers);
  const bytes = Buffer.from(await response.arrayBuffer());
  const type = response.headers.get('content-type');
  if (response.status !== 200) return { status: response.status };
  const { width, height } = await sharp(bytes).metadata();
  return { status: 200, type, width, height, bytes, vary: response.headers.get('vary') };
}

describe('with the library', () => {
  test('a picture is scaled down to fit', async () => {
    rig = await uploadsRig();
    const path = await put(await photo().toBuffer());
    const jpeg = { status: 200, type: 'image/jpeg', vary: 'Accept' };
    expect(await shown(`${path}?w=200`)).toMatchObject({ ...jpeg, width: 200, height: 150 });
    expect(await shown(`${path}?h=150`)).toMatchObject({ ...jpeg, width: 200, height: 150 });
    expect(await shown(`${path}?w=100&h=100`)).toMatchObject({ ...jpeg, width: 100, height: 75 });
    const webp = await shown(`${path}?w=200`, { accept: 'image/avif,image/webp,*/*' });
    expect(webp).toMatchObject({ type: 'image/webp', width: 200, height: 150 });
    expect(await shown(path)).toMatchObject({ width: 400, height: 300, vary: null });
    // Never larger than it is.
    expect(await shown(`${path}?w=400`)).toMatchObject({ width: 400, height: 300 });
    expect(await shown(`${path}?w=2048`)).toMatchObject({ width: 400, height: 300 });
  });

  test('a picture that lies on its side stands up', async () => {
    rig = await uploadsRig();
    const path = await put(await photo().withMetadata({ orientation: 6 }).toBuffer());
    expect(await shown(`${path}?w=150`)).toMatchObject({ width: 150, height: 200 });
    expect(await shown(`${path}?w=300`)).toMatchObject({ width: 400, height: 300 });
  });

  test('what is transparent stays so', async () => {
    rig = await uploadsRig();
    const path = await put(await photo().ensureAlpha(0.5).png().toBuffer());
    const small = await shown(`${path}?w=64`);
    expect(small).toMatchObject({ type: 'image/png', width: 64 });
    expect((await sharp(small.bytes).metadata()).hasAlpha).toBe(true);
  });

  test.each(['0', '-1', '2049', '1e3', '200px', '', '%00', '../x'])(
    '?w=%s is refused',
    async (w) => {
      rig = await uploadsRig();
      const path = await put(await photo().toBuffer());
      const response = await rig.get(`${path}?w=${w}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ error: 'w must be 1 to 2048' });
    },
  );

  test('each is made once, kept as a file, and served in stretches', async () => {
    rig = await uploadsRig();
    const path = await put(await photo().toBuffer());
    const all = await Promise.all(Array.from({ length: 20 }, () => shown(`${path}?w=50`)));
    expect(new Set(all.map(({ bytes }) => bytes?.toString('hex'))).size).toBe(1);
    expect(rig.onDisk()).toHaveLength(2);
    const part = await rig.get(`${path}?w=50`, { range: 'bytes=0-1' });
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([
      206,
      Buffer.from([0xff, 0xd8]),
    ]);
    // It is made again when it was swept.
    await rig.db.transaction((tx) =>
      tx.run('DELETE FROM files WHERE sha256 <> ?', [path.slice(7, 71)]),
    );
    expect(await shown(`${path}?w=50`)).toMatchObject({ width: 50 });
  });

  test('strangers cannot fill the disk with them', async () => {
    rig = await uploadsRig();
    const path = await put(await photo().toBuffer());
    for (let w = 1; w <= 40; w += 1) expect((await rig.get(`${path}?w=${w}`)).status).toBe(200);
    expect(rig.onDisk().length).toBeLessThanOrEqual(17);
    expect(await shown(`${path}?w=5`)).toMatchObject({ width: 5 });
    expect(await shown(`${path}?w=40`)).toMatchObject({ width: 400 });
  });

  test('what is no whole picture is served as it is, and looked at once', async () => {
    rig = await uploadsRig();
    const whole = await photo().toBuffer();
    const cut = Buffer.concat([whole.subarray(0, 200), Buffer.from('<script>')]);
    const drawing = Buffer.concat([
      Buffer.from('GIF89a'),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ]);
    for (const content of [cut, drawing]) {
      const path = await put(content);
      for (let i = 0; i < 2; i += 1) {
        const response = await rig.get(`${path}?w=5`);
        expect([response.status, Buffer.from(await response.arrayBuffer())]).toEqual([
          200,
          content,
        ]);
      }
    }
    expect(rig.lines.filter((line) => line.includes('no thumbnail'))).toHaveLength(2);
  });

  test('a picture of far too many pixels is not decoded', async () => {
    rig = await uploadsRig();
    // Nine thousand by nine thousand in a few kilobytes.
    const bomb = await photo(9000, 9000).png({ compressionLevel: 9 }).toBuffer();
    expect(bomb.length).toBeLessThan(1_000_000);
    await rig.close();
    rig = await uploadsRig({ maxBytes: 1_000_000 });
    const path = await put(bomb);
    const response = await rig.get(`${path}?w=10`);
    expect(Buffer.from(await response.arrayBuffer()).equals(bomb)).toBe(true);
    expect(rig.lines.join('')).toContain('exceeds pixel limit');
  });
});

test('no picture of lines is drawn, whoever asks for it', async () => {
  const drawing = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
  );
  const library = await loadPictures();
  await expect(library?.(drawing, {}).toBuffer()).rejects.toThrow('unsupported image format');
  expect(await asJpeg(drawing)).toBeUndefined();
  expect(await asJpeg(await photo().webp().toBuffer())).toBeInstanceOf(Buffer);
});

test('two are made at once, and who comes far too late gets the picture', async () => {
  let working = 0;
  let most = 0;
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow = {
    metadata: async () => {
      working += 1;
      most = Math.max(most, working);
      await gate;
      working -= 1;
      throw new Error('too slow');
    },
  };
  const nothing = () => {};
  const library = Object.assign(() => slow, {
    ...{ block: nothing, unblock: nothing, cache: nothing, concurrency: nothing },
  }) as unknown as PictureLibrary;
  rig = await uploadsRig({ library: async () => library });
  const paths = await Promise.all(
    Array.from({ length: 10 }, async (_, i) => put(await photo(20 + i, 20).toBuffer())),
  );
  const asked = paths.flatMap((path) =>
    Array.from({ length: 10 }, (_, i) => rig.get(`${path}?w=${i + 1}`)),
  );
  // 2 at work and 64 waiting; the others are answered at once.
  const early = await Promise.race(asked);
  expect(early.status).toBe(200);
  expect(most).toBe(2);
  release();
  for (const response of await Promise.all(asked)) {
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  }
  expect(most).toBe(2);
});

test.each([
  ['there is none', async () => undefined],
  ['it cannot be loaded', () => Promise.reject(new Error('no such module'))],
])('without the library the picture itself is served: %s', async (_why, library) => {
  rig = await uploadsRig({ library });
  const content = await photo().toBuffer();
  const path = await put(content);
  const response = await rig.get(`${path}?w=50`);
  expect([response.status, Buffer.from(await response.arrayBuffer())]).toEqual([200, content]);
  expect((await rig.get(`${path}?w=x`)).status).toBe(400);
  expect(rig.lines.join('')).toContain('without sharp there are no thumbnails');
});
