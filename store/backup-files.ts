import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface FileToBackUp {
  /** Path relative to the data directory. */
  name: string;
  bytes: number;
}

/** Each is read as a whole; larger ones are databases, which have backups of their own. */
const largestReportFile = 64 * 1024 * 1024;
/** Uploads that are whole. */
const uploaded = /^files\/[0-9a-f]{2}\/[0-9a-f]{64}$/;

/**
 * What a backup holds of the files beside the database: uploads, and of what operators put below
 * `reports` plain files, no links. What cannot be read is left out, and nothing else with it.
 */
export async function* filesToBackUp(dataDir: string): AsyncGenerator<FileToBackUp> {
  // A list of what is left to do, not recursion: how deep folders lie is not ours to choose.
  const left = ['files', 'reports'];
  for (let folder = left.pop(); folder !== undefined; folder = left.pop()) {
    for (const one of await entriesOf(join(dataDir, folder))) {
      const name = `${folder}/${one.name}`;
      if (one.isDirectory()) left.push(name);
      const bytes = one.isFile() ? await sizeOf(join(dataDir, name)) : undefined;
      if (bytes !== undefined && isWanted(name, bytes)) yield { name, bytes };
    }
  }
}

function isWanted(name: string, bytes: number): boolean {
  return name.startsWith('files/') ? uploaded.test(name) : bytes <= largestReportFile;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** @returns undefined: it was taken away meanwhile, or may not be looked at */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await lstat(path)).size;
  } catch {
    return undefined;
  }
}
