import { generateKeyPairSync, hash, privateEncrypt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sign } from '../bot/signature.ts';
import {
  CommandClient,
  type RawRequest,
  readAnswer,
  transports,
  txtimeNow,
} from './support/command-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const text = { text: '你好', roomTopic: '测试群' };

let daemon: TestDaemon;
let client: CommandClient;

beforeAll(async () => {
  daemon = await startDaemon({
    channels: [
      { chid: 'demo', key: 'secret' },
      { chid: 'two', key: 'new', oldKey: 'old' },
      { chid: 'rsa', publicKey },
      { chid: 'both', key: 'secret', publicKey },
    ],
    bots: [{ botcode: 'bot01', driver: 'simulator', autoStart: false }],
  });
  client = new CommandClient(() => daemon.url);
});
afterAll(async () => {
  client?.close();
  await daemon?.close();
});

it('a signed question that was overheard does nothing under another name', async () => {
  const question = client.request('botStatus', {});
  expect(await codeOf(question)).toBe('0');
  expect(await codeOf({ ...question, name: 'logout' })).toBe('13');
  // As the question it is, it may be asked again.
  expect(await codeOf(question)).toBe('0');
});

async function codeOf(request: RawRequest): Promise<string> {
  return readAnswer((await client.raw(request)).text).rtCode;
}

/** A right request with some headers changed. */
function withHeaders(headers: Record<string, string | undefined>): RawRequest {
  const request = client.request('roomSendText', text);
  const changed = Object.entries({ ...request.headers, ...headers });
  const kept = changed.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...request, headers: Object.fromEntries(kept) };
}

describe('the header', () => {
  it.each(transports)('signs %s with MD5 and HMAC-SHA256', async (transport) => {
    for (const type of ['MD5', 'HMAC-SHA256'] as const) {
      expect(await client.call('botStatus', {}, { transport, type })).toMatchObject({
        rtCode: '0',
      });
      const key = 'wrong';
      expect((await client.call('botStatus', {}, { transport, type, key })).rtCode).toBe('13');
    }
  });

  it('may be in upper case, its type in any', async () => {
    const right = client.request('roomSendText', text).headers?.['X-Ecaspsplus-Signature'] ?? '';
    expect(right).toMatch(/^[0-9a-f]{32}$/);
    for (const type of [undefined, 'MD5', 'md5', '']) {
      const request = withHeaders({ 'X-Ecaspsplus-SignatureType': type });
      const signature = request.headers?.['X-Ecaspsplus-Signature']?.toUpperCase() ?? '';
      const headers = { ...request.headers, 'X-Ecaspsplus-Signature': signature };
      expect(await codeOf({ ...request, headers })).toBe('0');
    }
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['missing', { 'X-Ecaspsplus-Signature': undefined }],
    ['empty', { 'X-Ecaspsplus-Signature': '' }],
    ['too short', { 'X-Ecaspsplus-Signature': '0' }],
    ['too long', { 'X-Ecaspsplus-Signature': '0'.repeat(5000) }],
    ['not hex', { 'X-Ecaspsplus-Signature': 'é'.repeat(32) }],
    ['of another type', { 'X-Ecaspsplus-SignatureType': 'HMAC-SHA256' }],
    ['of a type nobody knows', { 'X-Ecaspsplus-SignatureType': 'SHA1' }],
    ['of a type that objects inherit', { 'X-Ecaspsplus-SignatureType': 'constructor' }],
  ])('%s: 13', async (_what, headers) => {
    expect(await codeOf(withHeaders(headers))).toBe('13');
  });

  it('of the same content in other bytes: 13', async () => {
    const request = client.request('roomSendText', text);
    const { reqHead, reqBody } = JSON.parse(String(request.body)) as Record<string, unknown>;
    const others = [
      JSON.stringify({ reqBody, reqHead }),
      JSON.stringify({ reqHead, reqBody }, null, 2),
      JSON.stringify({ reqHead, reqBody }).replace('你', '\\u4f60'),
      `${String(request.body)}\n`,
      `\uFEFF${String(request.body)}`,
    ];
    for (const body of others) expect(await codeOf({ ...request, body })).toBe('13');
    expect(await codeOf(request)).toBe('0');
  });

  it('of the key before the body, of the body alone, of reqBody alone: 13', async () => {
    const request = client.request('roomSendText', text);
    const body = String(request.body);
    for (const wrong of [`secret${body}`, body, `${JSON.stringify(text)}secret`, 'secret', '']) {
      const headers = { 'X-Ecaspsplus-Signature': hash('md5', wrong) };
      expect(await codeOf({ ...request, headers })).toBe('13');
    }
  });

  it('of GET covers the query as it was sent', async () => {
    const request = client.request('botStatus', {}, { transport: 'get' });
    const query = request.query?.replace('%7B', '{') ?? '';
    expect(query).not.toBe(request.query);
    expect(await codeOf({ ...request, query })).toBe('13');
    const headers = { 'X-Ecaspsplus-Signature': sign(query, 'secret') };
    expect(await codeOf({ ...request, query, headers })).toBe('0');
  });
});

describe('keys', () => {
  it('two live ones are both good', async () => {
    for (const key of ['new', 'old']) {
      const answer = await client.call('botStatus', {}, { head: { chid: 'two' }, key });
      expect(answer.rtCode).toBe('0');
    }
  });

  it('a rotated one is refused when its overlap is over', async () => {
    const { channels } = daemon.daemon.core;
    const key = await channels.rotateKey('two', { overlapSeconds: 0 });
    const head = { chid: 'two' };
    expect((await client.call('botStatus', {}, { head, key })).rtCode).toBe('0');
    for (const gone of ['new', 'old']) {
      expect((await client.call('botStatus', {}, { head, key: gone })).rtCode).toBe('13');
    }
  });

  it('never stand in the log', async () => {
    await client.call('roomSendText', text, { key: 'a-wrong-key' });
    const request = client.request('roomSendText', text);
    const signature = request.headers?.['X-Ecaspsplus-Signature'] ?? '';
    await client.raw(request);
    expect(daemon.log()).not.toContain(signature);
    expect(daemon.log()).not.toContain('"secret"');
  });
});

describe('reqHead.sign', () => {
  const head = (chid: string): Record<string, string> => ({
    ...{ chid, botcode: 'bot01', txcode: `s${Math.random()}`, txtime: txtimeNow() },
  });
  const rsa = (fields: Record<string, string>): string => {
    const covered = ['chid', 'botcode', 'txcode', 'txtime'];
    const digest = hash('md5', covered.map((name) => `${name}=${fields[name]}`).join('&'));
    return privateEncrypt(privateKey, Buffer.from(digest)).toString('base64');
  };
  const unsigned = (reqHead: object, reqBody: object = text): RawRequest => ({
    name: 'roomSendText',
    body: JSON.stringify({ reqHead, reqBody }),
  });

  it('is enough as RSA, in every transport', async () => {
    for (const chid of ['rsa', 'both']) {
      const fields = head(chid);
      const reqHead = { ...fields, sign: rsa(fields) };
      expect(await codeOf(unsigned(reqHead))).toBe('0');
      const query = new URLSearchParams({
        reqHead: JSON.stringify(reqHead),
        reqBody: JSON.stringify(text),
      }).toString();
      expect(await codeOf({ name: 'roomSendText', body: query })).toBe('0');
      expect(await codeOf({ name: 'roomSendText', method: 'GET', query })).toBe('0');
    }
  });

  it('as RSA covers all four fields', async () => {
    const fields = head('rsa');
    const signature = rsa(fields);
    for (const [name, value] of Object.entries({ txcode: 'x', txtime: String(Date.now()) })) {
      expect(await codeOf(unsigned({ ...fields, [name]: value, sign: signature }))).toBe('13');
    }
    for (const wrong of ['', 'x', '!', signature.slice(4), 'A'.repeat(344), 'A'.repeat(9999)]) {
      expect(await codeOf(unsigned({ ...fields, sign: wrong }))).toBe('13');
    }
  });

  it('as RSA is nothing for a channel without a public key, nor a key for one without a key', async () => {
    const fields = head('demo');
    expect(await codeOf(unsigned({ ...fields, sign: rsa(fields) }))).toBe('13');
    const options = { head: { chid: 'rsa' }, key: '' };
    expect((await client.call('botStatus', {}, options)).rtCode).toBe('13');
  });

  it('as RSA of a question does nothing under another name, however it is spelled', async () => {
    const fields = head('rsa');
    const signature = rsa(fields);
    const ask = (name: string, value: string, headers = {}): Promise<string> =>
      codeOf({ ...unsigned({ ...fields, sign: value }, {}), name, headers });
    expect(await ask('botStatus', signature)).toBe('0');
    for (const spelled of [signature, ` ${signature}`, `${signature}====`, `${signature}!!`]) {
      expect(await ask('logout', spelled)).toBe('13');
    }
    expect(await ask('logout', signature, { 'X-Ecaspsplus-Signature': 'deadbeef' })).toBe('13');
    expect(await ask('botStatus', signature)).toBe('0');
  });

  it('is not looked at beside a right header, which covers it', async () => {
    const fields = head('both');
    for (const value of ['', null, rsa(fields), 'an MD5 of the body without it']) {
      const body = JSON.stringify({ reqHead: { ...fields, sign: value }, reqBody: text });
      const headers = { 'X-Ecaspsplus-Signature': sign(body, 'secret') };
      expect(await codeOf({ name: 'roomSendText', body, headers })).toBe('0');
      const wrong = { 'X-Ecaspsplus-Signature': sign(body, 'wrong') };
      const code = await codeOf({ name: 'roomSendText', body, headers: wrong });
      expect([value, code]).toEqual([value, value === rsa(fields) ? '0' : '13']);
    }
  });

  it('alone is worth nothing as MD5', async () => {
    const fields = head('demo');
    const signature = sign(JSON.stringify({ reqHead: fields, reqBody: text }), 'secret');
    expect(await codeOf(unsigned({ ...fields, sign: signature }))).toBe('13');
  });
});
