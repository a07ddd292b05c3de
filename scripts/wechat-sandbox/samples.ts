import { crc32, deflateSync } from 'node:zlib';
import type { FileInput } from './types.ts';

export type SampleKind = 'image' | 'voice' | 'video';

/**
 * The bytes somebody gave: base64, a data: address, the bytes themselves, or a small sample.
 * @throws when a text is no base64
 */
export function fileBytes(given: FileInput, kind: SampleKind): Uint8Array {
  if (given === true) return samples[kind]();
  if (typeof given !== 'string') return given;
  const base64 = given.replace(/^data:[^,]*,/, '').replace(/\s/g, '');
  if (base64 === '' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64)) {
    throw new Error(`${kind}: expected base64, a data: address, or true for a sample`);
  }
  return Buffer.from(base64, 'base64');
}

const samples: Record<SampleKind, () => Uint8Array> = { image: picture, voice: silence, video };

/** A square of 96 pixels with a gradient, as PNG. */
function picture(): Buffer {
  const size = 96;
  const rows = Buffer.alloc(size * (1 + size * 3));
  for (let y = 0; y < size; y += 1) {
    // Filter 1: each pixel as its difference from the one before, so that it packs well.
    const row = y * (1 + size * 3);
    rows.set([1, 40, 120 + y, 200], row);
    for (let x = 1; x < size; x += 1) rows.set([1, 0, 255], row + 1 + x * 3);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** One second of silence, as AMR: fifty frames of 20 ms. */
function silence(): Buffer {
  const frame = Buffer.alloc(13);
  frame[0] = 0x04;
  return Buffer.concat([Buffer.from('#!AMR\n'), ...Array.from({ length: 50 }, () => frame)]);
}

/** What begins like an MP4 and is told from its first bytes; nothing plays it. */
function video(): Buffer {
  const type = Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1');
  const data = Buffer.concat([Buffer.from('\0\0\x04\x08mdat', 'latin1'), Buffer.alloc(1024)]);
  return Buffer.concat([type, data]);
}
