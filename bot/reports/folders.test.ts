import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { FolderFault, Folders } from './folders.ts';
import { sourceFault } from './source-faults.ts';

const folder = mkdtempSync(join(tmpdir(), 'wxrc-folders-'));
const folders = new Folders([folder]);
const socket = createServer();
let waiting = 0;

beforeAll(async () => {
  for (const name of ['pipe.csv', 'other.json']) execFileSync('mkfifo', [join(folder, name)]);
  mkdirSync(join(folder, 'inner.json'));
  writeFileSync(join(folder, 'a.csv'), 'n\n1\n');
  await new Promise<void>((resolve) => socket.listen(join(folder, 'socket.json'), resolve));
});
afterAll(() => {
  socket.close();
  rmSync(folder, { recursive: true, force: true });
});
/** Lets go whoever waits in a pipe, so that a failure is told instead of hanging. */
afterEach(() =>
  eventually('those in the pipes', () => {
    for (const name of ['pipe.csv', 'other.json']) {
      closeSync(openSync(join(folder, name), constants.O_RDWR | constants.O_NONBLOCK));
    }
    return waiting === 0;
  }),
);

test('a pipe, a folder and a socket are no files, and keep no thread waiting', async () => {
  // More at once than there are threads for files.
  const names = Array.from({ length: 6 }, () => ['pipe.csv', 'other.json']).flat();
  const reads = [...names, 'inner.json', 'socket.json'].map(async (name) => {
    waiting += 1;
    try {
      await folders.read(name, 100);
      return 'read';
    } catch (error) {
      return error instanceof FolderFault ? error.message : String(error);
    } finally {
      waiting -= 1;
    }
  });
  const late = new Promise<string[]>((resolve) => setTimeout(resolve, 3000, ['nothing in 3 s']));
  const told = await Promise.race([Promise.all(reads), late]);
  expect(told).toEqual([...names, 'inner.json', 'socket.json'].map((name) => `${name} is no file`));
  expect((await folders.read('a.csv', 100)).toString()).toBe('n\n1\n');
  expect(sourceFault(new FolderFault('pipe.csv is no file'))?.zh).toBe('pipe.csv 不是普通文件');
  // SQLite would wait in a pipe as well.
  await expect(folders.find('pipe.csv')).rejects.toThrow('pipe.csv is no file');
});

test('a file may be as large as the limit, and no larger while it is read', async () => {
  writeFileSync(join(folder, 'large.csv'), 'x'.repeat(100));
  expect((await folders.read('large.csv', 100)).length).toBe(100);
  appendFileSync(join(folder, 'large.csv'), 'x');
  await expect(folders.read('large.csv', 100)).rejects.toThrow('larger than 100 bytes');
});

test('a file without a size, like those of a kernel, is read to the limit', async () => {
  const proc = new Folders(['/proc/self']);
  expect((await proc.read('status', 100_000)).toString()).toContain('Pid:');
  await expect(proc.read('status', 20)).rejects.toThrow('larger than 20 bytes');
});
