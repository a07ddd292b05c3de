import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

/** Lower-case hex of a whole file, in pieces. Waits for the disk: for threads and processes of their own. */
export function sha256Of(file: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(1024 * 1024);
  const fd = openSync(file, 'r');
  try {
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) {
      hash.update(chunk.subarray(0, read));
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}
