import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLock, StoreLocked } from './lock.ts';

let dataDir: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'wxrc-lock-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

test('a second holder in the same process is refused until the first lets go', () => {
  const first = acquireLock(dataDir);
  expect(() => acquireLock(dataDir)).toThrow(StoreLocked);
  first.release();
  first.release();
  acquireLock(dataDir).release();
});

test('another process is refused and told the pid; SIGKILL of the holder frees the lock', async () => {
  const holder = await hold();
  const refusal = catching(() => acquireLock(dataDir));
  expect(refusal).toBeInstanceOf(StoreLocked);
  expect(refusal).toMatchObject({ pid: holder.pid });
  expect(String(refusal)).toContain(`process ${holder.pid}`);

  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const lock = acquireLock(dataDir);
  lock.release();
});

test('a directory that cannot be made is not reported as locked', () => {
  const file = join(dataDir, 'a-file');
  writeFileSync(file, '');
  const error = catching(() => acquireLock(join(file, 'data')));
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(StoreLocked);
});

/** A process that holds the lock until it is killed. */
async function hold(): Promise<ChildProcess> {
  const code = `
    import { acquireLock } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)};
    acquireLock(${JSON.stringify(dataDir)});
    process.stdout.write('held');
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  if (child.stdout === null) throw new Error('no stdout');
  const [data] = await once(child.stdout, 'data');
  expect(String(data)).toBe('held');
  return child;
}

function catching(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
