import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileBytes } from '../scripts/wechat-sandbox/samples.ts';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { SandboxCaller, type WechatAnswer } from './support/wechat-sandbox-rig.ts';

const minute = 60_000;
const hour = 60 * minute;
const mini = { appid: 'wxmini', secret: 'secret-mini', token: 'token' };
const account = { appid: 'wxofficial', secret: 'secret-official', kind: 'official' } as const;
const picture = fileBytes(true, 'image');
let sandbox: Sandbox;
let caller: SandboxCaller;
let official: SandboxCaller;

beforeEach(async () => {
  sandbox = await startSandbox({
    accounts: [mini, { ...account, token: 'token' }],
    now: () => 1_800_000_000_000,
  });
  caller = new SandboxCaller(sandbox, mini);
  official = new SandboxCaller(sandbox, account);
  await caller.login();
  await official.login();
  sandbox.user({ openid: 'anna', appid: mini.appid });
  sandbox.user({ openid: 'otto', appid: account.appid });
});
afterEach(() => sandbox.close());

async function codes(n: number, send: () => Promise<WechatAnswer>): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let i = 0; i < n; i += 1) all.push((await send()).errcode);
  return all;
}

test('five sends within 48 hours of what a user said, anew with each word of his', async () => {
  const send = (): Promise<WechatAnswer> => caller.send('anna', 'hello');
  expect(await send()).toMatchObject({
    errcode: 45015,
    errmsg: expect.stringMatching(/^response out of time limit/),
  });
  await sandbox.say('anna', { text: 'hi' });
  expect(await send()).toMatchObject({ errcode: 0, errmsg: 'ok' });
  expect(await codes(5, send)).toEqual([0, 0, 0, 0, 45047]);
  await sandbox.say('anna', { text: 'hi' });
  await sandbox.say('anna', { text: 'hi again' });
  sandbox.advance(48 * hour - 1);
  await caller.login();
  expect(await codes(6, send)).toEqual([0, 0, 0, 0, 0, 45047]);
  await sandbox.say('anna', { text: 'hi' });
  sandbox.advance(48 * hour);
  await caller.login();
  expect(await send()).toMatchObject({ errcode: 45015 });
  const seen = sandbox.messages('anna');
  expect(seen).toHaveLength(10);
  expect(seen.every((one) => one.via === 'custom' && one.text === 'hello')).toBe(true);
  expect(sandbox.messages('anna', { own: true })).toHaveLength(14);
});

test('two sends within a minute of entering a session', async () => {
  const send = (): Promise<WechatAnswer> => caller.send('anna', 'hello');
  await sandbox.event('anna', { event: 'user_enter_tempsession' });
  expect(await codes(3, send)).toEqual([0, 0, 45047]);
  await sandbox.event('anna', { event: 'user_enter_tempsession' });
  sandbox.advance(minute);
  expect(await codes(1, send)).toEqual([45015]);
});

test('an official account: three sends within a minute of a click, a scan, a follow', async () => {
  const send = (): Promise<WechatAnswer> => official.send('otto', 'hello');
  for (const event of ['CLICK', 'SCAN', 'subscribe']) {
    await sandbox.event('otto', { event, EventKey: 'x' });
    expect(await codes(4, send), event).toEqual([0, 0, 0, 45047]);
    sandbox.advance(minute);
    expect(await codes(1, send), event).toEqual([45015]);
  }
  await sandbox.event('otto', { event: 'VIEW', EventKey: 'https://example.com' });
  expect(await codes(1, send)).toEqual([45015]);
  await sandbox.say('otto', { text: 'hi' });
  await sandbox.event('otto', { event: 'unsubscribe' });
  expect(await codes(1, send)).toEqual([45015]);
  await expect(sandbox.say('otto', { text: 'hi' })).rejects.toThrow(/does not follow/);
});

test('whom an account can write to', async () => {
  await sandbox.say('anna', { text: 'hi' });
  expect(await caller.send('nobody', 'hello')).toMatchObject({ errcode: 40003 });
  expect(await official.send('anna', 'hello')).toMatchObject({ errcode: 40003 });
  sandbox.block('anna');
  expect(await caller.send('anna', 'hello')).toMatchObject({ errcode: 48002 });
  sandbox.block('anna', false);
  expect(await caller.send('anna', 'hello')).toMatchObject({ errcode: 0 });
  caller.token = '';
  expect(await caller.send('anna', 'hello')).toMatchObject({ errcode: 41001 });
});

test('kinds by account, and what each needs', async () => {
  await sandbox.say('anna', { text: 'hi' });
  await sandbox.say('otto', { text: 'hi' });
  const media = String((await caller.upload('image', picture))['media_id']);
  const file = String((await official.upload('image', picture))['media_id']);
  const link = { title: 't', description: 'd', url: 'https://example.com', thumb_url: 'u' };
  const page = { title: 't', appid: mini.appid, pagepath: 'p' };
  const menu = { head_content: '满意吗', list: [{ id: '1', content: '满意' }], tail_content: '' };
  const article = { title: 't', url: 'https://example.com' };
  const cases: [SandboxCaller, string, string, unknown, number][] = [
    [caller, 'anna', 'image', { media_id: media }, 0],
    [caller, 'anna', 'image', { media_id: file }, 40007],
    [caller, 'anna', 'image', {}, 40007],
    [caller, 'anna', 'link', link, 0],
    [caller, 'anna', 'link', { title: 't' }, 47001],
    [caller, 'anna', 'miniprogrampage', { ...page, thumb_media_id: media }, 0],
    [caller, 'anna', 'miniprogrampage', page, 40007],
    [caller, 'anna', 'voice', { media_id: media }, 45162],
    [caller, 'anna', 'msgmenu', menu, 45162],
    [caller, 'anna', 'smell', {}, 40008],
    [caller, 'anna', 'text', 'bare', 47001],
    [caller, 'anna', 'text', { content: '' }, 44004],
    [caller, 'anna', 'text', { content: 'x'.repeat(2049) }, 45002],
    [caller, 'anna', 'text', { content: '字'.repeat(683) }, 45002],
    [caller, 'anna', 'text', { content: '字'.repeat(682) }, 0],
    [official, 'otto', 'msgmenu', menu, 0],
    [official, 'otto', 'news', { articles: [article] }, 0],
    [official, 'otto', 'news', { articles: [article, article] }, 45008],
    [official, 'otto', 'voice', { media_id: file }, 0],
    [official, 'otto', 'link', link, 45162],
  ];
  for (const [who, touser, msgtype, part, errcode] of cases) {
    expect(await who.custom(touser, msgtype, part), msgtype).toMatchObject({ errcode });
  }
  expect(sandbox.messages('anna').map((one) => [one.msgtype, one.mediaId])).toEqual([
    ['image', media],
    ['link', undefined],
    ['miniprogrampage', media],
    ['text', undefined],
  ]);
  expect(sandbox.messages('otto')[0]?.text).toBe('满意吗\n满意');
  // What was refused has cost nothing.
  expect(sandbox.user({ openid: 'anna' }).windows[0]?.left).toBe(1);
});

test('typing: within 30 s of a word, for 15 s, ended by a message', async () => {
  const path = '/cgi-bin/message/custom/business/typing';
  const type = (command: string): Promise<WechatAnswer> =>
    caller.post(path, { touser: 'anna', command });
  expect(await type('Typing')).toMatchObject({ errcode: 45080 });
  await sandbox.say('anna', { text: 'hi' });
  expect(await type('Dancing')).toMatchObject({ errcode: 45072 });
  expect(await type('Typing')).toMatchObject({ errcode: 0 });
  expect(await type('Typing')).toMatchObject({ errcode: 45081 });
  expect(await type('CancelTyping')).toMatchObject({ errcode: 0 });
  expect(await type('Typing')).toMatchObject({ errcode: 0 });
  sandbox.advance(15_000);
  expect(await type('Typing')).toMatchObject({ errcode: 0 });
  await caller.send('anna', 'there');
  expect(await type('Typing')).toMatchObject({ errcode: 0 });
  sandbox.advance(30_001);
  expect(await type('Typing')).toMatchObject({ errcode: 45080 });
  expect(await official.post(path, { touser: 'otto', command: 'Typing' })).toMatchObject({
    errcode: 40200,
  });
  await sandbox.say('otto', { text: 'hi' });
  const other = '/cgi-bin/message/custom/typing';
  expect(await official.post(other, { touser: 'otto', command: 'Typing' })).toMatchObject({
    errcode: 0,
  });
  expect(sandbox.messages('otto')).toMatchObject([{ via: 'typing', msgtype: 'Typing' }]);
});

test('files go up and come down; a video as an address; after three days not at all', async () => {
  const get = (who: SandboxCaller, media_id: unknown): Promise<WechatAnswer> =>
    who.get('/cgi-bin/media/get', { access_token: who.token, media_id: String(media_id) });
  const up = await caller.upload('image', picture, 'a.png');
  expect(up).toMatchObject({ errcode: 0, type: 'image', created_at: 1_800_000_000 });
  const url = `${sandbox.url}/cgi-bin/media/get`;
  const query = new URLSearchParams({
    access_token: caller.token,
    media_id: String(up['media_id']),
  });
  const down = await fetch(`${url}?${query}`);
  expect(down.headers.get('content-type')).toBe('image/png');
  expect(down.headers.get('content-disposition')).toMatch(/attachment; filename=".+\.png"/);
  expect(Buffer.from(await down.arrayBuffer()).equals(Buffer.from(picture))).toBe(true);
  expect(await get(caller, 'nothing')).toMatchObject({ errcode: 40007, contentType: 'text/plain' });
  expect(await get(official, up['media_id'])).toMatchObject({ errcode: 40007 });
  expect(await get(caller, '')).toMatchObject({ errcode: 41006 });

  const film = await official.upload('video', fileBytes(true, 'video'), 'a.mp4');
  const shown = await get(official, film['media_id']);
  expect(shown.contentType).toBe('text/plain');
  const video = await fetch(String(shown['video_url']));
  expect(video.headers.get('content-type')).toBe('video/mp4');
  sandbox.advance(72 * hour);
  await caller.login();
  expect(await get(caller, up['media_id'])).toMatchObject({ errcode: 40007 });
});

test('files that are too big, of another kind, or not there', async () => {
  const jpeg = (bytes: number): Buffer =>
    Buffer.concat([Buffer.from('\xff\xd8\xff', 'latin1'), Buffer.alloc(bytes - 3)]);
  const upload = async (who: SandboxCaller, type: string, bytes: Uint8Array): Promise<unknown> =>
    (await who.upload(type, bytes)).errcode;
  expect(await upload(caller, 'image', jpeg(10 << 20))).toBe(0);
  expect(await upload(caller, 'image', jpeg((10 << 20) + 1))).toBe(40009);
  expect(await upload(caller, 'image', Buffer.from('<svg/>'))).toBe(40005);
  expect(await upload(caller, 'image', Buffer.alloc(0))).toBe(41005);
  expect(await upload(caller, 'voice', fileBytes(true, 'voice'))).toBe(40004);
  expect(await upload(caller, 'smell', picture)).toBe(40004);
  expect(await upload(official, 'voice', fileBytes(true, 'voice'))).toBe(0);
  expect(await upload(official, 'voice', picture)).toBe(40005);
  expect(await upload(official, 'thumb', jpeg((64 << 10) + 1))).toBe(40012);
  expect(await official.upload('thumb', jpeg(100))).toHaveProperty('thumb_media_id');
  const post = { access_token: caller.token, type: 'image' };
  expect(await caller.post('/cgi-bin/media/upload', 'not multipart', post)).toMatchObject({
    errcode: 41005,
  });
});
