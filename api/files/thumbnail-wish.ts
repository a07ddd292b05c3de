import type { Context } from 'koa';
import { AppError } from '../../bot/errors.ts';
import type { StoredFile } from '../../bot/files.ts';
import { longestSide, type ThumbnailWish } from '../../bot/thumbnails.ts';

/**
 * `?w=200`, `?h=200` or both: the picture scaled down to fit.
 * @returns undefined when the picture itself is asked for
 * @throws AppError field_value
 */
export function askedThumbnail(ctx: Context, file: StoredFile): ThumbnailWish | undefined {
  const width = sideOf(ctx, 'w');
  const height = sideOf(ctx, 'h');
  if (width === undefined && height === undefined) return undefined;
  ctx.vary('Accept');
  return { width, height, format: formatFor(ctx, file) };
}

/**
 * What clients of GoBelieve append to the name of a picture, `128w_128h_1c.jpg`: width, height,
 * whether it is cut to them, and the format.
 * @returns undefined when it asks for nothing that we know
 */
export function suffixedThumbnail(
  ctx: Context,
  file: StoredFile,
  suffix: string,
): ThumbnailWish | undefined {
  const [, wide, high, crop, extension = ''] =
    /^(?:([1-9]\d{0,4})w)?_?(?:([1-9]\d{0,4})h)?(?:_([01])c)?(?:\.(\w+))?$/.exec(suffix) ?? [];
  if (wide === undefined && high === undefined) return undefined;
  const format = formats[extension.toLowerCase()];
  if (format === undefined) ctx.vary('Accept');
  return {
    width: wide === undefined ? undefined : Math.min(Number(wide), longestSide),
    height: high === undefined ? undefined : Math.min(Number(high), longestSide),
    crop: crop === '1',
    format: format ?? formatFor(ctx, file),
  };
}

const formats: Record<string, ThumbnailWish['format']> = {
  jpg: 'jpeg',
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
};

function formatFor(ctx: Context, file: StoredFile): ThumbnailWish['format'] {
  // Named, not just `*/*`: what says it takes everything may still be old.
  if (/\bimage\/webp\b/.test(ctx.get('accept'))) return 'webp';
  return file.type === 'image/jpeg' || file.type === 'image/avif' ? 'jpeg' : 'png';
}

function sideOf(ctx: Context, name: 'w' | 'h'): number | undefined {
  const given = ctx.query[name];
  if (given === undefined) return undefined;
  const side = typeof given === 'string' && /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (side >= 1 && side <= longestSide) return side;
  throw new AppError(
    'field_value',
    { zh: `${name} 须为 1 到 ${longestSide} 的整数`, en: `${name} must be 1 to ${longestSide}` },
    { field: name },
  );
}
