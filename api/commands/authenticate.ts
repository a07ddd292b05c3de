import type { IncomingHttpHeaders } from 'node:http';
import type { Channel } from '../../bot/channels.ts';
import { type SignatureType, signatureTypes, verify, verifyRsa } from '../../bot/signature.ts';
import type { Head } from './head.ts';

/**
 * Whether the request carries a signature of this channel: in the header, over the exact bytes,
 * with one of the live keys; or, for a channel with a public key, version 0.3's RSA in
 * `reqHead.sign`. What `reqHead.sign` says beside a header has to repeat it (or be such an RSA
 * signature); alone it is worth nothing for MD5, since it lies inside the bytes it would sign.
 */
export function isSigned(
  channel: Channel,
  head: Head,
  signed: string | Buffer,
  headers: IncomingHttpHeaders,
): boolean {
  const given = headers['x-ecaspsplus-signature'];
  const { publicKey } = channel.settings;
  if (given === undefined || given === '') {
    return head.sign !== undefined && publicKey !== undefined
      ? verifyRsa(head, publicKey, head.sign)
      : false;
  }
  const type = typeOf(headers['x-ecaspsplus-signaturetype']);
  if (typeof given !== 'string' || type === undefined) return false;
  if (!channel.keys.some((key) => verify(signed, key, type, given))) return false;
  if (head.sign === undefined || head.sign.toLowerCase() === given.toLowerCase()) return true;
  return publicKey !== undefined && verifyRsa(head, publicKey, head.sign);
}

/** MD5 where nothing is said; undefined for a type nobody knows. */
function typeOf(header: string | string[] | undefined): SignatureType | undefined {
  if (header === undefined || header === '' || header === 'MD5') return 'MD5';
  if (typeof header !== 'string') return undefined;
  const wanted = header.trim().toUpperCase();
  return signatureTypes.find((type) => type === wanted);
}
