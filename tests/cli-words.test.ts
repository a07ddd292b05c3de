import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';

let running: TestDaemon;
beforeAll(async () => {
  running = await startDaemon({ bots: [{ botcode: 'bot01', driver: 'simulator' }] });
  await eventually('bot01', () => running.daemon.core.bots.get('bot01')?.view().state === 'ready');
}, 30_000);
afterAll(() => running.close());

async function says(lang: string, ...args: string[]): Promise<string> {
  const { out, err } = await runInProcess([...args, '--data', running.dataDir, '--lang', lang]);
  expect(err).toBe('');
  return out.trimEnd();
}

test('tables call states by words of their reader; --json keeps the codes', async () => {
  const to = ['--bot', 'bot01', '--room', '没有的群', '--wait'];
  const msgid = /^msgid (\d+) {2}群不存在 {2}sendStatus 2/.exec(
    (await runInProcess(['send', 'text', '在吗', ...to, '--data', running.dataDir])).out,
  )?.[1];
  expect(msgid).toBeDefined();
  expect(await says('zh', 'bot', 'list')).toMatch(/\nbot01 +simulator +在线 /);
  expect(await says('en', 'bot', 'list')).toMatch(/\nbot01 +simulator +ready /);
  const trace = await says('zh', 'trace', String(msgid));
  expect(trace).toContain('群不存在');
  expect(trace).toMatch(/已接受，写入磁盘/);
  expect(await says('en', 'trace', String(msgid))).toMatch(/accepted[\s\S]*absent/);
  expect(await says('zh', 'bot', 'list', '--json')).toContain('"ready"');
  await says('zh', 'report', 'enable', 'daily-traffic', '--bot', 'bot01', '--room', '测试群');
  expect(await says('zh', 'report', 'list')).toMatch(/daily-traffic +cron .* 已启用 /);
  expect(await says('zh', 'report', 'examples')).toMatch(/daily-traffic.* 是$/m);
  const run = (await runInProcess(['report', 'run', 'daily-traffic', '--data', running.dataDir]))
    .out;
  expect(run).toMatch(/ 手动 /);
  expect(await says('zh', 'channel', 'list')).toMatch(/ 配置文件|控制台/);
});
