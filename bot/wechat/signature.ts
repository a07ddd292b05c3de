import { createHash, timingSafeEqual } from 'node:crypto';

/** WeChat's signature: SHA-1 over the parts in the order of their bytes, with nothing between. */
export function signatureOf(parts: readonly string[]): string {
  const sorted = parts.map((part) => Buffer.from(part, 'utf8')).sort(Buffer.compare);
  return createHash('sha1').update(Buffer.concat(sorted)).digest('hex');
}

/** Compares a signature in constant time; upper and lower case hex are both accepted. */
export function matches(expected: string, given: string): boolean {
  const left = Buffer.from(expected, 'utf8');
  const right = Buffer.from(given.toLowerCase(), 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
}
