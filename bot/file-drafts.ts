import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from './errors.ts';
import { type FileType, tellingBytes, typeOf, unknownType } from './file-type.ts';
import { Gate } from './gate.ts';

/** So much is gathered for one write: each costs a turn of the thread pool. */
const gatherBytes = 262_144;
/**
 * Of the four threads of the pool, files take two: the database syncs there too, and must not wait
 * behind twenty large files.
 */
const mostAtDisk = 2;

/** The folder of files on their way in. What lies there at a start was given up by a crash. */
export class FileDrafts {
  readonly #folder: string;
  readonly #disk = new Gate(mostAtDisk);

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(): Promise<FileDraft> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, `${randomUUID()}.tmp`);
    return new FileDraft(path, await open(path, 'wx', 0o600).catch(refuseDisk), this.#disk);
  }

  /**
   * Notes that a file and its row are about to come or go together; should a crash come between,
   * the next start knows where to look. @returns what takes the note away
   */
  async mark(sha256: string): Promise<() => Promise<void>> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, `${sha256}.mark`);
    await writeFile(path, '', { mode: 0o600 }).catch(refuseDisk);
    return () => rm(path, { force: true });
  }

  /** Files that a crash caught in between. */
  async marked(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.flatMap((name) => /^([0-9a-f]{64})\.mark$/.exec(name)?.[1] ?? []);
  }

  /** Only when nobody writes: one process has the data directory. */
  async clean(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/**
 * A file that comes piece by piece: hashed as it comes, on disk under a name of its own until it is
 * whole. Whoever opened it ends it: `Files.keep` or `drop`.
 */
export class FileDraft {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #disk: Gate;
  readonly #hash = createHash('sha256');
  #head: Buffer = Buffer.alloc(0);
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #size = 0;
  #closed = false;
  #moved = false;

  constructor(path: string, handle: FileHandle, disk: Gate) {
    this.path = path;
    this.#handle = handle;
    this.#disk = disk;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether enough has come to tell the type before the end. */
  get isTelling(): boolean {
    return this.#size >= tellingBytes;
  }

  /** Resolves when more may come. @throws AppError unavailable (the disk is full) */
  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    if (this.#head.length < tellingBytes) {
      this.#head = Buffer.concat([this.#head, bytes.subarray(0, tellingBytes - this.#head.length)]);
    }
    this.#size += bytes.length;
    this.#gathered.push(bytes);
    this.#gatheredBytes += bytes.length;
    if (this.#gatheredBytes >= gatherBytes) await this.#flush();
  }

  /** As far as it has come; undefined: nothing we know. */
  type(): Promise<FileType | undefined> {
    return typeOf(this.#head);
  }

  /** Nothing more comes. Its SHA-256 in hex, and its type. */
  async finish(): Promise<{ sha256: string; type: FileType }> {
    await this.#flush();
    const type = (await this.type()) ?? unknownType;
    return { sha256: this.#hash.digest('hex'), type };
  }

  /** Gives it its final name, once all of it is on disk. */
  async moveTo(path: string): Promise<void> {
    await this.#disk.run(() => this.#handle.sync()).catch(refuseDisk);
    await this.#close();
    await rename(this.path, path);
    this.#moved = true;
  }

  /** Removes it, unless it was moved. Idempotent. */
  async drop(): Promise<void> {
    await this.#close();
    if (!this.#moved) await rm(this.path, { force: true });
  }

  async #flush(): Promise<void> {
    const pieces = this.#gathered;
    const bytes = this.#gatheredBytes;
    if (pieces.length === 0) return;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    await this.#disk.run(() => writeAll(this.#handle, pieces, bytes)).catch(refuseDisk);
  }

  async #close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#handle.close();
  }
}

async function writeAll(handle: FileHandle, pieces: Uint8Array[], bytes: number): Promise<void> {
  const { bytesWritten } = await handle.writev(pieces);
  if (bytesWritten < bytes) await handle.appendFile(Buffer.concat(pieces).subarray(bytesWritten));
}

/** @throws always */
function refuseDisk(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    throw new AppError('unavailable', { zh: '磁盘空间不足', en: 'the disk is full' });
  }
  throw error;
}
