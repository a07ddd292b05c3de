import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/** A file that may not be read, or cannot be. */
export class FolderFault extends Error {}

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
      if (way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
        return path;
    }
    // Not whether it is there: that is nobody's business outside of these folders.
    throw new FolderFault(`no file ${file} in the folders of reports`);
  }

  /** @throws FolderFault */
  async read(file: string, maxBytes: number): Promise<Buffer> {
    const path = await this.find(file);
    const { size } = await stat(path);
    if (size > maxBytes) throw new FolderFault(`${file} is larger than ${maxBytes} bytes`);
    return await readFile(path);
  }
}
