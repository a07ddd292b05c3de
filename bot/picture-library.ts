/** What we use of sharp. Of its own types nothing is needed: it is optional, and so are they. */
export interface PictureLibrary {
  (input: string | Uint8Array, options: object): Picture;
  block(options: { operation: string[] }): void;
  unblock(options: { operation: string[] }): void;
  cache(on: boolean): void;
  concurrency(threads: number): void;
}

export interface Picture {
  metadata(): Promise<{ width: number; height: number; orientation?: number }>;
  rotate(): Picture;
  resize(options: object): Picture;
  flatten(options: object): Picture;
  timeout(options: { seconds: number }): Picture;
  toFormat(format: string, options: object): Picture;
  toBuffer(): Promise<Buffer>;
}

/** Each decoder is a door: those of these formats are opened, and no others (vector pictures!). */
const decoders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map((name) => `VipsForeignLoad${name}`);

/** The library, made safe for pictures of strangers; undefined where it is not installed. */
export async function loadPictures(): Promise<PictureLibrary | undefined> {
  // A variable, so that types do not ask for a module that may not be there.
  const name: string = 'sharp';
  const found = (await import(name).catch(() => undefined)) as
    | { default: PictureLibrary }
    | undefined;
  const library = found?.default;
  library?.block({ operation: ['VipsForeignLoad'] });
  library?.unblock({ operation: decoders });
  library?.cache(false);
  library?.concurrency(1);
  return library;
}
