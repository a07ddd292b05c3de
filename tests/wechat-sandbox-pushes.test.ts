import * as peer from '@wecom/crypto';
import { XMLParser } from 'fast-xml-parser';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type AccountOptions,
  type Said,
  type Sandbox,
  startSandbox,
} from '../scripts/wechat-sandbox/sandbox.ts';
import { type Pushed, type Receiver, startReceiver } from './support/wechat-sandbox-rig.ts';
import vectors from './vectors/wechat-push-messages.json' with { type: 'json' };

const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const base = { appid: 'wxofficial', secret: 's', token: 'thetoken', kind: 'official' } as const;
let receiver: Receiver;
let sandbox: Sandbox | undefined;

beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await sandbox?.close();
  await receiver.close();
});

async function start(account: Partial<AccountOptions> = {}, more = {}): Promise<Sandbox> {
  await sandbox?.close();
  sandbox = await startSandbox({
    accounts: [{ ...base, ...account }],
    push: receiver.url,
    ...more,
  });
  return sandbox;
}

const parser = new XMLParser({ parseTagValue: false });
function fieldsOf(text: string): Record<string, unknown> {
  const read = text.startsWith('<') ? parser.parse(text).xml : JSON.parse(text);
  return read as Record<string, unknown>;
}

for (const format of ['xml', 'json'] as const) {
  test(`${format}: plain, compatible and secure, as another library reads them`, async () => {
    for (const mode of ['plain', 'compatible', 'secure'] as const) {
      receiver.pushed.length = 0;
      const at = await start({ format, mode, encodingAesKey: key });
      const outcome = await at.say('anna', { text: 'a ]]> <b>&amp; 😀' });
      expect(outcome).toMatchObject({ ok: true, tries: [{ status: 200, answer: 'success' }] });
      const [push] = receiver.pushed as [Pushed];
      const { timestamp = '', nonce = '', ...query } = push.query;
      expect(query['openid']).toBe('anna');
      expect(query['signature']).toBe(peer.getSignature(base.token, timestamp, nonce, ''));
      expect(query['encrypt_type']).toBe(mode === 'plain' ? undefined : 'aes');
      const outer = fieldsOf(push.body);
      let plain = push.body;
      if (mode !== 'plain') {
        const sealed = String(outer['Encrypt']);
        const due = peer.getSignature(base.token, timestamp, nonce, sealed);
        expect(query['msg_signature']).toBe(due);
        const opened = peer.decrypt(key, sealed);
        expect(opened.id).toBe(base.appid);
        plain = opened.message;
      }
      expect(plain).toBe(outcome.plain);
      const names = Object.keys(outer);
      const all = ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'Content', 'MsgId'];
      if (mode === 'secure') expect(names).toEqual(['ToUserName', 'Encrypt']);
      else expect(names).toEqual(mode === 'plain' ? all : [...all, 'Encrypt']);
      expect(fieldsOf(plain)['Content']).toBe('a ]]> <b>&amp; 😀');
      // A number past 2^53 stands bare in both spellings.
      const bare =
        format === 'xml' ? `<MsgId>${outcome.msgId}</MsgId>` : `"MsgId":${outcome.msgId}}`;
      expect(plain).toContain(bare);
      expect(BigInt(outcome.msgId ?? 0)).toBeGreaterThan(2n ** 53n);
    }
  });
}

test('every kind has the fields that WeChat sends', async () => {
  const at = await start();
  const said: Record<string, Said> = {
    text: { text: 'hi' },
    image: { image: true },
    voice: { voice: true },
    video: { video: true },
    location: { location: { latitude: 23.134521, longitude: 113.358803, scale: 20, label: 'x' } },
    link: { link: { title: 't', url: 'https://example.com' } },
    miniprogrampage: { miniprogrampage: { title: 't', pagepath: 'p' } },
  };
  const known = [...vectors.official_account, ...vectors.mini_program];
  const seen = new Set<string>();
  for (const one of known) {
    if (one.xml === undefined) continue;
    const due = fieldsOf(one.xml);
    const kind = String(due['MsgType']);
    const what = said[kind];
    if (what === undefined) continue;
    seen.add(kind);
    const { plain } = await at.say('anna', what);
    expect(Object.keys(fieldsOf(plain)).sort(), one.name).toEqual(
      expect.arrayContaining(Object.keys(due).sort()),
    );
  }
  expect([...seen].sort()).toEqual(Object.keys(said).sort());
  await expect(at.say('anna', {})).rejects.toThrow(/exactly one/);
  await expect(at.say('anna', { text: 'a', image: true })).rejects.toThrow(/exactly one/);
  await expect(at.say('anna', { image: '!!' })).rejects.toThrow(/base64/);
  const heard = await at.say('anna', { voice: true, recognition: '你好' });
  expect(fieldsOf(heard.plain)).toMatchObject({ Format: 'amr', Recognition: '你好' });
});

test('events are spelled as WeChat spells them', async () => {
  const expected = vectors.subscribe_events[0];
  if (expected?.xml === undefined) throw new Error('no such vector');
  const List = expected.expect.map((one) => ({ ...one, PopupScene: 2 }));
  const event = { event: 'subscribe_msg_popup_event', List };
  const xml = await start();
  const pushed = await xml.event('otFpruAK8D-E6EfStSYonYSBZ8_4', event);
  const blank = (text: string): string =>
    text
      .replace(/<CreateTime>\d+/, '<CreateTime>0')
      .replace(/<ToUserName>.*?<\/ToUserName>/, '<ToUserName/>');
  expect(blank(pushed.plain)).toBe(blank(expected.xml));
  const json = await start({ format: 'json' });
  const one = List.slice(0, 1);
  const alone = fieldsOf((await json.event('anna', { ...event, List: one })).plain);
  expect(alone['List']).toEqual(one[0]);
  expect(alone['CreateTime']).toMatch(/^\d+$/);
  const menu = fieldsOf((await json.event('anna', { event: 'CLICK', EventKey: 'k' })).plain);
  expect(menu).toMatchObject({ MsgType: 'event', Event: 'CLICK', EventKey: 'k' });
  expect(menu['CreateTime']).toBeTypeOf('number');
  expect(menu['MsgId']).toBeUndefined();
});

test('no answer in time: the same thing three times, then the user is told', async () => {
  const at = await start({}, { pushTimeoutMs: 150 });
  receiver.reply = () => undefined;
  const outcome = await at.say('anna', { text: 'hi' });
  expect(outcome).toMatchObject({ ok: false, problem: 'no answer in 150 ms' });
  expect(receiver.pushed).toHaveLength(3);
  expect(new Set(receiver.pushed.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(at.messages('anna')).toMatchObject([
    { via: 'notice', text: '该公众号提供的服务出现故障，请稍后再试' },
  ]);
});

test('errors are tried again too, and a later try can be answered', async () => {
  const at = await start();
  receiver.reply = (_push, nth) => (nth < 3 ? 500 : '');
  const outcome = await at.say('anna', { text: 'hi' });
  expect(outcome.ok).toBe(true);
  expect(outcome.tries.map((one) => one.status)).toEqual([500, 500, 200]);
  expect(at.messages('anna')).toEqual([]);
  at.setPush('http://127.0.0.1:1/{appid}');
  const lost = await at.say('anna', { text: 'hi' });
  expect(lost.tries).toHaveLength(3);
  expect(lost.problem).toMatch(/ECONNREFUSED|fetch failed|bad port/);
});

test('fresh tries are the same words in another envelope; copies come at once', async () => {
  const at = await start({ encodingAesKey: key });
  receiver.reply = (_push, nth) => (nth === 1 ? 500 : 'success');
  await at.say('anna', { text: 'hi' }, { fresh: true });
  const opened = receiver.pushed.map((one) => {
    return peer.decrypt(key, String(fieldsOf(one.body)['Encrypt'])).message;
  });
  expect(new Set(opened).size).toBe(1);
  expect(new Set(receiver.pushed.map((one) => one.body)).size).toBe(2);
  receiver.pushed.length = 0;
  receiver.reply = () => 'success';
  const outcome = await at.say('anna', { text: 'hi' }, { copies: 3 });
  expect(receiver.pushed).toHaveLength(3);
  expect(outcome.tries).toHaveLength(3);
});

test('forged pushes are what they say', async () => {
  const at = await start({ encodingAesKey: key });
  const forge = async (forge: 'signature' | 'appid' | 'body' | 'downgrade'): Promise<Pushed> => {
    receiver.reply = () => 401;
    await at.say('anna', { text: 'hi' }, { forge });
    const push = receiver.pushed.at(-1);
    if (push === undefined) throw new Error('nothing came');
    return push;
  };
  const signed = ({ query, body }: Pushed): boolean => {
    const { timestamp = '', nonce = '', msg_signature } = query;
    const sealed = String(fieldsOf(body)['Encrypt']);
    return msg_signature === peer.getSignature(base.token, timestamp, nonce, sealed);
  };
  expect(signed(await forge('signature'))).toBe(false);
  expect(signed(await forge('body'))).toBe(false);
  const stranger = await forge('appid');
  expect(signed(stranger)).toBe(true);
  expect(peer.decrypt(key, String(fieldsOf(stranger.body)['Encrypt'])).id).not.toBe(base.appid);
  const plain = await forge('downgrade');
  expect(fieldsOf(plain.body)['Content']).toBe('hi');
  expect(plain.query['msg_signature']).toBeUndefined();
  expect(receiver.pushed).toHaveLength(4);
  expect(at.messages('anna')).toEqual([]);
  const open = await start();
  const forged = open.say('anna', { text: 'hi' }, { forge: 'body' });
  await expect(forged).rejects.toThrow(/not encrypted/);
});

test('an address is verified with echostr, and must refuse a wrong signature', async () => {
  const at = await start();
  receiver.reply = ({ query }) => {
    const { timestamp = '', nonce = '', signature, echostr = '' } = query;
    return signature === peer.getSignature(base.token, timestamp, nonce, '') ? echostr : 401;
  };
  expect(await at.verify()).toMatchObject({ ok: true, status: 200 });
  expect(await at.verify({ wrong: true })).toMatchObject({ ok: false, status: 401 });
  receiver.reply = ({ query }) => `"${query['echostr']}"`;
  expect(await at.verify()).toMatchObject({ ok: false, status: 200 });
  expect(receiver.pushed.every((one) => one.method === 'GET')).toBe(true);
});
