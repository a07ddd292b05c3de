import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRow, FileStore } from '../store/files.ts';
import type { Clock } from './clock.ts';
import { type FileDraft, FileDrafts } from './file-drafts.ts';

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

const pieceBytes = 262_144;

/** Uploaded and fetched files under `<dataDir>/files/<aa>/<sha256>`. */
export class Files {
  readonly #folder: string;
  readonly #store: FileStore;
  readonly #clock: Clock;
  readonly #drafts: FileDrafts;
  /** Writers and the sweep take turns per content, so that none removes what another just put. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: FilesOptions) {
    this.#folder = join(options.dataDir, 'files');
    this.#store = options.store;
    this.#clock = options.clock;
    this.#drafts = new FileDrafts(join(this.#folder, 'tmp'));
  }

  /** Removes what a crash left: drafts, and files that nobody was told of. Before anything is put. */
  async start(): Promise<void> {
    for (const sha256 of await this.#drafts.marked()) {
      if ((await this.#store.get(sha256)) === undefined) {
        await rm(this.pathOf(sha256), { force: true });
      }
    }
    await this.#drafts.clean();
  }

  /** Keeps the bytes; resolves when they and their row are on disk. */
  async put(bytes: Uint8Array): Promise<StoredFile> {
    const draft = await this.draft();
    try {
      // In pieces: hashing a large file at once would hold up everybody.
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        await draft.write(bytes.subarray(at, at + pieceBytes));
      }
      return await this.keep(draft);
    } finally {
      await draft.drop();
    }
  }

  /** For a file that comes piece by piece; end it with `keep` or `drop`. */
  draft(): Promise<FileDraft> {
    return this.#drafts.open();
  }

  /** Keeps a draft that is whole; resolves when it and its row are on disk. */
  async keep(draft: FileDraft): Promise<StoredFile> {
    try {
      const { sha256, type } = await draft.finish();
      const { size } = draft;
      const file: FileRow = { sha256, type: type.mime, extension: type.ext, size, created_at: 0 };
      return await this.#inTurn(sha256, async () => {
        const unmark = await this.#drafts.mark(sha256);
        await this.#place(sha256, draft);
        const row = await this.#store.db.transaction((tx) =>
          this.#store.put(tx, { ...file, created_at: this.#clock.now() }),
        );
        await unmark();
        return fileOf(row);
      });
    } finally {
      await draft.drop();
    }
  }

  async find(sha256: string): Promise<StoredFile | undefined> {
    if (!isSha256(sha256)) return undefined;
    const row = await this.#store.get(sha256);
    return row === undefined ? undefined : fileOf(row);
  }

  /** The same, if its bytes are there: after a restore we may know of more than the disk holds. */
  async kept(sha256: string): Promise<StoredFile | undefined> {
    const file = await this.find(sha256);
    const there = file && (await stat(this.pathOf(sha256)).catch(() => undefined));
    return there?.size === file?.size ? file : undefined;
  }

  /** The whole file; undefined when it is not there. */
  async read(sha256: string): Promise<{ file: StoredFile; bytes: Buffer } | undefined> {
    const file = await this.find(sha256);
    if (file === undefined) return undefined;
    try {
      return { file, bytes: await readFile(this.pathOf(sha256)) };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Where the bytes of a stored file lie. */
  pathOf(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }

  /** A stretch of a stored file, both ends inclusive. */
  stream(sha256: string, range?: { start: number; end: number }): ReadStream {
    return createReadStream(this.pathOf(sha256), range);
  }

  /** Removes files nobody put since `before`. @returns how many */
  async sweep(before: number): Promise<number> {
    let removed = 0;
    for (;;) {
      const rows = await this.#store.old(before, 100);
      let gone = 0;
      for (const { sha256 } of rows) {
        await this.#inTurn(sha256, async () => {
          const unmark = await this.#drafts.mark(sha256);
          const ours = await this.#store.db.transaction((tx) =>
            this.#store.remove(tx, sha256, before),
          );
          if (ours) {
            await rm(this.pathOf(sha256), { force: true });
            gone += 1;
          }
          await unmark();
        });
      }
      removed += gone;
      if (rows.length < 100 || gone === 0) return removed;
    }
  }

  /** Under its final name only when whole and on disk: a crash leaves a draft at most. */
  async #place(sha256: string, draft: FileDraft): Promise<void> {
    const path = this.pathOf(sha256);
    const there = await stat(path).catch(() => undefined);
    if (there?.size === draft.size) return;
    const folder = join(this.#folder, sha256.slice(0, 2));
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    await draft.moveTo(path);
    await syncFolder(folder);
    if (made !== undefined) await syncFolder(this.#folder);
  }

  async #inTurn<T>(sha256: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(sha256) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(sha256, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(sha256) === turn) this.#turns.delete(sha256);
    }
  }
}

/** A new name is kept only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
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
  const pattern =
    /^\/?(?:.*\/)?(?:files?|images?|audios?|video)\/([0-9a-f]{64})(?:\.[a-z0-9]{1,8})?$/;
  return pattern.exec(path)?.[1];
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
