import type { IncomingHttpHeaders } from 'node:http';
import type { Channel } from '../../bot/channels.ts';
import { type SignatureType, signatureTypes, verify, verifyRsa } from '../../bot/signature.ts';
import type { Head } from './head.ts';

/**
 * Whether the request carries a signature of this channel: in the header, over the exact bytes,
 * with one of the live keys; or, for a channel with a public key, version 0.3's RSA in
 * `reqHead.sign`.
 *
 * An MD5 in `reqHead.sign` counts for nothing: it lies inside the bytes it would sign, so it can
 * neither stand alone nor repeat the header to the letter. Beside a right header it is not looked
 * at; the header covers it like every other byte.
 * @returns what was signed with, spelled in one way only; undefined: the signature is wrong
 */
export function signedBy(
  channel: Channel,
  head: Head,
  signed: string | Buffer,
  headers: IncomingHttpHeaders,
): string | undefined {
  const given = headers['x-ecaspsplus-signature'];
  const type = typeOf(headers['x-ecaspsplus-signaturetype']);
  if (typeof given === 'string' && given !== '' && type !== undefined) {
    for (const key of channel.keys)
      if (verify(signed, key, type, given)) return given.toLowerCase();
  }
  const { publicKey } = channel.settings;
  if (publicKey === undefined || head.sign === undefined) return undefined;
  // It can be spelled in many ways, and says no more than this.
  const { chid, botcode, txcode, txtime } = head;
  return verifyRsa(head, publicKey, head.sign)
    ? JSON.stringify([chid, botcode, txcode, txtime])
    : undefined;
}

/** MD5 where nothing is said; undefined for a type nobody knows. */
function typeOf(header: string | string[] | undefined): SignatureType | undefined {
  if (header === undefined || header === '' || header === 'MD5') return 'MD5';
  if (typeof header !== 'string') return undefined;
  const wanted = header.trim().toUpperCase();
  return signatureTypes.find((type) => type === wanted);
}
