import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sign } from '../bot/signature.ts';
import { CommandClient, readAnswer, txtimeNow } from './support/command-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

const room = { roomTopic: '测试群' };
const text = { text: '你好', ...room };
const card = {
  appid: 'wx0123456789abcdef',
  username: 'gh_0123456789ab',
  description: '报修',
  pagepath: 'pages/index',
  title: '在线报修',
  thumbnailUrl: 'https://example.com/card.png',
};
const app = { app: card, ...room };
const half = 'a\ud83d';

let daemon: TestDaemon;
let client: CommandClient;

beforeAll(async () => {
  daemon = await startDaemon({
    bots: [{ botcode: 'bot01', driver: 'simulator', autoStart: false }],
  });
  client = new CommandClient(() => daemon.url);
});
afterAll(async () => {
  client?.close();
  await daemon?.close();
  expect(daemon?.log()).not.toContain('command failed');
});

const without = (body: object, field: string): object =>
  Object.fromEntries(Object.entries(body).filter(([name]) => name !== field));

describe('a field that is missing: 30', () => {
  it.each<[string, unknown, string]>([
    ['roomSendText', undefined, 'text'],
    ['roomSendText', null, 'text'],
    ['roomSendText', {}, 'text'],
    ['roomSendText', { ...text, text: null }, 'text'],
    ['roomSendText', { text: '你好' }, 'roomTopic'],
    ['roomSendText', { text: '你好', roomTopic: null, roomId: null }, 'roomTopic'],
    ['contactSendText', { contactName: '张三' }, 'text'],
    ['contactSendText', { text: '你好' }, 'contactId'],
    ['roomSendImg', room, 'file'],
    ['roomSendImage', { file: 'https://example.com/a.png' }, 'roomTopic'],
    ['roomSendApp', room, 'appid'],
    ['roomSendApp', { app: card }, 'roomTopic'],
    ['msgStatus', {}, 'msgid'],
    ['msgCancel', {}, 'msgid'],
    ...['appid', 'username', 'pagepath', 'title', 'thumbnailUrl'].flatMap(
      (field): [string, unknown, string][] => [
        ['roomSendApp', { app: without(card, field), ...room }, `app.${field}`],
        ['roomSendApp', { app: JSON.stringify(without(card, field)), ...room }, `app.${field}`],
        ['roomSendApp', { ...without(card, field), ...room }, field],
      ],
    ),
  ])('%s %j', async (name, reqBody, field) => {
    const answer = await client.call(name, reqBody);
    expect(answer).toMatchObject({ rtCode: '30', rtMsg: expect.stringContaining(field) });
    expect(Object.keys(answer)).toEqual(['rtCode', 'rtMsg']);
  });
});

describe('a field of another type: 31', () => {
  const others = (good: 'string' | 'number' | 'list' | 'card'): unknown[] =>
    [
      ['string', 'x'],
      ['number', 5],
      ['list', ['x']],
      ['card', {}],
      ['boolean', true],
    ]
      .filter(([kind]) => kind !== good)
      .map(([, value]) => value);

  const cases: [string, object, string, unknown[]][] = [
    ['roomSendText', text, 'text', others('string')],
    ['roomSendText', text, 'roomTopic', others('string')],
    ['roomSendText', text, 'roomId', others('string')],
    ['roomSendText', text, 'atList', others('list')],
    ['roomSendText', text, 'atList', [[1], ['x', null], [['x']], [{}]]],
    ['roomSendText', text, 'atUser', others('string')],
    ['contactSendText', { text: 'x', contactName: 'y' }, 'contactId', others('string')],
    ['contactSendText', { text: 'x', contactId: 'y' }, 'contactName', others('string')],
    ['roomSendImg', { file: 'https://example.com/a', ...room }, 'file', others('string')],
    ['roomSendApp', app, 'app', [5, ['x'], true, '[]', '5', '"x"']],
    ['msgStatus', { msgid: 1 }, 'msgid', [...others('number'), 1.5, '1']],
    ['msgStatus', {}, 'txcode', others('string')],
    ['msgCancel', {}, 'msgid', [...others('number'), 0.1]],
    ['botQueue', {}, 'msgid', others('number')],
    ...Object.keys(card).map((field): [string, object, string, unknown[]] => [
      'roomSendApp',
      { ...card, ...room },
      field,
      others('string'),
    ]),
  ];

  it.each(cases)('%s %j with another %s', async (name, good, field, values) => {
    for (const value of values) {
      const answer = await client.call(name, { ...good, [field]: value });
      expect([value, answer.rtCode, answer.rtMsg]).toEqual([
        value,
        '31',
        expect.stringContaining(field),
      ]);
    }
  });

  it('inside a card', async () => {
    for (const sent of [{ ...card, title: 5 }, JSON.stringify({ ...card, title: 5 })]) {
      const answer = await client.call('roomSendApp', { app: sent, ...room });
      expect(answer).toMatchObject({ rtCode: '31', rtMsg: expect.stringContaining('app.title') });
    }
  });

  it.each<unknown>(['text', 5, true, [], [text]])('reqBody itself: %j', async (reqBody) => {
    for (const name of ['roomSendText', 'login', 'botStatus']) {
      for (const transport of ['json', 'form', 'get'] as const) {
        expect((await client.call(name, reqBody, { transport })).rtCode).toBe('31');
      }
    }
  });

  it.each([
    // A message ignores what is no field of it, like any other unknown field.
    ['roomSendText', '"text":"a","roomTopic":"测试群","x":', '0'],
    ['roomSendText', '"roomTopic":"测试群","text":', '31'],
    ['login', '"x":', '31'],
  ])('nested deeper than anything means: %s %s', async (name, fields, rtCode) => {
    const head = { chid: 'demo', txcode: fields, txtime: txtimeNow(), botcode: 'bot01' };
    const nested = '['.repeat(200_000) + ']'.repeat(200_000);
    const body = `{"reqHead":${JSON.stringify(head)},"reqBody":{${fields}${nested}}}`;
    const headers = { 'X-Ecaspsplus-Signature': sign(body, 'secret') };
    const { text: answer } = await client.raw({ name, body, headers });
    expect(readAnswer(answer).rtCode).toBe(rtCode);
  });

  it('a number that overflows', async () => {
    const reqHead = { chid: 'demo', txcode: 'huge', txtime: txtimeNow(), botcode: 'bot01' };
    const body = `{"reqHead":${JSON.stringify(reqHead)},"reqBody":{"msgid":1e400}}`;
    const headers = { 'X-Ecaspsplus-Signature': sign(body, 'secret') };
    const { text: answer } = await client.raw({ name: 'msgStatus', body, headers });
    expect(readAnswer(answer).rtCode).toBe('31');
  });
});

describe('a value that is wrong: 32', () => {
  it.each<[string, object]>([
    ['roomSendText', { ...text, text: '' }],
    ['roomSendText', { ...text, text: 'x'.repeat(20_001) }],
    ['roomSendText', { ...text, text: 'a\0b' }],
    ['roomSendText', { ...text, text: half }],
    ['roomSendText', { text: '你好', roomTopic: '' }],
    ['roomSendText', { text: '你好', roomId: '', roomTopic: '' }],
    ['roomSendText', { ...text, roomTopic: 'x'.repeat(257) }],
    ['roomSendText', { ...text, roomId: half }],
    ['roomSendText', { ...text, atList: [''] }],
    ['roomSendText', { ...text, atList: ['张三', '\0'] }],
    ['roomSendText', { ...text, atList: Array.from({ length: 101 }, () => '张三') }],
    ['roomSendText', { ...text, atUser: '' }],
    ['contactSendText', { text: '你好', contactId: '' }],
    ['roomSendApp', { ...app, app: '{"appid":' }],
    ['roomSendApp', { ...app, app: '' }],
    ['roomSendApp', { app: { ...card, title: '' }, ...room }],
    ['roomSendApp', { app: { ...card, appid: 'x'.repeat(200) }, ...room }],
    ['roomSendImg', { file: '', ...room }],
    ['roomSendImg', { file: 'ftp://example.com/a.png', ...room }],
    ['roomSendImg', { file: 'file:///etc/passwd', ...room }],
    ['roomSendImg', { file: 'http://127.0.0.1:1/a.png', ...room }],
    ['roomSendImg', { file: 'data:text/plain,hello', ...room }],
    ['roomSendImg', { file: `/file/${'0'.repeat(64)}.png`, ...room }],
    ['msgStatus', { msgid: 999_999 }],
    ['msgStatus', { msgid: 0 }],
    ['msgStatus', { msgid: -1 }],
    ['msgStatus', { msgid: 2 ** 53 }],
    ['msgStatus', { txcode: 'never used' }],
    ['msgStatus', { txcode: '' }],
    ['msgCancel', { msgid: 999_999 }],
    ['botQueue', { msgid: 999_999 }],
  ])('%s %j', async (name, reqBody) => {
    const answer = await client.call(name, reqBody);
    expect([answer.rtCode, answer.rtMsg]).toEqual(['32', expect.any(String)]);
    expect(answer.rtMsg).not.toMatch(/etc|passwd|node_modules/);
  });
});

describe('what is allowed', () => {
  it.each<[string, object]>([
    ['roomSendText', { ...text, atList: [], atUser: null, roomId: null, unknown: { a: [1] } }],
    ['roomSendText', { text: 'x'.repeat(20_000), roomId: 'r1', roomTopic: '' }],
    ['roomSendText', { text: '👨‍👩‍👧 \r\n\t "\\" </script> %00 $&', roomTopic: '群 "一" & <二>' }],
    ['roomSendApp', { ...card, app: null, ...room }],
    ['roomSendApp', { app: { ...card, description: '' }, ...room }],
    ['contactSendText', { text: '你好', contactId: '', contactName: '张三' }],
    ['login', { anything: ['goes'] }],
  ])('%s %j', async (name, reqBody) => {
    expect(await client.call(name, reqBody)).toMatchObject({ rtCode: '0' });
  });

  it('the last of two equal keys, as JSON readers take it', async () => {
    const reqHead = { chid: 'demo', txcode: 'two', txtime: txtimeNow(), botcode: 'bot01' };
    const body = `{"reqHead":${JSON.stringify(reqHead)},"reqBody":{"text":5,"text":"a","roomId":"r"}}`;
    const headers = { 'X-Ecaspsplus-Signature': sign(body, 'secret') };
    const { text: answer } = await client.raw({ name: 'roomSendText', body, headers });
    expect(readAnswer(answer).rtCode).toBe('0');
  });
});
