import * as peer from '@wecom/crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type AccountOptions,
  type PushOutcome,
  type Sandbox,
  startSandbox,
} from '../scripts/wechat-sandbox/sandbox.ts';
import { type Receiver, SandboxCaller, startReceiver } from './support/wechat-sandbox-rig.ts';
import vectors from './vectors/wechat-passive-replies.json' with { type: 'json' };

const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const base = {
  appid: 'wxofficial',
  secret: 's',
  token: 'thetoken',
  kind: 'official',
  originalId: 'gh_1',
} as const;
let receiver: Receiver;
let sandbox: Sandbox | undefined;

beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await sandbox?.close();
  await receiver.close();
});

async function start(account: Partial<AccountOptions> = {}): Promise<Sandbox> {
  await sandbox?.close();
  sandbox = await startSandbox({ accounts: [{ ...base, ...account }], push: receiver.url });
  return sandbox;
}

/** What becomes of an answer to a text. */
async function answered(
  at: Sandbox,
  reply: string | Record<string, unknown>,
): Promise<PushOutcome> {
  receiver.reply = () => (typeof reply === 'string' ? reply : xml(reply));
  return await at.say('anna', { text: 'hi' });
}

const head = { ToUserName: 'anna', FromUserName: 'gh_1', CreateTime: 1_800_000_000 };
const text = { ...head, MsgType: 'text', Content: '你好' };

function xml(fields: object, root = 'xml'): string {
  const inner = Object.entries(fields).map(([name, value]) => {
    if (Array.isArray(value)) return value.map((one: object) => xml(one, name)).join('');
    if (typeof value === 'object' && value !== null) return xml(value, name);
    if (typeof value === 'number') return `<${name}>${value}</${name}>`;
    return `<${name}><![CDATA[${value}]]></${name}>`;
  });
  return `<${root}>${inner.join('')}</${root}>`;
}

function sealed(reply: string, token: string = base.token): string {
  const encrypted = peer.encrypt(key, reply, base.appid);
  const [TimeStamp, Nonce] = ['1800000000', '4711'];
  const MsgSignature = peer.getSignature(token, TimeStamp, Nonce, encrypted);
  return xml({ Encrypt: encrypted, MsgSignature, TimeStamp: Number(TimeStamp), Nonce });
}

test('acknowledgements show nothing; a text appears', async () => {
  const at = await start();
  for (const ack of vectors.acks) expect(await answered(at, ack)).toMatchObject({ ok: true });
  expect(at.messages('anna')).toEqual([]);
  const outcome = await answered(at, text);
  expect(outcome).toMatchObject({ ok: true, reply: { via: 'passive', text: '你好' } });
  expect(at.messages('anna')).toHaveLength(1);
  const entities = xml(text).replace('<![CDATA[你好]]>', 'a&amp;b &lt;c&gt; &#x41;&#20320;');
  expect((await answered(at, entities)).reply?.text).toBe('a&b <c> A你');
  // A passive reply needs no window and uses none up.
  expect(at.user({ openid: 'anna' }).windows).toMatchObject([{ action: 'message', left: 5 }]);
});

test('every kind of reply of the vectors', async () => {
  const at = await start();
  const caller = new SandboxCaller(at, base);
  await caller.login();
  await at.say('anna', { image: true });
  const id = String(at.messages('anna', { own: true })[0]?.mediaId);
  for (const { type, fields } of vectors.replies) {
    const given = JSON.stringify(fields).replaceAll(/"media_id"|"required"/g, JSON.stringify(id));
    const reply = { ...head, MsgType: type, ...(JSON.parse(given) as object) };
    const outcome = await answered(at, reply);
    expect(outcome, type).toMatchObject({ ok: true, reply: { via: 'passive', msgtype: type } });
  }
});

test('what makes WeChat say that the service is out of order', async () => {
  const at = await start();
  const bad: [string, string | Record<string, unknown>][] = [
    ['JSON to an XML account', '{"ToUserName":"anna"}'],
    ['neither', 'ok'],
    ['not well-formed', '<xml><a></b></xml>'],
    ['two roots', '<xml></xml><xml></xml>'],
    ['another receiver', { ...text, ToUserName: 'ben' }],
    ['another sender', { ...text, FromUserName: 'gh_2' }],
    ['no time', { ...text, CreateTime: 'now' }],
    ['no words', { ...text, Content: '' }],
    ['too many words', { ...text, Content: 'x'.repeat(2049) }],
    ['unknown kind', { ...head, MsgType: 'smell' }],
    ['no such picture', { ...head, MsgType: 'image', Image: { MediaId: 'x' } }],
    ['wrong count', { ...head, MsgType: 'news', ArticleCount: 2, Articles: { item: [{}] } }],
    ['encrypted though plain', sealed(xml(text))],
  ];
  for (const [name, reply] of bad) {
    const outcome = await answered(at, reply);
    expect(outcome.ok, name).toBe(false);
    expect(outcome.problem, name).toBeTruthy();
    expect(outcome.tries, name).toHaveLength(1);
    expect(at.messages('anna').at(-1), name).toMatchObject({ via: 'notice' });
  }
});

test('news: one article in answer to words, eight to an event, nothing beyond', async () => {
  const at = await start();
  const news = (n: number): Record<string, unknown> => {
    const item = Array.from({ length: n }, (_, i) => ({ Title: `t${i}`, Url: 'u' }));
    return { ...head, MsgType: 'news', ArticleCount: n, Articles: { item } };
  };
  expect((await answered(at, news(1))).reply?.text).toBe('t0');
  expect(await answered(at, news(2))).toMatchObject({ ok: true });
  expect(at.messages('anna')).toHaveLength(1);
  receiver.reply = () => xml(news(8));
  const event = await at.event('anna', { event: 'CLICK', EventKey: 'k' });
  expect(event.reply?.text?.split('\n')).toHaveLength(8);
});

test('in secure mode only an encrypted, signed answer counts', async () => {
  const at = await start({ encodingAesKey: key });
  expect((await answered(at, sealed(xml(text)))).reply?.text).toBe('你好');
  expect(await answered(at, 'success')).toMatchObject({ ok: true });
  expect((await answered(at, text)).problem).toMatch(/plain answer/);
  expect((await answered(at, sealed(xml(text), 'other'))).problem).toMatch(/MsgSignature/);
  const stranger = peer.encrypt(key, xml(text), 'wxstranger');
  const MsgSignature = peer.getSignature(base.token, '1', '2', stranger);
  const forged = xml({ Encrypt: stranger, MsgSignature, TimeStamp: 1, Nonce: '2' });
  expect((await answered(at, forged)).problem).toMatch(/wxstranger/);
  const both = await start({ encodingAesKey: key, mode: 'compatible' });
  expect((await answered(both, sealed(xml(text)))).reply?.text).toBe('你好');
  expect((await answered(both, text)).reply?.text).toBe('你好');
});

test('a JSON account is answered in JSON', async () => {
  const at = await start({ format: 'json' });
  expect((await answered(at, JSON.stringify(text))).reply?.text).toBe('你好');
  expect((await answered(at, text)).problem).toMatch(/speaks json/);
});

test('a mini program cannot reply passively, but can hand over to its agents', async () => {
  const at = await start({ kind: 'miniprogram' });
  expect((await answered(at, text)).problem).toMatch(/mini program/);
  expect(at.messages('anna').at(-1)?.text).toBe('该小程序客服暂时无法提供服务，请稍后再试');
  const handed = await answered(at, { ...head, MsgType: 'transfer_customer_service' });
  expect(handed.reply?.msgtype).toBe('transfer_customer_service');
});
