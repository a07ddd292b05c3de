import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import type { Content } from '../bot/im/content.ts';
import { ownCodes } from '../bot/wechat/errors.ts';
import { pictureOf, pixel } from './support/pictures.ts';
import { type Answered, type Asked, errcode, WechatListener } from './support/wechat-listener.ts';
import { WechatRig } from './support/wechat-rig.ts';

const day = 86_400_000;
const upload = '/cgi-bin/media/upload';
const amr = Buffer.from('#!AMR\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx');
let listener: WechatListener;
let rig: WechatRig;
let clock: VirtualClock;
/** What sends are answered. */
let send: (asked: Asked) => Answered;
beforeEach(async () => {
  clock = new VirtualClock(1_790_000_000_000);
  listener = await WechatListener.open();
  send = () => ({});
  let made = 0;
  listener.answer = (asked) => {
    if (asked.path === upload) {
      made += 1;
      return { body: JSON.stringify({ errcode: 0, media_id: `M${made}`, type: 'image' }) };
    }
    if (asked.path === '/pictures/a.png') return { body: pixel, type: 'text/html' };
    if (asked.path.startsWith('/pictures')) return { status: 404 };
    return send(asked);
  };
  rig = await WechatRig.open({ apiBase: listener.url, clock });
  await rig.wechat.start();
  await rig.opened('oA');
});
afterEach(async () => {
  await rig.close();
  await listener.close();
});

const uploads = () => listener.calls(upload);
/** Under which ids files were sent. */
const used = () =>
  listener.calls('custom/send').map(({ text }) => {
    const body = JSON.parse(text) as Record<string, { media_id?: string; thumb_media_id?: string }>;
    const part = body['image'] ?? body['miniprogrampage'] ?? body['voice'];
    return part?.media_id ?? part?.thumb_media_id;
  });
async function picture(bytes: Buffer = pixel, extension = 'png'): Promise<Content> {
  const { sha256 } = await rig.files.put(bytes);
  return { type: 'image', url: `image/${sha256}.${extension}` };
}
const say = async (content: Content): Promise<void> => {
  await rig.say('oA', content);
  await rig.settle();
};

it('a file is uploaded once, and again before its three days are over', async () => {
  const content = await picture();
  await say(content);
  await say(content);
  expect(used()).toEqual(['M1', 'M1']);
  await clock.advance(2.8 * day);
  await rig.opened('oA');
  await say(content);
  expect(used().at(-1)).toBe('M1');
  await clock.advance(0.1 * day);
  await say(content);
  expect(used().at(-1)).toBe('M2');
  expect(uploads()).toHaveLength(2);
});

it('one that WeChat has lost is uploaded once more, and sent', async () => {
  const content = await picture();
  await say(content);
  let lost = true;
  send = () => {
    const answer = lost ? errcode(40007) : {};
    lost = false;
    return answer;
  };
  await say(content);
  expect(used()).toEqual(['M1', 'M1', 'M2']);
  expect(await rig.states()).toEqual(['1 sent 0', '2 sent 0']);
  send = () => errcode(40007);
  await say(content);
  expect(used().slice(3)).toEqual(['M2', 'M3']);
  expect((await rig.states()).at(-1)).toBe('3 failed 40007');
  expect(await rig.told()).toMatchObject([{ reason: 'rejected', errcode: 40007 }]);
});

it('addresses of ours are known in every form', async () => {
  const { sha256 } = await rig.files.put(pixel);
  for (const url of [
    `image/${sha256}.png`,
    `/file/${sha256}`,
    `https://wxrc.example/api/imbot/image/${sha256}.png`,
  ]) {
    await say({ type: 'image', url });
  }
  expect(used()).toEqual(['M1', 'M1', 'M1']);
});

it('a picture anywhere else is fetched, whatever it calls itself', async () => {
  await say({ type: 'image', url: `${listener.url}/pictures/a.png` });
  expect(used()).toEqual(['M1']);
  expect(uploads()[0]?.body.includes(pixel)).toBe(true);
});

it('an id that came from WeChat serves where there is no file', async () => {
  await say({ type: 'image', url: '', mediaId: 'THEIRS' });
  await say({ type: 'image', url: `image/${'0'.repeat(64)}.png`, mediaId: 'THEIRS' });
  expect(used()).toEqual(['THEIRS', 'THEIRS']);
  expect(uploads()).toEqual([]);
});

it('a card has its picture', async () => {
  const { url } = (await picture()) as { url: string };
  await say({ type: 'miniProgram', title: 't', appid: 'wx9', path: 'p', thumbUrl: url });
  expect(used()).toEqual(['M1']);
  await say({ type: 'miniProgram', title: 't', appid: 'wx9', path: 'p' });
  expect((await rig.states()).at(-1)).toBe('2 failed 40007');
});

describe('what WeChat would not take does not leave:', () => {
  it.each([
    ['no picture', Buffer.from('plain words'), 40005],
    ['an empty file', Buffer.alloc(0), 40005],
    ['a recording', amr, 40005],
  ])('%s', async (_what, bytes, code) => {
    await say(await picture(bytes));
    expect(await rig.states()).toEqual([`1 failed ${code}`]);
    expect(listener.asked).toEqual([]);
    expect(await rig.told()).toMatchObject([{ reason: 'rejected' }]);
  });

  it('a recording that is too large', async () => {
    rig.wechat.applyConfig([{ ...rig.account.settings, kind: 'official' }]);
    const { sha256 } = await rig.files.put(Buffer.concat([amr, Buffer.alloc(2_097_152)]));
    await say({ type: 'voice', url: `audio/${sha256}.amr` });
    expect(await rig.states()).toEqual(['1 failed 40010']);
    const small = await rig.files.put(amr);
    await say({ type: 'voice', url: `audio/${small.sha256}.amr` });
    expect(used()).toEqual(['M1']);
    expect(uploads()[0]?.query.get('type')).toBe('voice');
  });

  it.each([
    ['a file that is not there', `image/${'0'.repeat(64)}.png`, 41005],
    ['an address that is not there', '/pictures/gone.png', 41005],
    ['no address', 'file:///etc/passwd', 41005],
    ['an address inside', 'http://192.168.0.1/a.png', ownCodes.address],
  ])('%s', async (_what, url, errcode) => {
    await say({ type: 'image', url: url.startsWith('/') ? `${listener.url}${url}` : url });
    expect(await rig.states()).toEqual([`1 failed ${errcode}`]);
    expect(used()).toEqual([]);
  });
});

// The library is optional.
const sharp = await import('sharp').then(
  (found) => found.default,
  () => undefined,
);

it.skipIf(sharp === undefined)(
  'a picture of another kind is made one that WeChat takes',
  async () => {
    if (sharp === undefined) return;
    const webp = await sharp({
      create: { width: 40, height: 30, channels: 4, background: '#12345680' },
    })
      .webp()
      .toBuffer();
    await say(await picture(webp, 'webp'));
    expect(await rig.states()).toEqual(['1 sent 0']);
    const [asked] = uploads();
    expect(asked?.body.toString('latin1')).toMatch(/filename="[0-9a-f]{64}\.jpg".*image\/jpeg/s);
    expect(asked?.body.includes(Buffer.from([0xff, 0xd8, 0xff]))).toBe(true);
  },
);

it.skipIf(sharp === undefined)('one too large is made smaller', async () => {
  const large = pictureOf(11_000_000);
  await say(await picture(large));
  expect(await rig.states()).toEqual(['1 sent 0']);
  expect(uploads()[0]?.body.length).toBeLessThan(10_485_760);
});

it('many who need it at once upload it once', async () => {
  const content = await picture();
  for (let user = 0; user < 6; user += 1) {
    await rig.opened(`o${user}`);
    await rig.say(`o${user}`, content);
  }
  await rig.settle();
  expect(used()).toEqual(Array(6).fill('M1'));
  expect(uploads()).toHaveLength(1);
});

it('an upload that came to no answer is made again: nobody has seen it', async () => {
  const { answer } = listener;
  let broken = true;
  listener.answer = (asked) => {
    if (asked.path !== upload || !broken) return answer(asked);
    broken = false;
    return { close: true };
  };
  await say(await picture());
  expect(used()).toEqual([]);
  await rig.settle(1000);
  expect(used()).toEqual(['M1']);
  expect(await rig.states()).toEqual(['1 sent 0']);
});

describe('what users sent', () => {
  const get = '/cgi-bin/media/get';
  const answers = (answered: Answered): void => {
    const { answer } = listener;
    listener.answer = (asked) => (asked.path === get ? answered : answer(asked));
  };

  it('is fetched and kept, its type told by its content', async () => {
    answers({ body: pixel, type: 'image/jpeg', headers: { 'content-disposition': 'attachment' } });
    const file = await rig.wechat.media.download('wx1', 'ID');
    expect(file?.url).toMatch(/^file\/[0-9a-f]{64}\.png$/);
    expect(listener.calls(get)[0]?.query.get('media_id')).toBe('ID');
  });

  it('is a file even where it looks like JSON', async () => {
    const headers = { 'content-disposition': 'attachment; filename="a.json"' };
    answers({ body: '{"errcode":40007}', headers });
    expect((await rig.wechat.media.download('wx1', 'ID'))?.url).toMatch(/^file\//);
  });

  it('is fetched from elsewhere when it is a video', async () => {
    answers({ body: JSON.stringify({ video_url: `${listener.url}/pictures/a.png` }) });
    expect((await rig.wechat.media.download('wx1', 'ID'))?.url).toMatch(/\.png$/);
    answers({ body: JSON.stringify({ video_url: 'http://192.168.0.1/v' }) });
    expect(await rig.wechat.media.download('wx1', 'ID')).toBeUndefined();
  });

  it('may be gone', async () => {
    answers({ body: '{"errcode":40007,"errmsg":"invalid media_id"}', type: 'text/plain' });
    expect(await rig.wechat.media.download('wx1', 'ID')).toBeUndefined();
    answers({ close: true });
    expect(await rig.wechat.media.download('wx1', 'ID')).toBeUndefined();
    expect(await rig.wechat.media.download('wx2', 'ID')).toBeUndefined();
  });
});

it('what WeChat has forgotten is forgotten here', async () => {
  await say(await picture());
  expect(await rig.wechat.media.prune(10)).toBe(0);
  await clock.advance(3 * day + 1);
  expect(await rig.wechat.media.prune(10)).toBe(1);
});
