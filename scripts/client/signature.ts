import { hex, md5 } from './md5.ts';

export type SignatureType = 'MD5' | 'HMAC-SHA256';

const utf8 = new TextEncoder();

/** What X-Ecaspsplus-Signature says of these bytes. */
export async function sign(text: string, key: string, type: SignatureType): Promise<string> {
  if (type === 'MD5') return md5(utf8.encode(text + key));
  return hex(await hmac(utf8.encode(key), utf8.encode(text)));
}

/** @throws Error where the page is not a secure context (http on another host than localhost) */
export async function hmac(
  key: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new Error('HMAC-SHA256 needs Web Crypto: a secure context, or Node 20 and newer');
  }
  const hash = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, hash, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, bytes));
}

/** Compares in a time that tells nothing of where two texts differ. */
export function sameText(a: string, b: string): boolean {
  const [x, y] = [utf8.encode(a), utf8.encode(b)];
  let difference = x.length ^ y.length;
  for (let i = 0; i < x.length; i += 1) difference |= (x[i] ?? 0) ^ (y[i % y.length] ?? 0);
  return difference === 0;
}

/** A request number that nobody else makes. */
export function newNumber(): string {
  return hex(crypto.getRandomValues(new Uint8Array(16)));
}
