import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Why a text could not be decrypted. `appid`: it is meant for another account. */
export type CipherReason = 'not base64' | 'length' | 'padding' | 'content' | 'appid';

export class CipherFault extends Error {
  readonly reason: CipherReason;
  constructor(reason: CipherReason) {
    super(`cannot be decrypted: ${reason}`);
    this.reason = reason;
  }
}

/** @NOTE WeChat pads to 32 bytes, not to the cipher's own 16. */
const block = 32;
const headBytes = 16;

/**
 * WeChat's encryption of pushes and replies: AES-256-CBC over 16 random bytes, the length of the
 * message in bytes, the message, and the appid.
 */
export class Cipher {
  readonly #key: Buffer;
  readonly #iv: Buffer;
  readonly #appid: Buffer;

  /** @param encodingAesKey 43 characters of base64, not always canonical ones */
  constructor(encodingAesKey: string, appid: string) {
    this.#key = Buffer.from(`${encodingAesKey}=`, 'base64');
    if (this.#key.length !== 32) throw new Error('an EncodingAESKey has 43 letters and digits');
    this.#iv = this.#key.subarray(0, 16);
    this.#appid = Buffer.from(appid, 'utf8');
  }

  /** @param random 16 bytes; only tests name them */
  encrypt(text: string, random: Uint8Array = randomBytes(headBytes)): string {
    const message = Buffer.from(text, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(message.length);
    const size = headBytes + 4 + message.length + this.#appid.length;
    const pad = block - (size % block);
    const plain = Buffer.concat([random, length, message, this.#appid, Buffer.alloc(pad, pad)]);
    const cipher = createCipheriv('aes-256-cbc', this.#key, this.#iv).setAutoPadding(false);
    return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
  }

  /** @throws CipherFault */
  decrypt(encrypted: string): string {
    const plain = this.#open(encrypted);
    const pad = plain.at(-1) ?? 0;
    if (pad < 1 || pad > block || pad > plain.length) throw new CipherFault('padding');
    if (!plain.subarray(-pad).every((byte) => byte === pad)) throw new CipherFault('padding');
    const body = plain.subarray(headBytes, plain.length - pad);
    if (body.length < 4) throw new CipherFault('content');
    const end = 4 + body.readUInt32BE(0);
    if (end > body.length) throw new CipherFault('content');
    if (!body.subarray(end).equals(this.#appid)) throw new CipherFault('appid');
    return body.toString('utf8', 4, end);
  }

  #open(encrypted: string): Buffer {
    if (encrypted.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(encrypted)) {
      throw new CipherFault('not base64');
    }
    const bytes = Buffer.from(encrypted, 'base64');
    if (bytes.length === 0 || bytes.length % 16 !== 0) throw new CipherFault('length');
    const decipher = createDecipheriv('aes-256-cbc', this.#key, this.#iv).setAutoPadding(false);
    return Buffer.concat([decipher.update(bytes), decipher.final()]);
  }
}
