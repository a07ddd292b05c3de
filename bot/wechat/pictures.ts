import { loadPictures } from '../picture-library.ts';
import { mediaLimits } from './media-limits.ts';

/** Nobody's picture is larger; a small file that claims to be one is a trap. */
const mostPixels = 50_000_000;
const widest = 4096;

/**
 * Makes a picture that WeChat does not take (webp, heic, too large) a JPEG that it does. Undefined
 * when it cannot be done, or the library for it, which is optional, is not there.
 */
export async function asJpeg(bytes: Uint8Array): Promise<Buffer | undefined> {
  try {
    const library = await loadPictures();
    const jpeg = await library?.(bytes, { limitInputPixels: mostPixels })
      .rotate()
      .resize({ width: widest, height: widest, fit: 'inside', withoutEnlargement: true })
      .timeout({ seconds: 30 })
      .flatten({ background: '#ffffff' })
      .toFormat('jpeg', { quality: 85 })
      .toBuffer();
    if (jpeg === undefined) return undefined;
    return jpeg.length <= mediaLimits.image.bytes ? jpeg : undefined;
  } catch {
    return undefined;
  }
}
