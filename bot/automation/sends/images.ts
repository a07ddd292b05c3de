import { AppError, type Text } from '../../errors.ts';
import { FetchError, type Fetcher } from '../../fetcher.ts';
import { typeOf } from '../../file-type.ts';
import { type Files, type StoredFile, sha256In } from '../../files.ts';

/** Largest picture that is sent: 20 MiB. */
export const imageLimit = 20 * 1_048_576;
/** What WeChat clients show as a picture. */
const shown = ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/bmp'];

export type ImageSource = { sha256: string } | { url: string };

/** A picture that can never be sent, for the reason in `text`. */
export class BadImage extends Error {
  readonly text: Text;
  constructor(text: Text) {
    super(text.en);
    this.text = text;
  }
}

/** Whether WeChat shows files of this media type as pictures. */
function isPicture(type: string): boolean {
  return shown.includes(type);
}

/** Pictures from an address, a `data:` URL or an upload; their type is told by content. */
export class Images {
  readonly #files: Files;
  readonly #fetcher: Fetcher;

  constructor(options: { files: Files; fetcher: Fetcher }) {
    this.#files = options.files;
    this.#fetcher = options.fetcher;
  }

  /**
   * Checks what a command named. A `data:` URL and an upload are checked wholly and answered as a
   * stored file; an address of elsewhere is fetched later, when the send's turn comes.
   * @throws AppError field_value
   */
  async accept(source: ImageSource): Promise<ImageSource> {
    try {
      if ('sha256' in source) return await this.#stored(source.sha256);
      const url = source.url.trim();
      if (/^data:/i.test(url)) return { sha256: (await this.keep(decodeDataUrl(url))).sha256 };
      const sha256 = sha256In(url);
      // Named by its content: whoever serves it, a file of this name has these bytes.
      if (sha256 !== undefined && (!/^https?:/i.test(url) || (await this.#has(sha256)))) {
        return await this.#stored(sha256);
      }
      const objection = this.#fetcher.objection(url);
      if (objection === undefined) return { url };
      throw new BadImage({ zh: `图片地址不可用：${objection}`, en: `the picture: ${objection}` });
    } catch (error) {
      if (error instanceof BadImage)
        throw new AppError('field_value', error.text, { field: 'file' });
      throw error;
    }
  }

  /**
   * Fetches a picture and keeps it.
   * @throws BadImage when it is none, FetchError when it did not come
   */
  async fetch(url: string, signal: AbortSignal): Promise<StoredFile> {
    return await this.keep(await this.#fetcher.fetch(url, { maxBytes: imageLimit, signal }));
  }

  /** @throws BadImage */
  async keep(bytes: Uint8Array): Promise<StoredFile> {
    if (bytes.length > imageLimit) throw new BadImage(tooLarge);
    const type = await typeOf(bytes);
    if (type === undefined || !isPicture(type.mime)) throw new BadImage(noPicture);
    return await this.#files.put(bytes);
  }

  /** Whether another try may bring it. */
  static mayComeLater(error: unknown): boolean {
    if (error instanceof BadImage) return false;
    return !(error instanceof FetchError) || error.fault === 'unreachable';
  }

  async #has(sha256: string): Promise<boolean> {
    return (await this.#files.find(sha256)) !== undefined;
  }

  async #stored(sha256: string): Promise<{ sha256: string }> {
    const file = await this.#files.find(sha256);
    if (file === undefined) throw new BadImage({ zh: '没有这个文件', en: 'there is no such file' });
    if (!isPicture(file.type)) throw new BadImage(noPicture);
    if (file.size > imageLimit) throw new BadImage(tooLarge);
    return { sha256 };
  }
}

const noPicture: Text = {
  zh: '不是图片（支持 JPEG、PNG、GIF、WebP、BMP）',
  en: 'not a picture (JPEG, PNG, GIF, WebP and BMP are)',
};
const tooLarge: Text = { zh: '图片超过 20 MB', en: 'the picture is larger than 20 MiB' };
const badDataUrl: Text = { zh: 'data 地址格式错误', en: 'a broken data: URL' };

/** @throws BadImage */
function decodeDataUrl(url: string): Buffer {
  const comma = url.indexOf(',');
  if (comma < 0) throw new BadImage(badDataUrl);
  const body = url.slice(comma + 1);
  if (!/;base64$/i.test(url.slice(0, comma).trimEnd())) {
    try {
      return Buffer.from(percentDecoded(body));
    } catch {
      throw new BadImage(badDataUrl);
    }
  }
  const text = (body.includes('%') ? safeDecode(body) : body).replace(/\s+/g, '');
  if (text.length > imageLimit * 1.4) throw new BadImage(tooLarge);
  if (!/^[\w+/-]*={0,2}$/.test(text)) throw new BadImage(badDataUrl);
  return Buffer.from(text, 'base64');
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BadImage(badDataUrl);
  }
}

/** Percent-encoded bytes, which need not be UTF-8. */
function percentDecoded(text: string): Uint8Array {
  const latin = text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(latin, 'latin1');
}
