import {
  createHash,
  createHmac,
  type Hash,
  type Hmac,
  hash,
  publicDecrypt,
  timingSafeEqual,
} from 'node:crypto';

export const signatureTypes = ['MD5', 'HMAC-SHA256'] as const;
export type SignatureType = (typeof signatureTypes)[number];

/**
 * Signature of a request or callback body (seed 004, 鉴权规则): MD5 over the exact bytes followed by
 * the key in UTF-8, or, as an extension, HMAC-SHA256 of the same bytes. Lower-case hex.
 */
export function sign(body: Uint8Array | string, key: string, type: SignatureType = 'MD5'): string {
  if (type === 'HMAC-SHA256') return createHmac('sha256', key).update(body).digest('hex');
  // One-shot hashing of one piece is twice as fast as feeding a hash object.
  if (typeof body === 'string') return hash('md5', body + key);
  return hash('md5', Buffer.concat([body, Buffer.from(key, 'utf8')]));
}

/** Compares in constant time; upper and lower case hex are both accepted. */
export function verify(
  body: Uint8Array | string,
  key: string,
  type: SignatureType,
  given: string,
): boolean {
  const expected = Buffer.from(sign(body, key, type), 'latin1');
  const actual = Buffer.from(given.toLowerCase(), 'latin1');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** `verify` for a body that comes piece by piece, with any of some keys. */
export class BodySignature {
  readonly #keys: readonly string[];
  readonly #type: SignatureType;
  /** MD5 takes the key at the end, so one does for all keys. */
  readonly #digests: (Hash | Hmac)[];

  constructor(keys: readonly string[], type: SignatureType) {
    this.#keys = keys;
    this.#type = type;
    this.#digests =
      type === 'MD5' ? [createHash('md5')] : keys.map((key) => createHmac('sha256', key));
  }

  update(piece: Uint8Array): void {
    for (const digest of this.#digests) digest.update(piece);
  }

  /** Whether this is the signature of all that came. Asked once, at the end. */
  is(given: string): boolean {
    const actual = Buffer.from(given.toLowerCase(), 'latin1');
    return this.#expected().some((hex) => {
      const expected = Buffer.from(hex, 'latin1');
      return expected.length === actual.length && timingSafeEqual(expected, actual);
    });
  }

  #expected(): string[] {
    const [first] = this.#digests;
    if (this.#type !== 'MD5' || first === undefined || !('copy' in first)) {
      return this.#digests.map((digest) => digest.digest('hex'));
    }
    return this.#keys.map((key) => first.copy().update(key, 'utf8').digest('hex'));
  }
}

/** The fields of reqHead that an RSA signature covers, as their original texts. */
export interface SignedHead {
  chid: string;
  botcode: string;
  txcode: string;
  txtime: string;
}

/**
 * Version 0.3 of the document: `reqHead.sign` = base64 of the RSA private-key encryption (PKCS#1
 * v1.5, no digest info) of the lower-case hex MD5 of `chid=…&botcode=…&txcode=…&txtime=…`.
 */
export function verifyRsa(head: SignedHead, publicKey: string, given: string): boolean {
  const text = `chid=${head.chid}&botcode=${head.botcode}&txcode=${head.txcode}&txtime=${head.txtime}`;
  const expected = Buffer.from(hash('md5', text), 'latin1');
  let actual: Buffer;
  try {
    actual = publicDecrypt(publicKey, Buffer.from(given, 'base64'));
  } catch {
    return false;
  }
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
