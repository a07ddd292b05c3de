import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bringIn } from './support/console-scene.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/quick-start.md'), 'utf8');

let running: TestDaemon;
let folder: string;
beforeAll(async () => {
  running = await startDaemon();
  await bringIn(running, 'bot01');
  folder = mkdtempSync(join(tmpdir(), 'wxrc-quick-'));
  for (const part of ['package.json', 'scripts', 'node_modules']) {
    symlinkSync(join(root, part), join(folder, part));
  }
});
afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true });
});

/** Runs the blocks of a section as a reader does, on the daemon of this test. */
async function run(section: string): Promise<string> {
  const [, rest = ''] = page.split(`\n## ${section}\n`);
  const [text = ''] = rest.split('\n## ');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  const script = blocks
    .join('\n')
    .replaceAll('127.0.0.1:8080', new URL(running.url).host)
    .replaceAll('npm run -s wxrc -- ', 'node scripts/wxrc.ts ')
    .replaceAll('npx node', 'node');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    WXRC_DATA: running.dataDir,
    LANG: 'zh_CN.UTF-8',
  };
  const args = ['-euo', 'pipefail', '-c', script];
  return await new Promise((resolve, reject) => {
    execFile('bash', args, { cwd: folder, env, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${stdout}${stderr}`, { cause: error }));
    });
  });
}

it('signed commands', { timeout: 20_000 }, async () => {
  const told = await run('Signed commands');
  expect(told.match(/"rtCode":"0".*?"msgid":1,/g)?.length).toBeGreaterThanOrEqual(2);
  expect(told).not.toContain('"msgid":2');
  expect(told).toMatch(/login[\s\S]*sendStatus/);
  expect(told).toContain('测试群');
});

it('the mini-program IM', async () => {
  const told = await run('Mini-program IM');
  expect(told).toContain('{"result":"success"}');
  expect(told.match(/"reply":"hello"/g)).toHaveLength(2);
});

it('the official account', async () => {
  const told = await run('Official account');
  expect(told.match(/"event":"connected"/g)).toHaveLength(1);
  expect(told).toContain('"msg":{"content":"hello"}');
});

it('the GoBelieve IM', { timeout: 20_000 }, async () => {
  const told = await run('GoBelieve IM');
  expect(told).toContain('"sender":1001,"receiver":1002,"content":"{\\"text\\":\\"hello\\"}"');
});

it('the chatbot', { timeout: 20_000 }, async () => {
  const told = await run('Chatbot');
  expect(told.match(/"code":200/g)?.length).toBeGreaterThanOrEqual(2);
  expect(told).toContain('周一至周五，九点到六点。');
});

it('a report', { timeout: 20_000 }, async () => {
  await run('A report into a room');
  const png = readFileSync(join(folder, 'traffic.png'));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
});
