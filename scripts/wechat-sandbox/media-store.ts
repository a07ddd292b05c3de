import { randomBytes } from 'node:crypto';

export type MediaType = 'image' | 'voice' | 'video' | 'thumb';

export interface Media {
  id: string;
  appid: string;
  type: MediaType;
  bytes: Uint8Array;
  mime: string;
  extension: string;
  madeAt: number;
}

/** Temporary media live three days. */
const life = 3 * 86_400_000;

/** Files that users sent or accounts uploaded. */
export class MediaStore {
  readonly #media = new Map<string, Media>();

  add(media: Omit<Media, 'id'>): Media {
    const made = { id: randomBytes(48).toString('base64url'), ...media };
    this.#media.set(made.id, made);
    return made;
  }

  /** Undefined when there is none, it is another account's, or it is too old. */
  get(id: string, appid: string, now: number): Media | undefined {
    const media = this.#media.get(id);
    return media?.appid === appid && now - media.madeAt < life ? media : undefined;
  }

  /** For eyes: of any account, of any age. */
  show(id: string): Media | undefined {
    return this.#media.get(id);
  }
}

/** What the first bytes say a file is. */
export function sniff(bytes: Uint8Array): { mime: string; extension: string } | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return { mime: 'image/jpeg', extension: 'jpg' };
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return { mime: 'image/png', extension: 'png' };
  if (/^GIF8[79]a/.test(head)) return { mime: 'image/gif', extension: 'gif' };
  if (head.startsWith('#!AMR')) return { mime: 'audio/amr', extension: 'amr' };
  if (/^(ID3|\xff[\xfb\xf3\xf2])/.test(head)) return { mime: 'audio/mpeg', extension: 'mp3' };
  if (head.slice(4, 8) === 'ftyp') return { mime: 'video/mp4', extension: 'mp4' };
  return undefined;
}
