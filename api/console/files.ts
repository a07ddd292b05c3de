/** A file of the console, as it is sent. */
export interface ConsoleFile {
  bytes: Buffer;
  gzip: Buffer | undefined;
}

/** Where the files of the console come from. */
export interface ConsoleSource {
  /** By name: `index.html`, `assets/…`. Rejects while there are none; may be asked again. */
  load(): Promise<ReadonlyMap<string, ConsoleFile>>;
}
