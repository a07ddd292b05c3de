import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why a test of it is left out. */
export const noDisk = 'this machine lets nobody mount a disk';

/** A small disk of its own, that somebody else can fill. */
export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Undefined: this machine lets us make none. */
  static make(megabytes: number): SmallDisk | undefined {
    const folder = mkdtempSync(join(tmpdir(), 'wxrc-disk-'));
    try {
      const size = `size=${megabytes}m`;
      execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder], { stdio: 'ignore' });
      return new SmallDisk(folder);
    } catch {
      rmSync(folder, { recursive: true });
      return undefined;
    }
  }

  /** Up to so many bytes that stay free. */
  fill(leave: number): void {
    const fd = openSync(this.#other, 'w');
    const block = Buffer.alloc(64 * 1024, 1);
    for (;;) {
      const { bavail, bsize } = statfsSync(this.folder);
      if (bavail * bsize <= leave + block.length) break;
      writeSync(fd, block);
    }
    closeSync(fd);
  }

  empty(): void {
    rmSync(this.#other);
  }

  remove(): void {
    execFileSync('umount', [this.folder]);
    rmSync(this.folder, { recursive: true });
  }

  get #other(): string {
    return join(this.folder, 'somebody-else');
  }
}
