import { describe, expect, it } from 'vitest';
import {
  aesKey,
  eventPush,
  Poster,
  textPush,
  wechatAccount,
} from '../../tests/support/wechat-pushes.ts';
import { describe as describeRefusal } from './diagnosis.ts';
import { type PushQuery, readEcho, readPush } from './push.ts';
import { signatureOf } from './signature.ts';

const plain = wechatAccount();
const secure = wechatAccount({ encodingAesKey: aesKey });
const compatible = wechatAccount({ encodingAesKey: aesKey, mode: 'compatible' });
const hello = textPush('o1', '你好');

function read(account: typeof plain, { query, body }: { query: PushQuery; body: string }) {
  return readPush({ account, query, body: Buffer.from(body) });
}

describe('a push', () => {
  it.each([
    ['plain', plain, new Poster()],
    ['compatible', compatible, new Poster({ encodingAesKey: aesKey, mode: 'compatible' })],
    ['secure', secure, new Poster({ encodingAesKey: aesKey })],
    ['plain', plain, new Poster({ format: 'json' })],
    [
      'compatible',
      compatible,
      new Poster({ encodingAesKey: aesKey, mode: 'compatible', format: 'json' }),
    ],
    ['secure', secure, new Poster({ encodingAesKey: aesKey, format: 'json' })],
  ] as const)('in %s mode is read', (mode, account, poster) => {
    const posted = poster.push(hello);
    expect(read(account, posted)).toMatchObject({
      ok: true,
      push: {
        ...{ account: 'wx1', mode, kind: 'text', openId: 'o1', toUser: 'gh_1' },
        ...{ msgId: String(hello['MsgId']), createTime: Number(hello['CreateTime']) * 1000 },
        ...{ nonce: posted.query['nonce'], text: poster.spell(hello) },
        fields: { Content: '你好' },
      },
    });
  });

  it('has one key for all its tries, in every mode and form', () => {
    const keys = [new Poster(), new Poster({ format: 'json' })].flatMap((poster) =>
      [1, 2, 3].map(() => keyOf(read(plain, poster.push(hello)))),
    );
    const sealed = new Poster({ encodingAesKey: aesKey });
    keys.push(keyOf(read(secure, sealed.push(hello))), keyOf(read(secure, sealed.push(hello))));
    expect(new Set(keys).size).toBe(1);
  });

  it('that has no id is told by its content: events of one second are several', () => {
    const poster = new Poster({ encodingAesKey: aesKey, mode: 'compatible' });
    const event = eventPush('o1', 'wxa_media_check', { trace_id: 'a' });
    const other = { ...event, trace_id: 'b' };
    const key = (fields: typeof event): string => keyOf(read(compatible, poster.push(fields)));
    expect(key(event)).toBe(key(event));
    expect(key(other)).not.toBe(key(event));
    // Without our key the compatible body counts; each try brings another `Encrypt`.
    const unread = (fields: typeof event): string => keyOf(read(plain, poster.push(fields)));
    expect(unread(event)).toBe(unread(event));
    expect(unread(other)).not.toBe(unread(event));
  });

  it('of another user may bear the same id', () => {
    const poster = new Poster();
    const keys = [hello, { ...hello, FromUserName: 'o2' }, { ...hello, CreateTime: 1 }].map((one) =>
      keyOf(read(plain, poster.push(one))),
    );
    expect(new Set(keys).size).toBe(3);
    const long = keyOf(read(plain, poster.push({ ...hello, FromUserName: 'o'.repeat(500) })));
    expect(long.length).toBeLessThan(100);
  });

  it('has a time only where there is one', () => {
    const at = (CreateTime: string | number) => {
      const posted = read(plain, new Poster().push({ ...hello, CreateTime }));
      return posted.ok ? posted.push.createTime : posted.reason;
    };
    expect([
      at(1_348_831_860),
      at('1348831860'),
      at('1976-04-10 12:21:47'),
      at(''),
      at('-5'),
    ]).toEqual([1_348_831_860_000, 1_348_831_860_000, undefined, undefined, undefined]);
  });

  it('that is encrypted is read though the config says plain', () => {
    const account = wechatAccount({ encodingAesKey: aesKey, mode: 'plain' });
    expect(read(account, new Poster({ encodingAesKey: aesKey }).push(hello))).toMatchObject({
      ...{ ok: true, push: { mode: 'secure' } },
    });
    expect(read(account, new Poster().push(hello))).toMatchObject({ ok: true });
  });
});

describe('refused', () => {
  const sealed = new Poster({ encodingAesKey: aesKey });

  it.each([secure, compatible])(
    'where the account is encrypted, whatever is not: $mode',
    (account) => {
      const open = new Poster().push(hello);
      expect(read(account, open)).toMatchObject({ ok: false, reason: 'downgrade' });
      const { query, body } = sealed.push(hello);
      const { msg_signature: _, ...unsigned } = query;
      expect(read(account, { query: unsigned, body })).toMatchObject({ reason: 'downgrade' });
      expect(read(account, { query, body: open.body })).toMatchObject({ reason: 'downgrade' });
      // As if the plain signature were that of nothing encrypted.
      const forged = { ...query, msg_signature: query['signature'] };
      expect(read(account, { query: forged, body: open.body })).toMatchObject({ ok: false });
      expect(read(account, { query: forged, body })).toMatchObject({ reason: 'wrong signature' });
    },
  );

  it('when a word of it was changed', () => {
    const { query, body } = new Poster().push(hello);
    for (const name of ['signature', 'timestamp', 'nonce']) {
      const changed = { ...query, [name]: `${query[name]}1` };
      expect(read(plain, { query: changed, body })).toMatchObject({ reason: 'wrong signature' });
      const { [name]: _, ...left } = query;
      expect(read(plain, { query: left, body })).toMatchObject({ ok: false });
    }
    const posted = sealed.push(hello);
    const other = sealed.push(hello);
    const mixed = { query: posted.query, body: other.body };
    expect(read(secure, mixed)).toMatchObject({ reason: 'wrong signature' });
  });

  it('without a token, a key, a signature', () => {
    const unset = wechatAccount({ token: undefined });
    // Nobody may sign with the empty token instead.
    const query = { timestamp: '1', nonce: '2', signature: signatureOf(['', '1', '2']) };
    expect(read(unset, { query, body: '<xml/>' })).toMatchObject({ reason: 'no token' });
    expect(readEcho({ account: unset, query })).toMatchObject({ reason: 'no token' });
    expect(read(plain, { query: {}, body: '' })).toMatchObject({ reason: 'no signature' });
    expect(read(plain, sealed.push(hello))).toMatchObject({ reason: 'no key' });
  });

  it('for another account', () => {
    const other = new Poster({ appid: 'wx2', encodingAesKey: aesKey }).push(hello);
    expect(read(secure, other)).toMatchObject({
      ...{ reason: 'cannot be decrypted', diagnosis: { note: 'appid' } },
    });
  });

  it.each([
    ['neither XML nor JSON', 'hello'],
    ['nothing', ''],
    ['broken XML', '<xml><a></xml>'],
    ['broken JSON', '{"ToUserName":'],
    ['an array', '[{"ToUserName":"x"}]'],
    ['nobody it is for', '<xml><FromUserName>o1</FromUserName></xml>'],
  ])('signed rightly, but %s', (_what, text) => {
    expect(read(plain, new Poster().pushText(text))).toMatchObject({ reason: 'malformed' });
    expect(read(secure, sealed.pushText(text))).toMatchObject({ reason: 'malformed' });
  });

  it('says what was signed and what came of it, and no secret', () => {
    const account = wechatAccount({ token: 'SecretToken', encodingAesKey: aesKey });
    const posted = read(account, sealed.push(hello));
    if (posted.ok) throw new Error('taken');
    const { query, body } = sealed.push(hello);
    const encrypted = /CDATA\[([^\]]{60,})/.exec(body)?.[1] ?? '';
    expect(posted.diagnosis.parts.map(({ name }) => name).toSorted()).toEqual([
      ...['encrypt', 'nonce', 'timestamp', 'token'],
    ]);
    const again = readPush({ account, query, body });
    if (again.ok) throw new Error('taken');
    expect(again.diagnosis).toMatchObject({
      parameter: 'msg_signature',
      computed: signatureOf([
        ...['SecretToken', query['timestamp'] ?? '', query['nonce'] ?? '', encrypted],
      ]),
      given: query['msg_signature'],
      parts: expect.arrayContaining([
        { name: 'token', length: 11, begins: 'Se' },
        { name: 'encrypt', length: encrypted.length, begins: encrypted.slice(0, 2) },
      ]),
    });
    const line = describeRefusal(again);
    expect(line).toContain('token (11: Se…)');
    expect(line).toContain(again.diagnosis.computed);
    expect(line + JSON.stringify(again)).not.toContain('SecretToken');
  });
});

describe('a verification', () => {
  it('is echoed when it was signed with our token, and only then', () => {
    const query = new Poster().verification('4375120948345356249');
    const ok = { ok: true, echo: '4375120948345356249' };
    expect(readEcho({ account: plain, query })).toEqual(ok);
    // Official accounts sign it like this in secure mode, too.
    expect(readEcho({ account: secure, query })).toEqual(ok);
    for (const name of ['signature', 'timestamp', 'nonce']) {
      const changed = { ...query, [name]: `${query[name]}1` };
      expect(readEcho({ account: plain, query: changed })).toMatchObject({ ok: false });
    }
    expect(readEcho({ account: plain, query: {} })).toMatchObject({ reason: 'no signature' });
    expect(readEcho({ account: wechatAccount({ token: 'BBBBB' }), query })).toMatchObject({
      ...{ ok: false, reason: 'wrong signature' },
    });
  });

  it('may come encrypted', () => {
    const poster = new Poster({ encodingAesKey: aesKey });
    const echostr = secure.cipher?.encrypt('echo me') ?? '';
    const query = { timestamp: '1', nonce: '2', echostr };
    const msg_signature = poster.sign(query, echostr);
    expect(readEcho({ account: secure, query: { ...query, msg_signature } })).toEqual({
      ...{ ok: true, echo: 'echo me' },
    });
    const wrong = { ...query, msg_signature: poster.sign(query, 'other') };
    expect(readEcho({ account: secure, query: wrong })).toMatchObject({ ok: false });
    expect(readEcho({ account: plain, query: { ...query, msg_signature } })).toMatchObject({
      ...{ ok: false, reason: 'no key' },
    });
  });
});

function keyOf(read: ReturnType<typeof readPush>): string {
  if (!read.ok) throw new Error(read.reason);
  return read.push.key;
}
