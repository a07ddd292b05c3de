import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToldError } from './told-error.ts';

/** Encrypts what must not lie on disk in clear: channel keys, memory cards, puppet tokens. */
export class Vault {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** AES-256-GCM: 12 bytes nonce, 16 bytes tag, ciphertext. */
  seal(text: string): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  /** @throws when the bytes were sealed with another key or were changed */
  open(sealed: Uint8Array): string {
    const bytes = Buffer.from(sealed);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  }
}

/** Opens the vault of a data directory; its key is made at first start (`secret.key`, mode 0600). */
export function openVault(dataDir: string): Vault {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'secret.key');
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  // What is read of a folder tells no path.
  if (statSync(file).isDirectory()) {
    throw new ToldError({
      zh: `${file} 是目录，不是文件（EISDIR）`,
      en: `${file} is a folder, not a file (EISDIR)`,
    });
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length !== 32) {
    throw new ToldError({
      zh: `${file} 中不是 32 字节的密钥`,
      en: `${file} does not hold a 32-byte key`,
    });
  }
  return new Vault(key);
}
