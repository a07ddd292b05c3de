import { inflateSync } from 'node:zlib';

/**
 * Reads tables out of a WOFF file (version 1: each table by itself in zlib). Only for fonts that
 * come with us: what is in the file is believed.
 */
export class Woff {
  readonly #tables = new Map<string, () => Buffer>();

  constructor(file: Buffer) {
    const count = file.readUInt16BE(12);
    for (let index = 0; index < count; index += 1) {
      const at = 44 + index * 20;
      const tag = file.toString('latin1', at, at + 4);
      const [offset, packed, length] = [4, 8, 12].map((step) => file.readUInt32BE(at + step));
      const bytes = file.subarray(offset, (offset ?? 0) + (packed ?? 0));
      this.#tables.set(tag, () => ((packed ?? 0) < (length ?? 0) ? inflateSync(bytes) : bytes));
    }
  }

  /** @throws when it is not there */
  table(tag: string): Buffer {
    const table = this.#tables.get(tag);
    if (table === undefined) throw new Error(`this font has no table ${tag}`);
    return table();
  }

  /** Number of the glyph of each character. */
  glyphs(): Map<number, number> {
    const cmap = this.table('cmap');
    const offsets = new Map<number, number>();
    for (let index = 0; index < cmap.readUInt16BE(2); index += 1) {
      const offset = cmap.readUInt32BE(8 + index * 8);
      offsets.set(cmap.readUInt16BE(offset), offset);
    }
    const [long, short] = [offsets.get(12), offsets.get(4)];
    if (long !== undefined) return longMap(cmap.subarray(long));
    return short === undefined ? new Map() : shortMap(cmap.subarray(short));
  }
}

function longMap(table: Buffer): Map<number, number> {
  const found = new Map<number, number>();
  for (let index = 0; index < table.readUInt32BE(12); index += 1) {
    const at = 16 + index * 12;
    const [first, last] = [table.readUInt32BE(at), table.readUInt32BE(at + 4)];
    const glyph = table.readUInt32BE(at + 8);
    for (let code = first; code <= last; code += 1) found.set(code, glyph + code - first);
  }
  return found;
}

function shortMap(table: Buffer): Map<number, number> {
  const found = new Map<number, number>();
  const segments = table.readUInt16BE(6) / 2;
  for (let index = 0; index < segments; index += 1) {
    const last = table.readUInt16BE(14 + index * 2);
    const first = table.readUInt16BE(16 + segments * 2 + index * 2);
    const delta = table.readUInt16BE(16 + segments * 4 + index * 2);
    const rangeAt = 16 + segments * 6 + index * 2;
    const range = table.readUInt16BE(rangeAt);
    for (let code = first; code <= last && code < 0xffff; code += 1) {
      const listed = range === 0 ? code : table.readUInt16BE(rangeAt + range + (code - first) * 2);
      const glyph = listed === 0 ? 0 : (listed + delta) & 0xffff;
      if (glyph !== 0) found.set(code, glyph);
    }
  }
  return found;
}
