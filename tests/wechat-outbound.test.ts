import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAnswer } from '../bot/wechat/answer.ts';
import { knownErrors } from '../bot/wechat/errors.ts';
import { mediaLimits } from '../bot/wechat/media-limits.ts';
import { windowRules } from '../bot/wechat/windows.ts';
import { pixel } from './support/pictures.ts';
import { errcode, WechatListener } from './support/wechat-listener.ts';
import { WechatRig } from './support/wechat-rig.ts';

interface Call {
  name: string;
  method: string;
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  response?: unknown;
  multipart_field?: string;
  json_text?: string;
  expect_msgid?: string;
}
interface Vectors {
  calls: Call[];
  errors: { errcode: number; client_action: string }[];
  custom_send_quota: { action: string; max_sends: number; window_s: number }[];
  media_limits: Record<string, { bytes: number; types: string[] }>;
}

const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, 'vectors/wechat-api.json'), 'utf8'),
) as Vectors;
const vector = (name: string): Call => {
  const found = vectors.calls.find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`no vector ${name}`);
  return found;
};

let listener: WechatListener;
let rig: WechatRig;
beforeEach(async () => {
  listener = await WechatListener.open();
});
afterEach(async () => {
  await rig.close();
  await listener.close();
});

async function open(settings: Record<string, unknown> = {}): Promise<void> {
  rig = await WechatRig.open({ apiBase: listener.url, settings });
  await rig.wechat.start();
}

/** The only call to this vector's path, which must be the vector's own. */
function expectCall({ method, path, query, body }: Call): void {
  const [asked, ...more] = listener.calls(path);
  expect(more).toEqual([]);
  expect(asked).toMatchObject({ method, path });
  if (body !== undefined) expect(asked?.text).toBe(JSON.stringify(body));
  if (query !== undefined) {
    expect([...(asked?.query ?? [])]).toEqual(Object.entries(query));
  }
}

describe('calls are those of the document, byte for byte:', () => {
  it('login', async () => {
    await open({ appid: 'APPID', secret: 'SECRET' });
    const call = vector('jscode2session ok');
    listener.answer = () => ({ type: 'text/plain', body: JSON.stringify(call.response) });
    const account = rig.wechat.accounts.list()[0];
    if (account === undefined) throw new Error('no account');
    const login = await rig.wechat.sessions.code2session(account, 'JSCODE');
    expectCall(call);
    expect(login).toEqual({ ok: true, openid: 'xxxxxx', unionid: 'xxxxx' });
  });

  it('a code that is no good, in WeChat’s words', async () => {
    await open();
    const call = vector('jscode2session bad code');
    listener.answer = () => ({ type: 'text/plain', body: JSON.stringify(call.response) });
    expect(await rig.wechat.sessions.code2session(rig.account, 'x')).toEqual({
      ok: false,
      ...(call.response as object),
    });
  });

  it('the token', async () => {
    await open({ appid: 'APPID', secret: 'APPSECRET' });
    const call = vector('stable_token');
    const account = rig.wechat.accounts.list()[0];
    if (account === undefined) throw new Error('no account');
    await rig.wechat.api.call(account, { method: 'POST', path: '/x', body: {} });
    const [asked] = listener.asked;
    expect(asked).toMatchObject({ method: call.method, path: call.path });
    expect(asked?.text).toBe(JSON.stringify(call.body));
    expect(listener.calls('/x')[0]?.query.get('access_token')).toBe('ACCESS_TOKEN');
  });

  it('text', async () => {
    await open();
    await rig.opened('OPENID');
    await rig.say('OPENID', 'Hello');
    await rig.settle();
    expectCall(vector('custom send text'));
    expect(await rig.states()).toEqual(['1 sent 0']);
  });

  it('text made by a machine', async () => {
    await open();
    await rig.opened('OPENID');
    await rig.say('OPENID', 'Hello', 1, true);
    await rig.settle();
    expectCall(vector('custom send text marked as AI output'));
  });

  it('picture', async () => {
    await open();
    await rig.opened('OPENID');
    await rig.say('OPENID', { type: 'image', url: '', mediaId: 'MEDIA_ID' });
    await rig.settle();
    expectCall(vector('custom send image'));
  });

  it('link of a mini program', async () => {
    await open();
    await rig.opened('OPENID');
    const { link } = vector('custom send link').body as { link: Record<string, string> };
    const { title = '', description = '' } = link;
    await rig.say('OPENID', {
      ...{ type: 'link', title, description },
      ...{ url: 'https://a.example/', thumbUrl: 'image/x.jpg' },
    });
    await rig.settle();
    const asked = listener.calls('custom/send')[0]?.text ?? '';
    expect(
      asked
        .replace('https://a.example/', 'URL')
        .replace('https://wxrc.example/image/x.jpg', 'THUMB_URL'),
    ).toBe(JSON.stringify(vector('custom send link').body));
  });

  it('card of a mini program', async () => {
    await open();
    await rig.opened('OPENID');
    await rig.say('OPENID', {
      ...{ type: 'miniProgram', title: 'title', appid: 'appid', path: 'pagepath' },
      thumbMediaId: 'thumb_media_id',
    });
    await rig.settle();
    expectCall(vector('custom send miniprogrampage'));
  });

  it('menu of an official account', async () => {
    await open({ kind: 'official' });
    await rig.opened('OPENID');
    const call = vector('custom send menu');
    const { msgmenu } = call.body as { msgmenu: Record<string, unknown> };
    await rig.say('OPENID', { type: 'unknown', kind: 'msgmenu', data: msgmenu });
    await rig.settle();
    expectCall(call);
  });

  it.each([
    ['miniprogram', 'typing, mini program', 'Typing'],
    ['official', 'typing, official account', 'CancelTyping'],
  ] as const)('typing, %s', async (kind, name, command) => {
    await open({ kind });
    expect(await rig.wechat.typing('wx1', 'OPENID', command)).toBe(true);
    expectCall(vector(name));
  });

  it('subscribe message', async () => {
    const call = vector('subscribe send');
    await open({
      subscribe: {
        ...{ templateId: 'TEMPLATE_ID', page: 'index', state: 'developer', language: 'zh_CN' },
        fields: { phrase3: 'content', name1: 'sender', date2: 'time' },
      },
    });
    const answer = await rig.wechat.notices.sendNotice({
      ...{ account: 'wx1', fromUserId: 'x', toUserId: 'OPENID', senderName: '订阅' },
      msg: { type: 'text', reply: '审核通过', timestamp: Date.UTC(2019, 11, 25, 1, 42) },
    });
    expectCall(call);
    expect(answer).toEqual(call.response);
  });

  it('upload', async () => {
    await open();
    await rig.opened('OPENID');
    const call = vector('media upload');
    listener.answer = ({ path }) =>
      path === call.path ? { body: JSON.stringify(call.response) } : {};
    const { sha256 } = await rig.files.put(pixel);
    await rig.say('OPENID', { type: 'image', url: `image/${sha256}.png` });
    await rig.settle();
    expectCall(call);
    const [asked] = listener.calls(call.path);
    const body = asked?.body.toString('latin1') ?? '';
    expect(body).toContain(`name="${call.multipart_field}"; filename="${sha256}.png"`);
    expect(body).toContain(pixel.toString('latin1'));
    expect(JSON.parse(listener.calls('custom/send')[0]?.text ?? '')).toMatchObject({
      image: { media_id: 'MEDIA_ID' },
    });
  });

  it('a file that WeChat does not have', async () => {
    await open();
    const call = vector('media get error');
    listener.answer = () => ({ type: 'text/plain', body: JSON.stringify(call.response) });
    expect(await rig.wechat.media.download('wx1', 'MEDIA_ID')).toBeUndefined();
    expectCall(call);
  });

  it('and never the retired ones', async () => {
    await open();
    const notice = { account: 'wx1', fromUserId: 'x', toUserId: 'OPENID', formId: 'FORMID' };
    const answer = await rig.wechat.notices.sendNotice({ ...notice, msg: { reply: 'hello' } });
    expect(answer.errcode).toBeLessThan(-1);
    expect(listener.asked).toEqual([]);
  });
});

it('a long msgid keeps its digits', async () => {
  await open();
  const { json_text: text = '', expect_msgid: msgid } = vector('long msgid');
  listener.answer = () => ({ body: text });
  const answer = await rig.wechat.api.call(rig.account, { method: 'POST', path: '/x', body: {} });
  expect(answer).toMatchObject({ kind: 'ok', body: { msgid } });
});

it('every error code of the document is known, with what to do about it', async () => {
  await open();
  const actions: Record<string, string> = {
    retry: 'retry',
    'refresh token once, then retry once': 'refresh',
    config: 'config',
    reject: 'reject',
    're-upload once': 'reupload',
    'use next credit': 'nextCredit',
    bug: 'bug',
    'drop credit, fall back': 'dropCredit',
    'stop, alarm': 'stop',
    'queue per user, retry': 'perUser',
    split: 'split',
    'stop until next day': 'nextDay',
    'back off to next minute': 'nextMinute',
    'fall back to subscribe message': 'windowClosed',
    'wait for the user, fall back': 'usedUp',
    ignore: 'ignore',
    'fix or truncate the field': 'field',
  };
  const known = new Map(knownErrors());
  for (const { errcode: code, client_action: wanted } of vectors.errors) {
    expect([code, known.get(code)?.action]).toEqual([code, actions[wanted]]);
    expect(known.get(code)?.text.zh).not.toBe('');
    expect(known.get(code)?.text.en).not.toBe('');
  }
});

it('quotas and limits are those of the document', async () => {
  await open();
  const words = {
    'user sent a message': 'message',
    'user entered the session': 'enter',
    'menu click': 'click',
    follow: 'follow',
    'scanned a code': 'scan',
  } as const;
  const rules = vectors.custom_send_quota.map(({ action, max_sends: most, window_s: seconds }) => {
    const [account = '', what = ''] = action.split(': ');
    const kind = account === 'mini program' ? 'miniprogram' : 'official';
    return [kind, words[what as keyof typeof words], { most, ms: seconds * 1000 }] as const;
  });
  expect(rules.map(([kind, action]) => windowRules[kind][action])).toEqual(
    rules.map(([, , rule]) => rule),
  );
  for (const [kind, limit] of Object.entries(mediaLimits)) {
    expect([kind, limit.bytes]).toEqual([kind, vectors.media_limits[kind]?.bytes]);
  }
});

it('an answer is read by its content', async () => {
  await open();
  const read = (body: string, status = 200, type = 'text/plain') =>
    readAnswer({ ok: true, status, headers: { 'content-type': type }, body: Buffer.from(body) });
  expect(read('{"errcode":0}')).toMatchObject({ kind: 'ok' });
  expect(read(' \ufeff{"errcode":"40001","errmsg":"x"}')).toMatchObject({ errcode: 40001 });
  expect(read(errcode(-1).body as string, 500)).toMatchObject({ kind: 'refused', errcode: -1 });
  expect(read('<html>', 502)).toEqual({ kind: 'unknown', error: 'HTTP 502' });
  expect(read('{"message":"bad gateway"}', 502)).toEqual({ kind: 'unknown', error: 'HTTP 502' });
  expect(read('<html>')).toMatchObject({ kind: 'unknown' });
  expect(read('<html>', 404)).toEqual({ kind: 'unsent', error: 'HTTP 404' });
  expect(read('', 302)).toEqual({ kind: 'unsent', error: 'HTTP 302' });
});
