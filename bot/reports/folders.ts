import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/** A file that may not be read, or cannot be. */
export class FolderFault extends Error {}

const pieceBytes = 262_144;
/**
 * To open a pipe waits for a writer, in one of the four threads that the database's syncs need, too.
 * What was found is no link any more: one that was put in its place since is not followed.
 */
const gently = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** Where files of reports lie, as the config says. */
export function reportFolders(folders: readonly string[], dataDir: string): Folders {
  return new Folders(folders.length > 0 ? folders : [join(dataDir, 'reports')]);
}

/** The folders whose files reports may read; nothing outside of them, not by a link either. */
export class Folders {
  readonly #folders: readonly string[];

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** @returns where a file really lies @throws FolderFault */
  async find(file: string): Promise<string> {
    for (const folder of this.#folders) {
      const root = await realpath(folder).catch(() => undefined);
      if (root === undefined) continue;
      const path = await realpath(isAbsolute(file) ? file : join(root, file)).catch(
        () => undefined,
      );
      if (path === undefined) continue;
      const way = relative(root, path);
      if (way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) continue;
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile() !== true) throw noFile(file);
      return path;
    }
    // Not whether it is there: that is nobody's business outside of these folders.
    throw new FolderFault(`no file ${file} in the folders of reports`);
  }

  /** @throws FolderFault */
  async read(file: string, maxBytes: number): Promise<Buffer> {
    const path = await this.find(file);
    const handle = await open(path, gently).catch(() => {
      throw new FolderFault(`${file} cannot be opened`);
    });
    try {
      // It may be another than the one that was found.
      if (!(await handle.stat()).isFile()) throw noFile(file);
      const bytes = await readSome(handle, maxBytes);
      if (bytes === undefined) throw new FolderFault(`${file} is larger than ${maxBytes} bytes`);
      return bytes;
    } finally {
      await handle.close();
    }
  }
}

/** All of it; not what its size says: it may be written to just now, or tell none. */
async function readSome(handle: FileHandle, most: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  for (let length = 0; length <= most; ) {
    const { bytesRead, buffer } = await handle.read({ buffer: Buffer.allocUnsafe(pieceBytes) });
    if (bytesRead === 0) return Buffer.concat(pieces, length);
    pieces.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return undefined;
}

function noFile(file: string): FolderFault {
  return new FolderFault(`${file} is no file`);
}
