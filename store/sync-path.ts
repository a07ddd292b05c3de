import { closeSync, fsyncSync, openSync } from 'node:fs';

/** What was written to a file, or which names a folder holds, is on the disk afterwards. */
export function syncPath(path: string, flags: 'r' | 'r+' = 'r'): void {
  const fd = openSync(path, flags);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
