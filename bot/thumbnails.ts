import type { Logger } from '../config/logger.ts';
import type { Files, StoredFile } from './files.ts';
import { Gate } from './gate.ts';
import { loadPictures, type PictureLibrary } from './picture-library.ts';

export interface ThumbnailWish {
  /** It fits into these; at least one is given. */
  width?: number | undefined;
  height?: number | undefined;
  /** Fills both, what is outside is cut off. */
  crop?: boolean;
  format: 'webp' | 'jpeg' | 'png';
}

export interface ThumbnailsOptions {
  files: Files;
  logger: Logger;
  /** Undefined: there is no library. */
  load?: () => Promise<PictureLibrary | undefined>;
}

/** Longest side of a thumbnail. */
export const longestSide = 2048;
const mostAtOnce = 2;
const mostWaiting = 64;
/** Pictures whose thumbnails are known, and thumbnails of one: strangers cannot fill the disk. */
const mostPictures = 2000;
const mostOfOne = 16;
const pictureTypes = /^image\/(?:jpeg|png|apng|webp|gif|avif)$/;
/** Above it a picture of some kilobytes could cost gigabytes. */
const mostPixels = 64_000_000;

/**
 * Small versions of pictures: made on demand, off the event loop, kept as files of ours, and known
 * until a restart; then they are made once more, and are the same files. Where there is nothing to
 * make them with, or of, the picture itself does.
 */
export class Thumbnails {
  readonly #files: Files;
  readonly #logger: Logger;
  readonly #load: () => Promise<PictureLibrary | undefined>;
  #library: Promise<PictureLibrary | undefined> | undefined;
  /** By picture and wish; the picture used last is the last. */
  readonly #known = new Map<string, Map<string, Promise<StoredFile>>>();
  readonly #gate = new Gate(mostAtOnce);

  constructor({ files, logger, load = loadPictures }: ThumbnailsOptions) {
    this.#files = files;
    this.#logger = logger;
    this.#load = load;
  }

  /** The thumbnail that is wished for, or the picture itself. */
  async of(file: StoredFile, wish: ThumbnailWish): Promise<StoredFile> {
    if (!pictureTypes.test(file.type)) return file;
    const key = `${wish.width ?? ''}x${wish.height ?? ''}${wish.crop ? 'c' : ''}.${wish.format}`;
    const ofPicture = this.#knownOf(file.sha256);
    const known = await ofPicture.get(key);
    if (known !== undefined) {
      if ((await this.#files.find(known.sha256)) !== undefined) return known;
      ofPicture.delete(key);
    }
    if (ofPicture.size >= mostOfOne || this.#gate.waiting >= mostWaiting) return file;
    const made = this.#gate.run(() => this.#make(file, wish));
    ofPicture.set(key, made);
    return await made;
  }

  /** Never rejects: what cannot be made small stays as it is. */
  async #make(file: StoredFile, wish: ThumbnailWish): Promise<StoredFile> {
    try {
      this.#library ??= this.#prepare();
      const library = await this.#library;
      if (library === undefined) return file;
      const bytes = await shrink(library, this.#files.pathOf(file.sha256), wish);
      return bytes === undefined ? file : await this.#files.put(bytes);
    } catch (error) {
      this.#logger.info({ err: error, sha256: file.sha256 }, 'no thumbnail of this picture');
      return file;
    }
  }

  async #prepare(): Promise<PictureLibrary | undefined> {
    const library = await this.#load().catch(() => undefined);
    if (library === undefined) {
      this.#logger.info('without sharp there are no thumbnails; pictures are served as they are');
      return undefined;
    }
    return library;
  }

  #knownOf(sha256: string): Map<string, Promise<StoredFile>> {
    const found = this.#known.get(sha256) ?? new Map<string, Promise<StoredFile>>();
    this.#known.delete(sha256);
    this.#known.set(sha256, found);
    if (this.#known.size > mostPictures) {
      const [oldest = ''] = this.#known.keys();
      this.#known.delete(oldest);
    }
    return found;
  }
}

/** @returns undefined when the picture is no larger than the thumbnail would be */
async function shrink(
  library: PictureLibrary,
  path: string,
  { width, height, crop = false, format }: ThumbnailWish,
): Promise<Buffer | undefined> {
  const options = { limitInputPixels: mostPixels, sequentialRead: true, failOn: 'error' };
  const facts = await library(path, options).metadata();
  const lies = (facts.orientation ?? 1) >= 5;
  const [across, down] = lies ? [facts.height, facts.width] : [facts.width, facts.height];
  if (across <= (width ?? across) && down <= (height ?? down)) return undefined;
  const fit = crop && width !== undefined && height !== undefined ? 'cover' : 'inside';
  const small = library(path, options)
    .rotate()
    .resize({ width, height, fit, withoutEnlargement: true })
    .timeout({ seconds: 10 });
  const opaque = format === 'jpeg' ? small.flatten({ background: '#fff' }) : small;
  return await opaque.toFormat(format, { quality: 80 }).toBuffer();
}
