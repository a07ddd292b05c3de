import { Woff } from './woff.ts';

/** How high the drawings stand above the line and hang below it, and how wide they are. */
const box = '0 -950 1275 1200';
const joiners = new Set([0x200d, 0xfe0e, 0xfe0f]);
const mostKept = 500;

interface Ligature {
  rest: readonly number[];
  glyph: number;
}

/**
 * Emoji as drawings. The renderer has no eyes for the colours of this font's outlines, so that its
 * SVG table is read: one drawing for each glyph, with what drawings share beside them.
 */
export class EmojiFont {
  readonly #glyphs: Map<number, number>;
  readonly #ligatures: Map<number, Ligature[]>;
  readonly #documents: SvgDocument[];
  /** By grapheme; the one used last is the last. */
  readonly #drawn = new Map<string, string[]>();

  constructor(file: Buffer) {
    const font = new Woff(file);
    this.#glyphs = font.glyphs();
    this.#ligatures = readLigatures(font.table('GSUB'));
    this.#documents = readDocuments(font.table('SVG '));
  }

  /** Drawings of one grapheme: one as a rule, none when the font does not know it. */
  drawings(grapheme: string): readonly string[] {
    const known = this.#drawn.get(grapheme) ?? this.#draw(grapheme);
    this.#drawn.delete(grapheme);
    this.#drawn.set(grapheme, known);
    const [oldest = ''] = this.#drawn.keys();
    if (this.#drawn.size > mostKept) this.#drawn.delete(oldest);
    return known;
  }

  #draw(grapheme: string): string[] {
    const codes = [...grapheme].map((char) => char.codePointAt(0) ?? 0);
    const bare = codes.filter((code) => code !== 0xfe0e && code !== 0xfe0f);
    // One glyph for all of it; else each by itself, so that nothing is lost.
    for (const way of [codes, bare]) {
      const [whole, ...more] = this.#shape(way);
      const drawing = more.length === 0 && whole !== undefined ? this.#drawing(whole) : undefined;
      if (drawing !== undefined) return [drawing];
    }
    return this.#shape(bare.filter((code) => !joiners.has(code)))
      .map((glyph) => this.#drawing(glyph))
      .filter((drawing) => drawing !== undefined);
  }

  #shape(codes: readonly number[]): number[] {
    const glyphs = codes.map((code) => this.#glyphs.get(code) ?? 0);
    const shaped: number[] = [];
    for (let at = 0; at < glyphs.length; ) {
      const first = glyphs[at] ?? 0;
      const fits = (this.#ligatures.get(first) ?? [])
        .filter(({ rest }) => rest.every((glyph, step) => glyphs[at + 1 + step] === glyph))
        .sort((one, other) => other.rest.length - one.rest.length)[0];
      shaped.push(fits?.glyph ?? first);
      at += 1 + (fits?.rest.length ?? 0);
    }
    return shaped;
  }

  #drawing(glyph: number): string | undefined {
    const document = this.#documents.find(({ first, last }) => glyph >= first && glyph <= last);
    const body = document?.glyph(glyph);
    if (document === undefined || body === undefined) return undefined;
    return (
      '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ' +
      `viewBox="${box}"><defs>${document.shared(body)}</defs>${body}</svg>`
    );
  }
}

/** One document of the table: drawings of glyphs from first to last, and what they share. */
class SvgDocument {
  readonly first: number;
  readonly last: number;
  readonly #text: string;
  #shared: Map<string, string> | undefined;

  constructor(first: number, last: number, text: string) {
    this.first = first;
    this.last = last;
    this.#text = text;
  }

  /** Its group, without the shared shapes it uses. */
  glyph(number: number): string | undefined {
    const from = this.#text.indexOf(`<g id="glyph${number}"`);
    if (from < 0) return undefined;
    // The next drawing begins where it ends; the last ends with the document.
    const next = this.#text.indexOf('<g id="glyph', from + 1);
    return this.#text.slice(from, next < 0 ? this.#text.lastIndexOf('</svg>') : next);
  }

  /** Everything that this drawing refers to, and what that refers to. */
  shared(body: string): string {
    this.#shared ??= this.#readShared();
    const taken = new Map<string, string>();
    const left = [body];
    for (let text = left.pop(); text !== undefined; text = left.pop()) {
      for (const [, name = ''] of text.matchAll(/(?:href="#|url\(#)([^")]+)/g)) {
        const shape = this.#shared.get(name);
        if (shape === undefined || taken.has(name)) continue;
        taken.set(name, shape);
        left.push(shape);
      }
    }
    return [...taken.values()].join('');
  }

  #readShared(): Map<string, string> {
    const defs = this.#text.slice(0, Math.max(0, this.#text.indexOf('</defs>')));
    const found = new Map<string, string>();
    const shapes =
      /<(path|linearGradient|radialGradient)\b[^>]*?\bid="([^"]+)"[^>]*?(?:\/>|>.*?<\/\1>)/gs;
    for (const [shape, , name = ''] of defs.matchAll(shapes)) found.set(name, shape);
    return found;
  }
}

function readDocuments(table: Buffer): SvgDocument[] {
  const list = table.readUInt32BE(2);
  return Array.from({ length: table.readUInt16BE(list) }, (_, index) => {
    const at = list + 2 + index * 12;
    const from = list + table.readUInt32BE(at + 4);
    const text = table.toString('latin1', from, from + table.readUInt32BE(at + 8));
    return new SvgDocument(table.readUInt16BE(at), table.readUInt16BE(at + 2), text);
  });
}

/** The first lookup that joins glyphs: flags, families, keycaps, colours of skin. */
function readLigatures(gsub: Buffer): Map<number, Ligature[]> {
  const found = new Map<number, Ligature[]>();
  const lookups = gsub.readUInt16BE(8);
  const lookup = lookups + gsub.readUInt16BE(lookups + 2);
  if (gsub.readUInt16BE(lookup) !== 4) return found;
  for (let index = 0; index < gsub.readUInt16BE(lookup + 4); index += 1) {
    const part = gsub.subarray(lookup + gsub.readUInt16BE(lookup + 6 + index * 2));
    const firsts = coverage(part.subarray(part.readUInt16BE(2)));
    for (const [place, first] of firsts.entries()) {
      const set = part.subarray(part.readUInt16BE(6 + place * 2));
      const ligatures = Array.from({ length: set.readUInt16BE(0) }, (_, which) => {
        const one = set.subarray(set.readUInt16BE(2 + which * 2));
        const rest = Array.from({ length: one.readUInt16BE(2) - 1 }, (__, step) =>
          one.readUInt16BE(4 + step * 2),
        );
        return { glyph: one.readUInt16BE(0), rest };
      });
      found.set(first, [...(found.get(first) ?? []), ...ligatures]);
    }
  }
  return found;
}

function coverage(table: Buffer): number[] {
  const count = table.readUInt16BE(2);
  if (table.readUInt16BE(0) === 1) {
    return Array.from({ length: count }, (_, index) => table.readUInt16BE(4 + index * 2));
  }
  return Array.from({ length: count }, (_, index) => 4 + index * 6).flatMap((at) => {
    const [first, last] = [table.readUInt16BE(at), table.readUInt16BE(at + 2)];
    return Array.from({ length: last - first + 1 }, (_, step) => first + step);
  });
}
