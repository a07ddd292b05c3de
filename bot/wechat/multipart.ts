import { randomBytes } from 'node:crypto';

export interface FilePart {
  field: string;
  filename: string;
  /** Media type. */
  type: string;
  bytes: Uint8Array;
}

/** A multipart body of one file. */
export function multipart({ field, filename, type, bytes }: FilePart): {
  type: string;
  bytes: Buffer;
} {
  const boundary = `wxrc${randomBytes(12).toString('hex')}`;
  const head =
    `--${boundary}\r\n` +
    `Content-Disposition: form-data; name="${field}"; filename="${filename}"; ` +
    // WeChat's own old servers read it.
    `filelength=${bytes.length}\r\n` +
    `Content-Type: ${type}\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
