// Web Crypto has no MD5, and a browser has nothing else. RFC 1321.

const shifts = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;
const sines = Uint32Array.from({ length: 64 }, (_, i) => Math.abs(Math.sin(i + 1)) * 2 ** 32);

/** Hex MD5 of bytes. */
export function md5(bytes: Uint8Array): string {
  const words = padded(bytes);
  let [a, b, c, d] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < words.length; at += 16) {
    const before = [a, b, c, d] as const;
    for (let i = 0; i < 64; i += 1) {
      const round = i >> 4;
      const [mixed, word] = step(round, i, b, c, d);
      const sum = (a + mixed + (sines[i] ?? 0) + (words[at + word] ?? 0)) | 0;
      const by = shifts[round]?.[i & 3] ?? 0;
      [a, d, c, b] = [d, c, b, (b + ((sum << by) | (sum >>> (32 - by)))) | 0];
    }
    a = (a + before[0]) | 0;
    b = (b + before[1]) | 0;
    c = (c + before[2]) | 0;
    d = (d + before[3]) | 0;
  }
  const out = new DataView(new ArrayBuffer(16));
  for (const [i, word] of [a, b, c, d].entries()) out.setInt32(i * 4, word, true);
  return hex(new Uint8Array(out.buffer));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('');
}

/** The round's mix of three words, and which word of the block it takes. */
function step(round: number, i: number, b: number, c: number, d: number): [number, number] {
  if (round === 0) return [(b & c) | (~b & d), i];
  if (round === 1) return [(d & b) | (~d & c), (5 * i + 1) % 16];
  if (round === 2) return [b ^ c ^ d, (3 * i + 5) % 16];
  return [c ^ (b | ~d), (7 * i) % 16];
}

function padded(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(((bytes.length + 8) >> 6) * 16 + 16);
  const view = new DataView(words.buffer);
  // Read as little endian whatever the machine is.
  const at = (i: number): number =>
    i < bytes.length ? (bytes[i] ?? 0) : i === bytes.length ? 128 : 0;
  for (let i = 0; i <= bytes.length; i += 1) view.setUint8(i, at(i));
  view.setUint32((words.length - 2) * 4, bytes.length * 8, true);
  view.setUint32((words.length - 1) * 4, Math.floor(bytes.length / 2 ** 29), true);
  return words.map((_, i) => view.getUint32(i * 4, true));
}
