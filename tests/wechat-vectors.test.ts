import { describe, expect, it } from 'vitest';
import { parseJsonFields } from '../bot/wechat/big-json.ts';
import { Cipher, CipherFault } from '../bot/wechat/cipher.ts';
import { isProbe, kindOf, readEcho, readFields, readPush } from '../bot/wechat/push.ts';
import { contentOfPush, templatesOf } from '../bot/wechat/push-content.ts';
import { matches, signatureOf } from '../bot/wechat/signature.ts';
import { decryptUserData, signUserData, UserDataFault } from '../bot/wechat/user-data.ts';
import { parseXml } from '../bot/wechat/xml.ts';
import { Poster, wechatAccount } from './support/wechat-pushes.ts';
import { type CryptoVector, vectors } from './support/wechat-vectors.ts';
import { assertedOf } from './support/wechatpy.ts';

const signatures = vectors('wechat-signature').vectors;
const crypto = vectors('wechat-crypto');
const pushes = vectors('wechat-push-messages');
const userData = vectors('wxa-userdata');

/** The query of a vector that was a request. */
function queryOf(url: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(url.slice(url.indexOf('?'))));
}

describe('signatures', () => {
  it.each(signatures)('$name', ({ token = '', timestamp = '', nonce = '', ...vector }) => {
    const { encrypt, echostr, parts, sorted, signature, valid } = vector;
    const signed = parts ?? [token, timestamp, nonce, ...(encrypt === undefined ? [] : [encrypt])];
    expect(matches(signatureOf(signed), signature)).toBe(valid);
    expect(matches(signatureOf(signed), signature.toUpperCase())).toBe(valid);
    if (sorted !== undefined) expect(signed.toSorted()).toEqual(sorted);
    if (echostr === undefined) return;
    // The whole of a verification by GET.
    const read = readEcho({
      account: wechatAccount({ token }),
      query: { signature, timestamp, nonce, echostr },
    });
    expect(read).toMatchObject({ ok: true, echo: echostr });
  });

  it('are all there', () => {
    expect(signatures).toHaveLength(12);
  });
});

describe('the cipher', () => {
  it.each(crypto.vectors)('$name', (vector) => {
    const { encodingAESKey, appid = '', encrypt, random, msg, expect_fields, reject } = vector;
    const cipher = new Cipher(encodingAESKey, appid);
    const opened = cipher.decrypt(encrypt);
    if (msg !== undefined) expect(opened).toBe(msg);
    if (expect_fields !== undefined) expect(parseXml(opened)).toMatchObject(expect_fields);
    if (random !== undefined) {
      expect(cipher.encrypt(opened, Buffer.from(random, 'latin1'))).toBe(encrypt);
    }
    for (const { appid: other } of reject ?? []) {
      if (other === undefined) continue;
      expect(() => new Cipher(encodingAESKey, other).decrypt(encrypt)).toThrow(
        new CipherFault('appid'),
      );
    }
  });

  it('gives back all that name their random part', () => {
    expect(crypto.vectors).toHaveLength(11);
    expect(crypto.vectors.filter((one) => one.random !== undefined)).toHaveLength(10);
  });

  it.each(crypto.vectors.filter((one) => one.msg_signature !== undefined))(
    'signed: $name',
    ({ token = '', timestamp = '', nonce = '', encrypt, msg_signature = '', ...vector }) => {
      expect(signatureOf([token, timestamp, nonce, encrypt])).toBe(msg_signature);
      const { appid, encodingAESKey, reply_json, reply_xml } = vector;
      const account = wechatAccount({ appid, token, encodingAesKey: encodingAESKey });
      if (reply_json !== undefined) expect(reply_json.MsgSignature).toBe(msg_signature);
      if (reply_xml !== undefined) {
        expect(parseXml(reply_xml)).toEqual({
          ...{ Encrypt: encrypt, MsgSignature: msg_signature },
          ...{ TimeStamp: timestamp, Nonce: nonce },
        });
      }
      const query = { msg_signature, timestamp, nonce };
      const echo = readEcho({ account, query: { ...query, echostr: encrypt } });
      expect(echo).toEqual({ ok: true, echo: account.cipher?.decrypt(encrypt) });
      const forged = { ...query, msg_signature: 'invalid-signature', echostr: encrypt };
      expect(readEcho({ account, query: forged })).toMatchObject({ reason: 'wrong signature' });
    },
  );

  it.each(crypto.must_reject)('refuses: $name', (vector) => {
    const { encodingAESKey, appid = 'wxba5fad812f8e6fb9', encrypt, ...request } = vector;
    const { token = 'AAAAA', timestamp = '1', nonce = '2', msg_signature } = request;
    expect(() => new Cipher(encodingAESKey, appid).decrypt(encrypt)).toThrow(CipherFault);
    const account = wechatAccount({ appid, token, encodingAesKey: encodingAESKey });
    const signed = msg_signature ?? signatureOf([token, timestamp, nonce, encrypt]);
    const read = readPush({
      account,
      query: { timestamp, nonce, msg_signature: signed },
      body: JSON.stringify({ ToUserName: 'gh_1', Encrypt: encrypt }),
    });
    const reason = msg_signature === undefined ? 'cannot be decrypted' : 'wrong signature';
    expect(read).toMatchObject({ ok: false, reason });
  });

  it('reads the official push in secure mode, by its own address and body', () => {
    const [vector] = crypto.vectors;
    const { appid, token, encodingAESKey, url = '', body = '', msg = '' } = vector ?? {};
    const account = wechatAccount({ appid, token, encodingAesKey: encodingAESKey });
    const read = readPush({ account, query: queryOf(url), body });
    expect(read).toMatchObject({
      ok: true,
      push: {
        ...{ mode: 'secure', format: 'json', kind: 'event:debug_demo', text: msg },
        ...{ openId: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY', toUser: 'gh_97417a04a28d' },
        ...{ createTime: 1_714_112_445_000, nonce: '415670741', msgId: undefined },
      },
    });
    const { signature, timestamp, nonce } = queryOf(url);
    // `signature` is right, too, and proves nothing.
    const downgraded = readPush({ account, query: { signature, timestamp, nonce }, body: msg });
    expect(downgraded).toMatchObject({ ok: false, reason: 'downgrade' });
  });

  it('reads the push of Tencent in compatible mode, and only what is encrypted of it', () => {
    const vector = crypto.vectors.find((one) => one.name.startsWith('Tencent cryptoDemo'));
    const { appid, token, encodingAESKey, timestamp = '', nonce = '', ...rest } = vector ?? {};
    const { msg_signature = '', body = '', msg } = rest as Partial<CryptoVector>;
    const account = wechatAccount({
      ...{ appid, token, encodingAesKey: encodingAESKey, mode: 'compatible' },
    });
    const query = { timestamp, nonce, msg_signature };
    const changed = body.replace('[abcdteT]', '[what somebody else wrote]');
    const read = readPush({ account, query, body: changed });
    expect(read).toMatchObject({
      ok: true,
      push: { mode: 'compatible', text: msg, fields: { Content: 'abcdteT' }, kind: 'text' },
    });
  });
});

describe('pushes of mini programs', () => {
  it.each(pushes.mini_program)('$name: XML and JSON say the same', ({ xml, json }) => {
    const fromXml = pushedBy(xml);
    const fromJson = pushedBy(JSON.stringify(json));
    expect(Object.keys(fromXml.fields).sort()).toEqual(Object.keys(fromJson.fields).sort());
    // The pages of WeChat spell the values of the card in two ways.
    if (fromXml.kind === 'miniprogrampage') {
      const told = { type: 'miniProgram', title: 'Title', appid: 'AppId', path: 'PagePath' };
      expect(contentOfPush(fromXml)).toMatchObject({ ...told, thumbUrl: 'ThumbUrl' });
      const other = { type: 'miniProgram', title: 'title', appid: 'appid', path: 'path' };
      expect(contentOfPush(fromJson)).toEqual(other);
      return;
    }
    expect(fromXml.fields).toEqual(fromJson.fields);
    expect(contentOfPush(fromXml)).toEqual(contentOfPush(fromJson));
    if (fromXml.msgId !== undefined) expect(fromXml.key).toBe(fromJson.key);
  });

  it.each(pushes.subscribe_events)('$name', ({ xml, json, expect: expected }) => {
    for (const text of [xml, json && JSON.stringify(json)]) {
      if (text === undefined) continue;
      const push = pushedBy(text);
      expect(templatesOf(push.kind, push.fields)).toEqual(expected);
    }
  });
});

describe('pushes of official accounts', () => {
  it('are all there', () => {
    expect(pushes.official_account).toHaveLength(41);
    expect(pushes.edge_cases).toHaveLength(15);
  });

  it.each(pushes.official_account)('$name', ({ xml, wechatpy_asserts }) => {
    const push = pushedBy(xml);
    const content = contentOfPush(push);
    const asserted = assertedOf(push, content, wechatpy_asserts);
    for (const { name, expected, found } of asserted)
      expect([name, found]).toEqual([name, expected]);
    // The same fields in JSON are the same push.
    const fromJson = pushedBy(JSON.stringify(push.fields));
    expect(contentOfPush(fromJson)).toEqual(content);
  });
});

describe('edge cases', () => {
  it.each(pushes.edge_cases)(
    '$name',
    ({ name, xml, json, json_text, expect: expected, ...rest }) => {
      const text = xml ?? json_text ?? JSON.stringify(json);
      if (rest.expect_error === true) {
        expect(readSigned(text)).toMatchObject({ ok: false, reason: 'malformed' });
        return;
      }
      if (name.startsWith('cloud-hosting probe')) {
        expect(isProbe(Buffer.from(text))).toBe(true);
        return;
      }
      const fields = readFields(text)?.fields ?? {};
      if (expected !== undefined) expect(fields).toMatchObject(expected as object);
      else expect(fields).toEqual(parseJsonFields(text));
    },
  );

  it('an id with an underscore is one', () => {
    const { json } = pushes.edge_cases.find((one) => one.name.includes('underscore')) ?? {};
    const push = pushedBy(JSON.stringify(json));
    expect(push.msgId).toBe('49d72d67b16d115e7935ac386f2f0fa41535298877_1555684067');
    expect(kindOf(push.fields)).toBe('text');
  });
});

describe('user data of mini programs', () => {
  it('is signed with the session', () => {
    const { session_key, rawData, signature } = userData.signature;
    expect(signUserData(rawData, session_key)).toBe(signature);
  });

  it('is decrypted for its own mini program only', () => {
    const { appid, session_key: sessionKey, iv, encryptedData } = userData.decrypt;
    const data = decryptUserData({ appid, sessionKey, iv, encryptedData });
    expect(data).toMatchObject({ watermark: { appid }, openId: expect.any(String) });
    const wrong = { appid: 'wx_other', sessionKey, iv, encryptedData };
    expect(() => decryptUserData(wrong)).toThrow(UserDataFault);
    expect(() => decryptUserData({ ...wrong, appid, iv: 'AAAA' })).toThrow(UserDataFault);
  });
});

function readSigned(text: string) {
  const { query, body } = new Poster().pushText(text);
  return readPush({ account: wechatAccount(), query, body });
}

function pushedBy(text: string) {
  const read = readSigned(text);
  if (!read.ok) throw new Error(`${read.reason}: ${read.diagnosis.note}`);
  return read.push;
}
