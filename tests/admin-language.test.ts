import { afterEach, expect, it } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { bringIn } from './support/console-scene.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';

let running: TestDaemon | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

it('reasons and warnings are told in the language of whoever reads them', async () => {
  running = await startDaemon({
    bots: [
      { botcode: 'bot01', driver: 'simulator', autoScan: false },
      { botcode: 'bot02', driver: 'simulator', autoScan: false },
    ],
  });
  await eventually('a code', () => running?.daemon.core.bots.get('bot02')?.view().qr);
  await bringIn(running, 'bot02');
  const { url } = running;
  const admin = new AdminClient(() => url);
  await admin.login();
  await admin.ok('POST', '/sends', {
    ...{ botcode: 'bot02', roomTopic: '没有的群' },
    content: { kind: 'text', text: '到不了' },
  });
  await eventually('it has ended', async () => {
    const { items } = (await admin.ok('GET', '/sends?state=absent')).body;
    return items.length === 1;
  });
  await admin.ok('POST', '/channels/demo/pause', {});
  const read = async (path: string, language?: string): Promise<string> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      headers: {
        authorization: `Bearer ${admin.token}`,
        ...(language !== undefined && { 'accept-language': language }),
      },
    });
    expect(response.status).toBe(200);
    return await response.text();
  };
  const english = 'no such room (a room sync that finished since does not have it)';
  const chinese = '群不存在（受理后完成的群同步中没有该群）';
  // The daemon is configured in Chinese, and keeps reasons so.
  expect(await read('/sends/1')).toContain(chinese);
  expect(await read('/sends/1', 'zh-CN,zh;q=0.9')).toContain(chinese);
  expect(await read('/sends/1', 'en-GB')).toContain(english);
  expect(await read('/trace?msgid=1', 'en')).toContain(english);
  expect(await read('/trace?msgid=1', 'en')).not.toContain(chinese);
  expect(await read('/status')).toContain('bots: 1 of 2 cannot send');
  expect(await read('/status', 'zh')).toContain('2 个机器人中有 1 个不能发送');
  // The overview says who waits by name, and that once.
  expect(await read('/overview')).not.toContain('cannot send');
  expect(await read('/channels/demo', 'zh')).toContain('操作员暂停');
  expect(await read('/bots/bot01', 'en')).toContain('the login QR code has to be scanned');
  // What machines read stays as it is.
  const ready = (await (
    await fetch(`${url}/ready`, { headers: { 'accept-language': 'zh' } })
  ).json()) as {
    warnings: string[];
  };
  expect(ready.warnings).toEqual(['bots: 1 of 2 cannot send']);
});
