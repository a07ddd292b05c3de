import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openVault } from '../config/secrets.ts';
import { startWords, usage } from '../scripts/start-words.ts';
import { acquireLock } from '../store/lock.ts';
import { openDatabase, spelled } from '../store/open-database.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-words-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs the process entry until it ends by itself. */
function run(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const options = { cwd: join(import.meta.dirname, '..'), env: { ...process.env, ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/start.ts', ...args], options, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

/** What is thrown. */
async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

function listening(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

test('why it cannot start, in both languages', async () => {
  const server = await listening(0);
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  expect(startWords(await thrownBy(() => listening(port)))).toEqual({
    zh: expect.stringContaining(`wxrc 无法启动：127.0.0.1:${port} 已被占用（EADDRINUSE）；`),
    en: expect.stringMatching(/^wxrc cannot start: listen EADDRINUSE: .*; is it running already\?/),
  });
  server.close();
  const file = join(folder, 'wxrc.db');
  writeFileSync(file, 'this is no database'.repeat(100));
  expect(startWords(await thrownBy(() => openDatabase({ file })))).toEqual({
    zh: 'wxrc 无法启动：数据库已损坏，请恢复最近的备份',
    en: 'wxrc cannot start: the database is damaged: restore the newest backup',
  });
  writeFileSync(join(folder, 'secret.key'), 'short');
  expect(startWords(await thrownBy(() => openVault(folder)))).toEqual({
    zh: expect.stringMatching(/secret\.key 中不是 32 字节的密钥$/),
    en: expect.stringMatching(/secret\.key does not hold a 32-byte key$/),
  });
  expect(startWords(new Error('of the system')).zh).toBe('wxrc 无法启动：of the system');
});

test('whoever starts it is told in the language of its config', { timeout: 60_000 }, async () => {
  const dataDir = mkdtempSync(join(folder, 'used-'));
  const config = join(dataDir, 'config.json');
  writeFileSync(config, JSON.stringify({ language: 'zh', dataDir: '.', log: 'silent' }));
  const lock = acquireLock(dataDir);
  // The locale says something else, and does not count.
  const { code, err } = await run(['--config', config], { LC_ALL: 'en_US.UTF-8' });
  lock.release();
  expect(err).toMatch(/^wxrc 无法启动：\S+ 正被进程 \d+使用：一个数据目录只能有一个守护进程\n$/);
  expect(code).toBe(75);
});

test('what stands in the way of its files is told in both languages', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  expect(startWords(await thrownBy(() => acquireLock(file)))).toEqual({
    zh: `wxrc 无法启动：${file} 是文件，不是目录（EEXIST）`,
    en: `wxrc cannot start: ${file} is a file, not a folder (EEXIST)`,
  });
  const below = join(file, 'data');
  expect(startWords(await thrownBy(() => acquireLock(below)))).toEqual({
    zh: `wxrc 无法启动：${below} 的上级不是目录（ENOTDIR）`,
    en: `wxrc cannot start: what lies above ${below} is no folder (ENOTDIR)`,
  });
  const key = mkdtempSync(join(folder, 'key-'));
  mkdirSync(join(key, 'secret.key'));
  expect(startWords(await thrownBy(() => openVault(key)))).toEqual({
    zh: `wxrc 无法启动：${join(key, 'secret.key')} 是目录，不是文件（EISDIR）`,
    en: `wxrc cannot start: ${join(key, 'secret.key')} is a folder, not a file (EISDIR)`,
  });
  const other = await thrownBy(() => readFileSync(folder));
  expect(startWords(other).zh).toBe('wxrc 无法启动：有目录占了文件的位置（EISDIR）');
});

test('a port that may not be listened at is no fault of the database', () => {
  // As node says it to whoever is not root.
  const facts = { code: 'EACCES', syscall: 'listen', port: 80 };
  const said = new Error('listen EACCES: permission denied 127.0.0.1:80');
  expect(startWords(spelled(Object.assign(said, facts))).zh).toBe(
    'wxrc 无法启动：无权监听 127.0.0.1:80（EACCES）',
  );
});

test('with a data directory that is a file it ends in words', { timeout: 60_000 }, async () => {
  const data = join(folder, 'data-file');
  writeFileSync(data, '');
  const { code, err } = await run(['--data', data], { LC_ALL: 'zh_CN.UTF-8' });
  expect([code, err]).toEqual([1, `wxrc 无法启动：${data} 是文件，不是目录（EEXIST）\n`]);
});

test('its usage is told in the language of the locale', { timeout: 60_000 }, async () => {
  const { out } = await run(['--help'], { LC_ALL: 'zh_CN.UTF-8' });
  expect(out).toBe(usage.zh);
  expect(usage.zh.match(/\d+/g)).toEqual(usage.en.match(/\d+/g));
});
