import { createDecipheriv, createHash } from 'node:crypto';
import { parseJson } from './big-json.ts';

/** User data could not be read, or is meant for another mini program. */
export class UserDataFault extends Error {}

/** Signature of a mini program's `rawData`; lower-case hex. */
export function signUserData(rawData: string, sessionKey: string): string {
  return createHash('sha1').update(rawData).update(sessionKey).digest('hex');
}

/**
 * What a mini program got encrypted of its user (`wx.getUserInfo` and others).
 * @throws UserDataFault when it is not meant for this appid, or the session is over
 */
export function decryptUserData(options: {
  appid: string;
  sessionKey: string;
  iv: string;
  encryptedData: string;
}): Record<string, unknown> {
  const { appid, sessionKey, iv, encryptedData } = options;
  let data: unknown;
  try {
    const [key, start] = [Buffer.from(sessionKey, 'base64'), Buffer.from(iv, 'base64')];
    const decipher = createDecipheriv('aes-128-cbc', key, start);
    const bytes = Buffer.from(encryptedData, 'base64');
    const text = Buffer.concat([decipher.update(bytes), decipher.final()]).toString('utf8');
    data = parseJson(text);
  } catch {
    throw new UserDataFault('cannot be decrypted with this session');
  }
  if (!isObject(data)) throw new UserDataFault('not an object');
  const { watermark } = data;
  if (!isObject(watermark) || watermark['appid'] !== appid) {
    throw new UserDataFault('meant for another appid');
  }
  return data;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
