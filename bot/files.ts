import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import type { FileRow, FileStore } from '../store/files.ts';
import type { Clock } from './clock.ts';

/** A file we keep. It is named by its content: equal bytes are one file. */
export interface StoredFile {
  sha256: string;
  /** Media type, told by content, never by a name or header. */
  type: string;
  extension: string;
  size: number;
}

export interface FilesOptions {
  dataDir: string;
  store: FileStore;
  clock: Clock;
}

/** Content nobody recognises is bytes, whatever it calls itself. */
const unknownType = { mime: 'application/octet-stream', ext: 'bin' };

/** Uploaded and fetched files under `<dataDir>/files/<aa>/<sha256>`. */
export class Files {
  readonly #folder: string;
  readonly #store: FileStore;
  readonly #clock: Clock;
  /** Writers and the sweep take turns per content, so that none removes what another just put. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: FilesOptions) {
    this.#folder = join(options.dataDir, 'files');
    this.#store = options.store;
    this.#clock = options.clock;
  }

  /** Keeps the bytes; resolves when they and their row are on disk. */
  async put(bytes: Uint8Array): Promise<StoredFile> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const type = (await typeOf(bytes)) ?? unknownType;
    const file: StoredFile = { sha256, type: type.mime, extension: type.ext, size: bytes.length };
    await this.#inTurn(sha256, async () => {
      await this.#write(sha256, bytes);
      await this.#store.db.transaction((tx) =>
        this.#store.put(tx, { ...file, created_at: this.#clock.now() }),
      );
    });
    return file;
  }

  async find(sha256: string): Promise<StoredFile | undefined> {
    if (!isSha256(sha256)) return undefined;
    const row = await this.#store.get(sha256);
    return row === undefined ? undefined : fileOf(row);
  }

  /** The whole file; undefined when it is not there. */
  async read(sha256: string): Promise<{ file: StoredFile; bytes: Buffer } | undefined> {
    const file = await this.find(sha256);
    if (file === undefined) return undefined;
    try {
      return { file, bytes: await readFile(this.#path(sha256)) };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** A stretch of a stored file, both ends inclusive. */
  stream(sha256: string, range?: { start: number; end: number }): ReadStream {
    return createReadStream(this.#path(sha256), range);
  }

  /** Removes files nobody put since `before`. @returns how many */
  async sweep(before: number): Promise<number> {
    let removed = 0;
    for (;;) {
      const rows = await this.#store.old(before, 100);
      let gone = 0;
      for (const { sha256 } of rows) {
        await this.#inTurn(sha256, async () => {
          const ours = await this.#store.db.transaction((tx) =>
            this.#store.remove(tx, sha256, before),
          );
          if (!ours) return;
          await rm(this.#path(sha256), { force: true });
          gone += 1;
        });
      }
      removed += gone;
      if (rows.length < 100 || gone === 0) return removed;
    }
  }

  /** Under its final name only when whole and on disk: a crash leaves a `.tmp` at most. */
  async #write(sha256: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(sha256);
    const there = await stat(path).catch(() => undefined);
    if (there?.size === bytes.length) return;
    const folder = join(this.#folder, sha256.slice(0, 2));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      const handle = await open(draft, 'wx', 0o600);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    const directory = await open(folder, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }

  async #inTurn(sha256: string, work: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(sha256) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(sha256, turn);
    try {
      await turn;
    } finally {
      if (this.#turns.get(sha256) === turn) this.#turns.delete(sha256);
    }
  }

  #path(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }
}

/** Media type and extension by content; undefined when it is none we know. */
export async function typeOf(
  bytes: Uint8Array,
): Promise<{ mime: string; ext: string } | undefined> {
  return await fileTypeFromBuffer(bytes).catch(() => undefined);
}

/** Where a stored file is served: `file/<sha256>.<ext>`, below the daemon's own address. */
export function filePath(file: StoredFile): string {
  return `file/${file.sha256}.${file.extension}`;
}

/**
 * The SHA-256 in the address of a stored file, given with or without a leading slash or as an
 * absolute address; undefined when it is no such address.
 */
export function sha256In(address: string): string | undefined {
  const path = /^https?:\/\/[^/?#]+(\/[^?#]*)/i.exec(address)?.[1] ?? address;
  return /^\/?(?:.*\/)?file\/([0-9a-f]{64})(?:\.[a-z0-9]{1,8})?$/.exec(path)?.[1];
}

function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

function fileOf(row: FileRow): StoredFile {
  const { sha256, type, extension, size } = row;
  return { sha256, type, extension, size };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
