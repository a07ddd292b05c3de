import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';

let running: TestDaemon;
beforeAll(async () => {
  running = await startDaemon({
    bots: [
      { botcode: 'bot01', driver: 'simulator' },
      { botcode: 'asleep', driver: 'simulator', autoScan: false },
    ],
    wechat: [{ appid: 'wx5a4db0c000000001', token: 'AAAAA', simulate: true }],
  });
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

/** Words of more than one letter that are no code, unit or name. */
function english(text: string): string[] {
  const plain = text
    .replaceAll(running.dataDir, '')
    .replaceAll(/\b(?:backup\.at|alarms\.lanes|asleep|bot01|simulator|PostgreSQL|IM)\b/g, '')
    .replaceAll(/https?:\S+|wxrc\S*|\bv?\d\S*|Node\.js|noto-sans-sc|pid|cli|\b[MG]iB|\bms\b/g, '');
  return plain.match(/[A-Za-z]{2,}/g) ?? [];
}

test('doctor speaks Chinese to Chinese readers: names of checks, how the daemon is', async () => {
  const told = await says('zh', 'doctor');
  expect(english(told)).toEqual([]);
  expect(told).toMatch(/^✓ 守护进程：http\S+ 就绪（2 个机器人中有 1 个不能发送）$/m);
  const english1 = await says('en', 'doctor');
  expect(english1).toMatch(/^✓ daemon: http\S+ is ready \(bots: 1 of 2 cannot send\)$/m);
  expect(JSON.parse(await says('zh', 'doctor', '--json')).findings[0].check).toBe('node');
});

test('so do a drill, the list of backups, and the daemon at a glance', async () => {
  await says('zh', 'backup');
  const drill = await says('zh', 'backup', 'drill');
  expect(english(drill)).toEqual([]);
  expect(drill).toMatch(/^✓ 就绪：可以接收并保存新的消息$/m);
  expect(drill).toMatch(/^成功 {2}/m);
  expect(await says('en', 'backup', 'drill')).toMatch(
    /^✓ keys: channels whose keys can be opened: \d/m,
  );
  expect(await says('zh', 'backup', 'list')).toMatch(/ 手动$/m);
  const status = await says('zh', 'status');
  expect(status).toMatch(/ 就绪 {2}已运行 /);
  expect(status).toMatch(/^asleep +待扫码 +请用手机扫码 /m);
});

test('two keys of an account of WeChat have two names', async () => {
  const [head = '', row = ''] = (await says('zh', 'wechat', 'accounts')).split('\n');
  const heads = head.split(/ {2,}/);
  expect(new Set(heads).size).toBe(heads.length);
  expect(row).toMatch(/小程序 +明文 .* 模拟 /);
});
