import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runInProcess } from './support/cli.ts';
import { CommandClient } from './support/command-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

const other = () => `${randomBytes(32).toString('base64')}\n`;

test.each([
  [
    'another one',
    (file: string) => writeFileSync(file, other()),
    /not the one that this database/,
    /不是写这个数据库时所用的那个/,
  ],
  ['none at all', (file: string) => rmSync(file), /is missing/, /secret\.key 丢失/],
  [
    'an empty one',
    (file: string) => writeFileSync(file, ''),
    /does not hold a 32-byte key/,
    /中不是 32 字节的密钥/,
  ],
  [
    'a folder',
    (file: string) => {
      rmSync(file);
      mkdirSync(file);
    },
    /secret\.key is a folder, not a file/,
    /secret\.key 是目录，不是文件/,
  ],
])(
  'with %s in the place of secret.key nothing starts, and doctor says so',
  async (_what, change, en, zh) => {
    running = await startDaemon();
    const { dataDir } = running;
    const file = join(dataDir, 'secret.key');
    const right = readFileSync(file);
    await running.daemon.stop();
    change(file);
    const env = { WXRC_DATA: dataDir, LANG: 'en_US.UTF-8' };
    const doctor = await runInProcess(['doctor'], env);
    expect([doctor.code, doctor.out]).toEqual([1, expect.stringMatching(/✗ key: /)]);
    expect(doctor.out).toMatch(en);
    const read = await runInProcess(['doctor'], { WXRC_DATA: dataDir, LANG: 'zh_CN.UTF-8' });
    expect(read.out.split('\n').find((line) => line.includes('✗'))).toMatch(zh);
    await expect(running.restart()).rejects.toThrow(/secret\.key/);
    rmSync(file, { recursive: true, force: true });
    writeFileSync(file, right);
    await running.restart();
    const { url } = running;
    const client = new CommandClient(() => url);
    expect((await client.call('botStatus', {})).rtCode).toBe('0');
    client.close();
  },
);

test('one that is lost for good is given up by hand: keys of the config count again', async () => {
  running = await startDaemon();
  const { dataDir } = running;
  await running.daemon.stop();
  writeFileSync(join(dataDir, 'secret.key'), other());
  const env = { WXRC_DATA: dataDir, LANG: 'en_US.UTF-8' };
  expect((await runInProcess(['secret', 'accept'], env)).code).toBe(2);
  expect((await runInProcess(['secret', 'accept', '--yes'], env)).code).toBe(0);
  await running.restart();
  const { url } = running;
  const client = new CommandClient(() => url);
  expect((await client.call('botStatus', {})).rtCode).toBe('0');
  client.close();
});
