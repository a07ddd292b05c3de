import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../bot/channels.ts';
import type { StoredEvent } from '../../bot/event-log.ts';
import type { BotEvent } from '../../bot/events.ts';
import { channelSchema } from '../../config/schema.ts';
import { botStatus, qrCode, sendStatus, userMsg } from '../../tests/support/event-rig.ts';
import { createEncoder, createEventBody, saysSuccess } from './callbacks.ts';

const at = 1_767_225_600_000;
const now = 1_767_225_612_345;
const options = { publicUrl: () => 'http://wxrc.test:8080' };

function stored(event: BotEvent, chid = 'demo'): StoredEvent {
  return {
    chid,
    eventId: 7,
    botcode: event.botcode,
    event,
    at,
    state: 'due',
    attempts: 0,
    dueSince: at,
    runAt: at,
    firstTryAt: undefined,
    doneAt: undefined,
    lastError: undefined,
  };
}

function channel(keys: string[], settings: object = {}): Channel {
  const {
    key: _key,
    oldKey: _oldKey,
    ...facts
  } = channelSchema.parse({ chid: 'demo', ...settings });
  return {
    chid: 'demo',
    settings: facts,
    keys,
    source: 'admin',
    pausedReason: undefined,
    sees: () => true,
    mayUse: () => true,
    mayCallFrom: () => true,
    takeTurn: () => 0,
  };
}

describe('reqBody', () => {
  const body = createEventBody(options);
  const common = { eventId: 7, eventTime: at };

  it.each<[BotEvent, object]>([
    [
      qrCode('Zx8-secret'),
      {
        botcode: 'bot01',
        type: 'qrCode',
        qrcodeImageUrl: 'http://wxrc.test:8080/qr/Zx8-secret.png',
        expiresAt: 1_800_000_000_000,
        ...common,
      },
    ],
    [
      botStatus('loginerr'),
      { botcode: 'bot01', type: 'botStatus', botStatus: 'loginerr', ...common },
    ],
    [
      { ...botStatus('logout'), reason: 'kicked', accountId: 'wxid_1' } as BotEvent,
      {
        botcode: 'bot01',
        type: 'botStatus',
        botStatus: 'logout',
        reason: 'kicked',
        accountId: 'wxid_1',
        ...common,
      },
    ],
    [
      userMsg('在吗 "😀"'),
      {
        botcode: 'bot01',
        type: 'userMsg',
        msgType: 'text',
        msgData: { text: '在吗 "😀"', fromId: 'wxid_anna', roomId: '1@chatroom' },
        fromName: 'Anna',
        messageId: 'm-在吗 "😀"',
        mentioned: true,
        messageTime: at,
        ...common,
      },
    ],
    [
      sendStatus(123),
      {
        botcode: 'bot01',
        type: 'sendStatus',
        msgid: 123,
        sendStatus: '1',
        txcode: 'tx123',
        ...common,
      },
    ],
    [
      { ...sendStatus(123), sendStatus: '-1', reason: 'expired' } as BotEvent,
      {
        botcode: 'bot01',
        type: 'sendStatus',
        msgid: 123,
        sendStatus: '-1',
        txcode: 'tx123',
        reason: 'expired',
        ...common,
      },
    ],
  ])('%j', (event, expected) => {
    expect(body(stored(event))).toEqual(expected);
  });

  it('has an empty roomId for a private chat', () => {
    const { msgData } = body(stored(userMsg('hi', { roomId: undefined })));
    expect(msgData).toEqual({ text: 'hi', fromId: 'wxid_anna', roomId: '' });
  });

  it('begins with botcode and type, as the document does', () => {
    expect(Object.keys(body(stored(sendStatus(1)))).slice(0, 2)).toEqual(['botcode', 'type']);
  });
});

describe('the request', () => {
  const encode = createEncoder(options);

  it('is a form whose fields are JSON texts', () => {
    const { body, contentType } = encode(stored(userMsg('a&b=c +%')), channel(['k']), now);
    expect(contentType).toBe('application/x-www-form-urlencoded');
    const form = new URLSearchParams(body);
    expect([...form.keys()]).toEqual(['reqHead', 'reqBody']);
    expect(form.get('reqHead')).toBe('{}');
    expect(JSON.parse(form.get('reqBody') ?? '')).toMatchObject({ msgData: { text: 'a&b=c +%' } });
  });

  it('survives half a surrogate pair', () => {
    const { body } = encode(stored(userMsg('\ud83d')), channel(['k']), now);
    const read = JSON.parse(new URLSearchParams(body).get('reqBody') ?? '') as object;
    expect(read).toMatchObject({ msgData: { text: '\ud83d' } });
  });

  it('is one JSON object where the channel asks for it', () => {
    const json = channel(['k'], { callbackFormat: 'json' });
    const { body, contentType } = encode(stored(sendStatus(1)), json, now);
    expect(contentType).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body)).toMatchObject({ reqHead: {}, reqBody: { msgid: 1 } });
  });

  it('has the same bytes at every try', () => {
    const first = encode(stored(sendStatus(1)), channel(['k']), now);
    const second = encode(stored(sendStatus(1)), channel(['k']), now + 86_400_000);
    expect(second.body).toBe(first.body);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.headers['webhook-signature']).not.toBe(first.headers['webhook-signature']);
  });

  it('bears the MD5 of body and newest key', () => {
    const { body, headers } = encode(stored(userMsg('你好')), channel(['钥匙', 'old']), now);
    const md5 = createHash('md5').update(`${body}钥匙`, 'utf8').digest('hex');
    expect(headers['X-Ecaspsplus-Signature']).toBe(md5);
    expect(headers['X-Ecaspsplus-SignatureType']).toBe('MD5');
  });

  it('bears a Standard Webhooks signature of every live key', () => {
    const { body, headers } = encode(stored(sendStatus(1)), channel(['new', 'old']), now);
    expect(headers['webhook-id']).toBe('evt_demo_7');
    expect(headers['webhook-timestamp']).toBe('1767225612');
    const v1 = (key: string) =>
      `v1,${createHmac('sha256', Buffer.from(key, 'utf8'))
        .update(`evt_demo_7.1767225612.${body}`)
        .digest('base64')}`;
    expect(headers['webhook-signature']).toBe(`${v1('new')} ${v1('old')}`);
  });

  it('has an id that cannot be mistaken when the chid holds the divider', () => {
    const id = (chid: string) =>
      encode(stored(sendStatus(1), chid), channel(['k']), now).headers['webhook-id'];
    expect(id('a.b')).toBe('evt_a~b_7');
    expect(id('a.b')).not.toBe(id('a-b'));
  });

  it('is unsigned where there is no key', () => {
    const { headers } = encode(stored(sendStatus(1)), channel([]), now);
    expect(Object.keys(headers).sort()).toEqual(['user-agent', 'webhook-id', 'webhook-timestamp']);
  });
});

describe('an answer', () => {
  it.each([
    ['{"result":"success"}', true],
    ['\uFEFF{"result":"success"}', true],
    [' {"result": "success", "more": [1]} ', true],
    ['{"resHead":{},"resBody":{"result":"success"}}', true],
    ['{"resBody":"{\\"result\\":\\"success\\"}"}', true],
    ['{"result":"fail","resBody":{"result":"success"}}', true],
    ['{"result":"SUCCESS"}', false],
    ['{"result":true}', false],
    ['{"result":"fail"}', false],
    ['{"resBody":{"result":"fail"}}', false],
    ['{"resBody":"success"}', false],
    ['{"resBody":["result","success"]}', false],
    ['{"resBody":null}', false],
    ['[{"result":"success"}]', false],
    ['"success"', false],
    ['success', false],
    ['{"result":"success"', false],
    ['<html>OK</html>', false],
    ['null', false],
    ['', false],
  ])('%s: taken %s', (answer, taken) => {
    expect(saysSuccess(answer)).toBe(taken);
  });
});
