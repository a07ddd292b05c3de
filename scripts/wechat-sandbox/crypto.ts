import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

// Its own few lines, not the daemon's: two that share a mistake would agree with each other.

/** Lower-case hex SHA-1 of the parts in byte order, nothing between them. */
export function signature(...parts: string[]): string {
  const sorted = parts.map((part) => Buffer.from(part)).sort(Buffer.compare);
  return createHash('sha1').update(Buffer.concat(sorted)).digest('hex');
}

/** What stands in Encrypt. */
export function encrypt(
  encodingAesKey: string,
  appid: string,
  text: string,
  random: Uint8Array = randomBytes(16),
): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const message = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  const plain = Buffer.concat([random, length, message, Buffer.from(appid)]);
  const pad = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([
    cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)])),
    cipher.final(),
  ]).toString('base64');
}

/** @throws when it is not whole, or not for this appid */
export function decrypt(encodingAesKey: string, appid: string, encrypted: string): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const bytes = Buffer.from(encrypted, 'base64');
  if (bytes.length === 0 || bytes.length % 32 !== 0) throw new Error('not whole blocks of 32');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(bytes), decipher.final()]);
  const pad = plain[plain.length - 1] ?? 0;
  const padding = plain.subarray(plain.length - pad);
  if (pad < 1 || pad > 32 || padding.some((one) => one !== pad)) throw new Error('padding wrong');
  const end = 20 + plain.readUInt32BE(16);
  if (end > plain.length - pad) throw new Error('length wrong');
  const tail = plain.subarray(end, plain.length - pad).toString();
  if (tail !== appid) throw new Error(`encrypted for ${JSON.stringify(tail)}, not ${appid}`);
  return plain.subarray(20, end).toString();
}
