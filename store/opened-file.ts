import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Remembers which file lies under a name, to tell later whether it is still the one. */
export class OpenedFile {
  readonly #path: string;
  readonly #identity: string;

  constructor(path: string) {
    this.#path = path;
    this.#identity = identityOf(statSync(path, { bigint: true }));
  }

  /** False: it was removed, moved, or another one lies in its place. What cannot be told is true. */
  async isThere(): Promise<boolean> {
    try {
      return identityOf(await stat(this.#path, { bigint: true })) === this.#identity;
    } catch (error) {
      return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
    }
  }
}

function identityOf({ dev, ino }: { dev: bigint; ino: bigint }): string {
  return `${dev}:${ino}`;
}
