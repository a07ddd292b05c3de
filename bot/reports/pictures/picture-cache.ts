import type { Picture } from './picture-spec.ts';

const mostEntries = 200;
const mostBytes = 32 * 1_048_576;

/** Pictures by what they show; the ones used longest ago go first. */
export class PictureCache {
  readonly #kept = new Map<string, { pictures: Picture[]; bytes: number }>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#kept.size;
  }

  get(key: string): Picture[] | undefined {
    const found = this.#kept.get(key);
    if (found === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return [...found.pictures];
  }

  put(key: string, pictures: readonly Picture[]): void {
    this.#remove(key);
    const bytes = pictures.reduce((sum, { png }) => sum + png.length, 0);
    this.#kept.set(key, { pictures: [...pictures], bytes });
    this.#bytes += bytes;
    while (this.#kept.size > mostEntries || this.#bytes > mostBytes) {
      const [oldest = ''] = this.#kept.keys();
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    const found = this.#kept.get(key);
    if (found === undefined) return;
    this.#kept.delete(key);
    this.#bytes -= found.bytes;
  }
}
