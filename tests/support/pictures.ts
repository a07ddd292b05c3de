/** A PNG of one pixel. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** The same picture with so many bytes behind it that it has this size. */
export function pictureOf(size: number): Buffer {
  return Buffer.concat([pixel, Buffer.alloc(size - pixel.length)]);
}
