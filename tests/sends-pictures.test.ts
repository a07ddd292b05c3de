import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { imageLimit } from '../bot/automation/sends/images.ts';
import { sendStatusOf } from '../bot/automation/sends/send-status.ts';
import { Files } from '../bot/files.ts';
import { FileStore } from '../store/files.ts';
import { pictureOf, pixel } from './support/pictures.ts';
import { SendRig } from './support/send-rig.ts';

let rig: SendRig;
let server: Server;
let base: string;
/** What the web has: bytes, or a status. */
const web = new Map<string, Buffer | number>();
let asked: string[];

beforeEach(async () => {
  rig = await SendRig.open({ fetchAllow: ['127.0.0.1'] });
  web.clear();
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const page = web.get(request.url ?? '') ?? 404;
    if (typeof page === 'number') response.statusCode = page;
    response.setHeader('content-type', 'text/plain');
    response.end(typeof page === 'number' ? 'no' : page);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  base = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
});
afterEach(async () => {
  expect(rig.log).not.toMatch(/"level":(50|60)/);
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  await rig.close();
});

const image = (url: string, topic = 'hall') =>
  rig.send({ target: { kind: 'room', topic }, content: { kind: 'image', source: { url } } });
const settled = async (msgid: number): Promise<Awaited<ReturnType<SendRig['view']>>> => {
  await rig.until(`${msgid} to be settled`, async () => {
    return (await rig.view(msgid)).settledAt !== undefined;
  });
  return await rig.view(msgid);
};

describe('a picture', () => {
  test('from an address is fetched before its turn, once, and kept', async () => {
    web.set('/a.txt', pixel);
    const msgid = await image(`${base}/a.txt`);
    expect((await settled(msgid)).state).toBe('sent');
    expect(rig.bot.seen).toMatchObject([{ kind: 'image', file: { type: 'image/png' } }]);
    expect(Buffer.from(rig.bot.seen[0]?.file?.bytes ?? [])).toEqual(pixel);
    expect(rig.bot.seen[0]?.file?.name).toMatch(/^[0-9a-f]{16}\.png$/);
    expect(asked).toEqual(['/a.txt']);
    expect(await rig.steps(msgid)).toEqual([
      'accepted',
      'fetched',
      'handed',
      'acknowledged',
      'sent',
    ]);
  });

  test('from a data: URL, in its forms', async () => {
    const base64 = pixel.toString('base64');
    const urls = [
      `data:image/png;base64,${base64}`,
      `data:text/plain;charset=x;base64,${base64.slice(0, 20)}\r\n ${base64.slice(20)}`,
      `data:;base64,${encodeURIComponent(base64)}`,
      `DATA:,${[...pixel].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}`,
    ];
    for (const url of urls) expect((await settled(await image(url))).state).toBe('sent');
    for (const one of rig.bot.seen) expect(Buffer.from(one.file?.bytes ?? [])).toEqual(pixel);
  });

  test('from an upload, by each form of its address', async () => {
    const { clock, dataDir, db } = rig;
    const { sha256 } = await new Files({ dataDir, store: new FileStore(db), clock }).put(pixel);
    const name = `file/${sha256}.png`;
    for (const url of [name, `/${name}`, `http://bots.example/${name}`]) {
      expect((await settled(await image(url))).state).toBe('sent');
    }
    expect(asked).toEqual([]);
    await expect(image(`file/${'0'.repeat(64)}.png`)).rejects.toMatchObject({
      code: 'field_value',
      field: 'file',
    });
  });

  test('an upload that is no picture, or too large, is refused', async () => {
    const { clock, dataDir, db } = rig;
    const files = new Files({ dataDir, store: new FileStore(db), clock });
    const text = await files.put(Buffer.from('text'));
    const large = await files.put(pictureOf(imageLimit + 1));
    for (const { sha256 } of [text, large]) {
      await expect(image(`file/${sha256}`)).rejects.toMatchObject({ code: 'field_value' });
    }
  });

  test.each([
    ['no picture', `data:image/png;base64,${Buffer.from('hello').toString('base64')}`],
    ['broken base64', 'data:image/png;base64,@@@'],
    ['no comma', 'data:image/png;base64'],
    ['too much', `data:image/png;base64,${pictureOf(imageLimit + 1).toString('base64')}`],
    ['a private address', 'http://10.0.0.1/a.png'],
    ['another scheme', 'ftp://example.com/a.png'],
    ['a file of ours', 'file:///etc/passwd'],
    ['words', 'a picture of a cat'],
  ])('%s is refused when it is accepted', async (_what, url) => {
    await expect(image(url)).rejects.toMatchObject({ code: 'field_value', field: 'file' });
    expect(rig.sends.queue('bot01').length).toBe(0);
  });

  test('that is none, is not there, or is too large, fails at once and says why', async () => {
    web.set('/text', Buffer.from('hello'));
    web.set('/large', pictureOf(imageLimit + 1));
    for (const [path, reason] of [
      ['/text', /not a picture/],
      ['/gone', /HTTP 404/],
      ['/large', /larger than/],
    ] as const) {
      const msgid = await image(base + path);
      const view = await settled(msgid);
      expect(view).toMatchObject({ state: 'failed', reason: expect.stringMatching(reason) });
      expect(rig.told(msgid)).toMatchObject([{ sendStatus: '-1' }]);
    }
    expect(asked).toEqual(['/text', '/gone', '/large']);
    expect(rig.bot.seen).toEqual([]);
  });

  test('that does not come is tried again a few times', async () => {
    web.set('/late', 503);
    const msgid = await image(`${base}/late`);
    await rig.until('a first try', () => asked.length === 1);
    await rig.until('a pause', () => rig.sends.queue('bot01').waiting[0] !== undefined);
    web.set('/late', pixel);
    for (let i = 0; i < 40 && asked.length < 2; i += 1) await rig.pass(100);
    expect((await settled(msgid)).state).toBe('sent');
    expect(await rig.steps(msgid)).toContain('fetch-failed');
    web.set('/never', 503);
    const lost = await image(`${base}/never`);
    for (let i = 0; i < 100; i += 1) {
      if ((await rig.view(lost)).settledAt !== undefined) break;
      await rig.pass(1000);
    }
    expect(await rig.view(lost)).toMatchObject({ state: 'failed' });
    expect(asked.filter((path) => path === '/never')).toHaveLength(4);
  });

  test('that is slow to come holds up its own room only', async () => {
    let serve = (): void => {};
    server.removeAllListeners('request');
    server.on('request', (_request, response) => {
      serve = () => response.end(pixel);
    });
    rig.bot.room('attic');
    const slow = await image(`${base}/slow`);
    const behind = await rig.text('behind');
    const other = await rig.text('other', 'attic');
    expect((await settled(other)).state).toBe('sent');
    expect(rig.sends.queue('bot01').waiting).toMatchObject([
      { reason: { en: 'fetching the picture' }, count: 2 },
    ]);
    serve();
    await settled(slow);
    await settled(behind);
    expect(rig.bot.seen.map((one) => one.text)).toEqual(['other', '', 'behind']);
  });

  test('whose file vanished fails, without a word to WeChat', async () => {
    rig.bot.setReady(false);
    const msgid = await image(`data:image/png;base64,${pixel.toString('base64')}`);
    await rig.db.transaction((tx) => tx.run('DELETE FROM files'));
    rig.bot.setReady(true);
    expect(await settled(msgid)).toMatchObject({ state: 'failed' });
    expect(rig.bot.seen).toEqual([]);
  });
});

describe('a card', () => {
  const card = {
    appid: 'wx1234567890abcdef',
    username: 'gh_1@app',
    title: '标题',
    description: '说明',
    pagePath: 'pages/index',
    thumbUrl: '',
  };
  const send = (changes: Partial<typeof card> & { thumbKey?: string } = {}) =>
    rig.send({ content: { kind: 'miniProgram', card: { ...card, ...changes } } });

  test('with a good thumbnail goes; the thumbnail is looked at once', async () => {
    web.set('/thumb', pixel);
    const thumbUrl = `${base}/thumb`;
    for (let i = 0; i < 3; i += 1)
      expect((await settled(await send({ thumbUrl }))).state).toBe('sent');
    expect(asked).toEqual(['/thumb']);
    expect(rig.bot.seen).toMatchObject([{ card: { thumbUrl } }, {}, {}]);
  });

  test('whose thumbnail is on WeChat itself, or which has none, goes unasked', async () => {
    await settled(await send({ thumbUrl: '3057020100044b30', thumbKey: 'abcdef' }));
    await settled(await send());
    expect(rig.bot.seen).toHaveLength(2);
    expect(asked).toEqual([]);
  });

  test.each([
    ['is no picture', '/text', 'not a picture'],
    ['is not there', '/gone', 'HTTP 404'],
    ['is too large', '/large', 'larger than 204800'],
  ])('whose thumbnail %s is invalid', async (_what, path, why) => {
    web.set('/text', Buffer.from('hello'));
    web.set('/large', pictureOf(200 * 1024 + 1));
    const msgid = await send({ thumbUrl: base + path });
    const view = await settled(msgid);
    expect(view).toMatchObject({ state: 'failed', outcome: 3 });
    expect(view.reason).toContain(`card invalid: thumbnail: ${why}`);
    expect(sendStatusOf(view)).toBe('3');
    expect(rig.told(msgid)).toMatchObject([{ sendStatus: '3' }]);
    expect(rig.bot.seen).toEqual([]);
  });

  test('whose thumbnail is private or no address is invalid', async () => {
    for (const thumbUrl of ['http://10.0.0.1/x.png', '卡片图片', 'ftp://example.com/x']) {
      const view = await settled(await send({ thumbUrl }));
      expect(view).toMatchObject({ state: 'failed', outcome: 3 });
    }
    expect(rig.bot.seen).toEqual([]);
  });

  test('whose thumbnail cannot be reached from here goes: WeChat may reach it', async () => {
    web.set('/busy', 503);
    const view = await settled(await send({ thumbUrl: `${base}/busy` }));
    expect(view.state).toBe('sent');
  });

  test.each(['appid', 'username', 'title', 'pagePath'] as const)(
    'without %s is refused',
    async (field) => {
      await expect(send({ [field]: ' ' })).rejects.toMatchObject({ code: 'field_missing', field });
    },
  );

  test('with a field that is too long is refused', async () => {
    await expect(send({ title: 'x'.repeat(513) })).rejects.toMatchObject({
      code: 'field_value',
      field: 'title',
    });
  });
});
