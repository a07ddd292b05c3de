import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sign } from '../bot/signature.ts';
import { CommandClient, type RawRequest, readAnswer, txtimeNow } from './support/command-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

const key = 'secret';
const text = { text: '你好', roomTopic: '测试群' };
let daemon: TestDaemon;
let client: CommandClient;

beforeAll(async () => {
  daemon = await startDaemon({ commands: { maxBodyBytes: 1_048_576 } });
  client = new CommandClient(() => daemon.url);
});
afterAll(async () => {
  client?.close();
  await daemon?.close();
  // Whatever came, nothing was unexpected.
  expect(daemon?.log()).not.toContain('command failed');
});

async function codeOf(request: RawRequest): Promise<string> {
  const { status, text: answer } = await client.raw(request);
  expect(status).toBe(200);
  expect(answer).not.toMatch(/\.ts\b|\bat .+:\d+|SQLITE|node:|Error:|secret/);
  return readAnswer(answer).rtCode;
}

/** The bytes, signed right. */
function signed(name: string, body: string | Buffer, contentType?: string): RawRequest {
  const headers: Record<string, string> = { 'X-Ecaspsplus-Signature': sign(body, key) };
  if (contentType !== undefined) headers['Content-Type'] = contentType;
  return { name, body, headers };
}

let count = 0;
const head = (): Record<string, string> => {
  count += 1;
  return { chid: 'demo', txcode: `r${count}`, txtime: txtimeNow(), botcode: 'bot01' };
};

describe('reqHead', () => {
  it.each(['chid', 'txcode', 'txtime', 'botcode'])('%s missing: 10', async (field) => {
    for (const value of [undefined, null]) {
      const answer = await client.call('roomSendText', text, { head: { [field]: value } });
      expect(answer).toMatchObject({ rtCode: '10', rtMsg: expect.stringContaining(field) });
    }
  });

  it.each(['chid', 'txcode', 'txtime', 'botcode', 'sign'])(
    '%s of another type: 11',
    async (field) => {
      for (const value of [1, 20191019120000, true, [], ['demo'], {}, { a: 1 }]) {
        const answer = await client.call('roomSendText', text, { head: { [field]: value } });
        expect([value, answer.rtCode]).toEqual([value, '11']);
      }
    },
  );

  it.each([
    ['an unknown chid', { chid: 'nobody' }],
    ['an empty chid', { chid: '' }],
    ['a chid that objects inherit', { chid: '__proto__' }],
    ['an unknown botcode', { botcode: 'bot99' }],
    ['an empty botcode', { botcode: '' }],
    ['a botcode that objects inherit', { botcode: 'constructor' }],
    ['an empty txcode', { txcode: '' }],
    ['a txcode of 65 characters', { txcode: 'x'.repeat(65) }],
    ['a txcode with NUL', { txcode: 'a\0b' }],
    ['a txcode with a line end', { txcode: 'a\nb' }],
    ['a txcode with half a character', { txcode: 'a\ud83d' }],
    ['an empty txtime', { txtime: '' }],
    ['a txtime of 12 digits', { txtime: txtimeNow().slice(0, 12) }],
    ['a txtime that is no date', { txtime: '20190230120000' }],
    ['a txtime with words', { txtime: 'now' }],
    ['a txtime of ten digits', { txtime: String(Math.floor(Date.now() / 1000)) }],
    ['a txtime eleven minutes old', { txtime: txtimeNow(-11 * 60_000) }],
    ['a txtime eleven minutes ahead', { txtime: txtimeNow(11 * 60_000) }],
    ['13 digits eleven minutes old', { txtime: String(Date.now() - 11 * 60_000) }],
  ])('%s: 11', async (_what, changed) => {
    expect((await client.call('login', {}, { head: changed })).rtCode).toBe('11');
  });

  it('a txtime nine minutes old or ahead is fine, in both forms', async () => {
    for (const offset of [-9 * 60_000, 9 * 60_000]) {
      for (const txtime of [txtimeNow(offset), String(Date.now() + offset)]) {
        expect((await client.call('botStatus', {}, { head: { txtime } })).rtCode).toBe('0');
      }
    }
  });

  it.each([
    ['a text', '"demo"', '11'],
    ['a list', '[]', '11'],
    ['a number', '5', '11'],
    ['null', 'null', '10'],
    ['empty', '{}', '10'],
  ])('that is %s', async (_what, value, code) => {
    expect(await codeOf(signed('login', `{"reqHead":${value},"reqBody":{}}`))).toBe(code);
    const form = `reqHead=${encodeURIComponent(value)}&reqBody=%7B%7D`;
    expect(await codeOf(signed('login', form))).toBe(code);
    expect(await codeOf({ ...signed('login', form), method: 'GET', query: form })).toBe(code);
  });

  it('reached through __proto__ counts for nothing', async () => {
    const inherited = `{"__proto__":{"reqHead":${JSON.stringify(head())}}}`;
    expect(await codeOf(signed('login', inherited))).toBe('10');
    const inner = `{"reqHead":{"__proto__":${JSON.stringify(head())}}}`;
    expect(await codeOf(signed('login', inner))).toBe('10');
  });
});

describe('what is no request', () => {
  const megabyte = 1_048_576;
  const garbage = Buffer.alloc(megabyte);
  for (let at = 0; at < megabyte; at += 1) garbage[at] = (at * 131 + (at >> 8) * 31) % 256;
  const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

  it.each<[string, string | Buffer, string]>([
    ['nothing', '', '10'],
    ['blanks', ' \r\n\t', '10'],
    ['one brace', '{', '10'],
    ['1 MiB of garbage', garbage, '10'],
    ['1 MiB of NUL', Buffer.alloc(megabyte), '10'],
    ['1 MiB of braces', '{'.repeat(megabyte), '10'],
    ['1 MiB of brackets', '['.repeat(megabyte), '10'],
    ['1 MiB of ampersands', '&'.repeat(megabyte), '10'],
    ['1 MiB and one byte', `${' '.repeat(megabyte)}{`, '10'],
    ['deep JSON', deep(500_000), '10'],
    ['deep reqHead', `{"reqHead":${deep(400_000)}}`, '11'],
    ['JSON cut off', JSON.stringify({ reqHead: head(), reqBody: text }).slice(0, -3), '10'],
    ['two JSON texts', '{"reqHead":{}}{"reqHead":{}}', '10'],
    ['a list', '[{"reqHead":{}}]', '10'],
    ['JSON without reqHead', '{"reqBody":{}}', '10'],
    ['a form without reqHead', 'reqBody=%7B%7D', '10'],
    ['a form with broken escapes', 'reqHead=%7B%ZZ&reqBody=%', '11'],
    ['a form with half a JSON text', 'reqHead=%7B%22chid', '11'],
    ['a form with an empty reqHead', 'reqHead=&reqBody=', '11'],
    ['a form with two reqHead', 'reqHead=%7B%7D&reqHead=%7B%7D', '11'],
    ['XML', '<reqHead/>', '10'],
  ])('%s', async (_what, body, code) => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
      expect(await codeOf(signed('roomSendText', body, type))).toBe(code);
    }
  });

  it('GET without a query, or with garbage in it: 10', async () => {
    expect(await codeOf({ name: 'login', method: 'GET' })).toBe('10');
    expect(await codeOf({ name: 'login', method: 'GET', query: '' })).toBe('10');
    expect(await codeOf({ name: 'login', method: 'GET', query: '%%%&=&?=&reqhead=1' })).toBe('10');
  });

  it('multipart: 10', async () => {
    const body = '--x\r\ncontent-disposition: form-data; name="reqHead"\r\n\r\n{}\r\n--x--\r\n';
    expect(await codeOf(signed('login', body, 'multipart/form-data; boundary=x'))).toBe('10');
  });
});

describe('the name and the method', () => {
  it.each([
    'roomsendtext',
    'roomSendText2',
    'constructor',
    '__proto__',
    'toString',
    '%00',
    '你',
    'a.b',
  ])('%s: 20, signed or not', async (name) => {
    const path = encodeURI(name);
    expect((await client.call(path, text)).rtCode).toBe('20');
    expect(await codeOf({ name: path, body: 'garbage' })).toBe('20');
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s: 20', async (method) => {
    expect(await codeOf({ ...client.request('login', {}), method })).toBe('20');
  });
});

describe('charsets', () => {
  /** `{"reqHead":…,"reqBody":{"text":"您好",…}}` with the text in GBK. */
  const gbk = (): Buffer => {
    const [before = '', after = ''] = JSON.stringify({
      reqHead: head(),
      reqBody: { text: '@@', roomId: 'r' },
    }).split('@@');
    return Buffer.concat([Buffer.from(before), Buffer.from('c4fabac3', 'hex'), Buffer.from(after)]);
  };

  it('GBK signed as it was sent: 31; as the UTF-8 it was: 13', async () => {
    const bytes = gbk();
    const type = 'application/json; charset=GBK';
    expect(await codeOf(signed('roomSendText', bytes, type))).toBe('31');
    const utf8 = bytes.toString('latin1').replace('Äúºã', '您好');
    const wrong = { 'X-Ecaspsplus-Signature': sign(utf8, key) };
    expect(await codeOf({ name: 'roomSendText', body: bytes, headers: wrong })).toBe('13');
  });

  it('GBK in a form, escaped or not: 31', async () => {
    const reqHead = encodeURIComponent(JSON.stringify(head()));
    const escaped = `reqHead=${reqHead}&reqBody=%7B%22text%22%3A%22%C4%FA%BA%C3%22%7D`;
    expect(await codeOf(signed('roomSendText', escaped))).toBe('31');
    const raw = Buffer.from(`reqHead=${reqHead}&reqBody={"text":"\xc4\xfa"}`, 'latin1');
    expect(await codeOf(signed('roomSendText', raw))).toBe('31');
  });

  it('UTF-8 is UTF-8 whatever its label and with a byte order mark', async () => {
    for (const label of ['application/json; charset=GBK', 'text/plain; charset=latin1', 'x/y']) {
      const body = JSON.stringify({ reqHead: head(), reqBody: text });
      expect(await codeOf(signed('roomSendText', body, label))).toBe('0');
    }
    const body = JSON.stringify({ reqHead: head(), reqBody: text });
    expect(await codeOf(signed('roomSendText', `\uFEFF${body}`))).toBe('0');
  });

  it('UTF-16: 10', async () => {
    const body = Buffer.from(JSON.stringify({ reqHead: head(), reqBody: text }), 'utf16le');
    expect(await codeOf(signed('roomSendText', body, 'application/json; charset=utf-16'))).toBe(
      '10',
    );
  });
});
