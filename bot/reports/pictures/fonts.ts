import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Renderer } from '@takumi-rs/core';
import { EmojiFont } from './emoji-font.ts';
import {
  coverageFile,
  emojiFile,
  type FontFolders,
  missingFonts,
  sansFile,
  type Weight,
  weights,
} from './font-files.ts';
import { Woff } from './woff.ts';

export const fontFamily = 'Noto Sans SC';

type Range = [first: number, last: number];
interface Slice {
  subset: string;
  ranges: Range[];
}

/**
 * The fonts of the renderer. Two files have what Chinese reports are written with; rarer characters
 * and emoji are loaded when a text has them.
 */
export class Fonts {
  readonly #renderer: Renderer;
  readonly #folders: FontFolders;
  readonly #loaded = new Set<string>();
  readonly #covered = new Set<number>();
  #slices: Slice[] | undefined;
  #emoji: EmojiFont | undefined;

  constructor(renderer: Renderer, folders: FontFolders) {
    this.#renderer = renderer;
    this.#folders = folders;
  }

  /** @returns what is missing or cannot be drawn, in English */
  async start(): Promise<string[]> {
    const faults = missingFonts(this.#folders);
    try {
      for (const weight of weights) {
        for (const subset of ['latin', 'chinese-simplified']) await this.#load(subset, weight);
      }
      await this.#cover('chinese-simplified');
      if (!(await this.#draws('中'))) faults.push('no Chinese font: 中 is not drawn');
    } catch (error) {
      if (faults.length === 0) faults.push(`a font cannot be read: ${messageOf(error)}`);
    }
    return faults;
  }

  /** Loads what this text needs and is not there yet. */
  async prepare(text: string): Promise<void> {
    const wanted = new Set<Slice>();
    for (const char of new Set(text)) {
      const code = char.codePointAt(0) ?? 0;
      if (code < 0x7f || this.#covered.has(code)) continue;
      const slice = this.#sliceOf(code);
      if (slice !== undefined && !this.#loaded.has(slice.subset)) wanted.add(slice);
    }
    for (const { subset, ranges } of wanted) {
      this.#loaded.add(subset);
      try {
        for (const weight of weights) await this.#load(subset, weight, ranges);
        await this.#cover(subset);
      } catch {
        // Then it is drawn as a box, like all that no font has.
      }
    }
  }

  /** Whether a font for text has it, of those that are loaded. */
  covers(code: number): boolean {
    return code < 0x7f || this.#covered.has(code);
  }

  /** Drawings of an emoji; none where the font is missing or does not know it. */
  emoji(grapheme: string): readonly string[] {
    try {
      // It is read while a picture is made: the first emoji of a thread waits a quarter second.
      this.#emoji ??= new EmojiFont(readFileSync(emojiFile(this.#folders)));
      return this.#emoji.drawings(grapheme);
    } catch {
      return [];
    }
  }

  async #cover(subset: string): Promise<void> {
    const font = new Woff(await readFile(coverageFile(this.#folders, subset)));
    for (const code of font.glyphs().keys()) this.#covered.add(code);
  }

  async #load(subset: string, weight: Weight, unicodeRange?: Range[]): Promise<void> {
    const data = await readFile(sansFile(this.#folders, subset, weight));
    const limited = unicodeRange === undefined ? {} : { unicodeRange };
    await this.#renderer.registerFont({ name: fontFamily, weight, data, ...limited });
  }

  #sliceOf(code: number): Slice | undefined {
    this.#slices ??= readSlices(this.#folders);
    return this.#slices.find(({ ranges }) =>
      ranges.some(([first, last]) => code >= first && code <= last),
    );
  }

  /** Not the box that stands for what no font has, and not nothing. */
  async #draws(char: string): Promise<boolean> {
    const [drawn, box, blank] = await Promise.all(
      [char, '\u{10fffd}', ' '].map((text) =>
        this.#renderer.render(
          { type: 'text', text, style: { fontSize: 32, fontFamily: `"${fontFamily}"` } },
          { width: 48, height: 48, format: 'raw' },
        ),
      ),
    );
    if (drawn === undefined || box === undefined || blank === undefined) return false;
    return !drawn.equals(box) && !drawn.equals(blank);
  }
}

function readSlices({ sans }: FontFolders): Slice[] {
  try {
    const listed = JSON.parse(readFileSync(join(sans, 'unicode.json'), 'utf8')) as Record<
      string,
      string
    >;
    return Object.entries(listed).map(([name, ranges]) => ({
      subset: name.replace(/[[\]]/g, ''),
      ranges: ranges.split(',').map((range): Range => {
        const [first = 0, last = first] = range
          .replace(/^U\+/i, '')
          .split('-')
          .map((hex) => Number.parseInt(hex, 16));
        return [first, last];
      }),
    }));
  } catch {
    return [];
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
