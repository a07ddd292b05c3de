import { createCipheriv } from 'node:crypto';
import { createRequire } from 'node:module';
import * as wecom from '@wecom/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cipher, CipherFault } from './cipher.ts';
import { signatureOf } from './signature.ts';

interface Peer {
  encrypt(text: string): string;
  decrypt(encrypted: string): { message: string; id: string };
  getSignature(timestamp: string, nonce: string, encrypted: string): string;
}
// It has no types, and is of a time before modules.
const WxBizMsgCrypt = createRequire(import.meta.url)('wechat-crypto') as new (
  token: string,
  key: string,
  id: string,
) => Peer;

const appid = 'wxb11529c136998cb6';
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const keys = fc.string({
  unit: fc.constantFrom(...letters),
  minLength: 43,
  maxLength: 43,
});
/** Of one to four bytes each. */
const characters = fc.constantFrom('a', '"', '\n', 'é', '你', '好', '\u{1f600}', '\u{20000}');
/** 0 to 200 bytes: across every edge of the padding. */
const texts = fc
  .tuple(fc.integer({ min: 0, max: 200 }), fc.array(characters, { maxLength: 200 }))
  .map(([bytes, all]) => {
    let text = '';
    for (const one of all) if (Buffer.byteLength(text + one) <= bytes) text += one;
    return text + 'x'.repeat(bytes - Buffer.byteLength(text));
  });

describe('the cipher and other implementations', () => {
  it('read each other at every length of 0 to 200 bytes', () => {
    for (let bytes = 0; bytes <= 200; bytes += 1) {
      const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
      const text = '你'.repeat(Math.floor(bytes / 3)) + 'x'.repeat(bytes % 3);
      const own = new Cipher(key, appid);
      expect(wecom.decrypt(key, own.encrypt(text))).toMatchObject({ message: text, id: appid });
      expect(own.decrypt(wecom.encrypt(key, text, appid))).toBe(text);
    }
  });

  it('read each other whatever the key, the text and the appid', () => {
    const ids = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(keys, texts, ids, (key, text, id) => {
        const own = new Cipher(key, id);
        const peer = new WxBizMsgCrypt('token', key, id);
        expect(peer.decrypt(own.encrypt(text))).toEqual({ message: text, id });
        expect(own.decrypt(peer.encrypt(text))).toBe(text);
        expect(wecom.decrypt(key, own.encrypt(text))).toMatchObject({ message: text, id });
        expect(own.decrypt(wecom.encrypt(key, text, id))).toBe(text);
        expect(own.encrypt(text)).not.toBe(own.encrypt(text));
      }),
      { numRuns: 300 },
    );
  });

  it('sign alike', () => {
    const parts = fc.string({ unit: fc.constantFrom(...letters, '+', '/', '='), maxLength: 40 });
    fc.assert(
      fc.property(parts, parts, parts, (timestamp, nonce, encrypted) => {
        const signed = signatureOf(['tok', timestamp, nonce, encrypted]);
        expect(signed).toBe(wecom.getSignature('tok', timestamp, nonce, encrypted));
        const peer = new WxBizMsgCrypt('tok', 'x'.repeat(43), appid);
        expect(signed).toBe(peer.getSignature(timestamp, nonce, encrypted));
      }),
    );
  });
});

describe('what was not encrypted for us', () => {
  const key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
  const cipher = new Cipher(key, appid);

  it('is refused, whatever byte is changed', () => {
    const bytes = Buffer.from(cipher.encrypt('hello, 你好'), 'base64');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        // What is random stays unread; all else is told, or is another text. Nothing else is thrown.
        try {
          cipher.decrypt(changed.toString('base64'));
        } catch (error) {
          expect(error).toBeInstanceOf(CipherFault);
        }
      }),
    );
  });

  it.each([
    ['no base64', '!!!not-base64!!!', 'not base64'],
    ['nothing', '', 'not base64'],
    ['base64 with a line end', `${'A'.repeat(40)}\n==`, 'not base64'],
    ['no whole block', 'QUJD', 'length'],
    ['noise', Buffer.alloc(64, 7).toString('base64'), 'padding'],
    ['another appid', new Cipher(key, 'wx_other').encrypt('x'), 'appid'],
    ['an appid with more behind it', new Cipher(key, `${appid}x`).encrypt('x'), 'appid'],
  ])('%s', (_what, encrypted, reason) => {
    expect(() => cipher.decrypt(encrypted)).toThrow(new CipherFault(reason as 'appid'));
  });

  it('with another key', () => {
    expect(() => new Cipher('x'.repeat(43), appid).decrypt(cipher.encrypt('hello'))).toThrow(
      CipherFault,
    );
  });

  it('with a length that leads out of the text', () => {
    const long = Buffer.alloc(32);
    long.writeUInt32BE(0xff_ff_ff_ff, 0);
    expect(() => cipher.decrypt(forged(long))).toThrow(new CipherFault('content'));
    expect(() => cipher.decrypt(forged(Buffer.alloc(2)))).toThrow(new CipherFault('content'));
  });
});

/** Encrypted rightly, but with this in place of length, message and appid. */
function forged(body: Uint8Array): string {
  const raw = Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG=', 'base64');
  const plain = Buffer.concat([Buffer.alloc(16), body]);
  const pad = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', raw, raw.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([plain, Buffer.alloc(pad, pad)]);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
}
