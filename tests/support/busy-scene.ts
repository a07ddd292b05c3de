import { AdminClient } from './admin-client.ts';
import { type ConsoleScene, consoleScene } from './console-scene.ts';
import { eventually } from './eventually.ts';
import { WebhookSink } from './webhook-sink.ts';

export interface BusyScene extends ConsoleScene {
  admin: AdminClient;
}

/** A daemon in which something of everything has happened, so that no screen is empty. */
export async function busyScene(env: Record<string, string> = {}): Promise<BusyScene> {
  const sink = new WebhookSink();
  await sink.start();
  const scene = await consoleScene(
    { channels: [{ chid: 'demo', key: 'secret', callbackUrl: sink.url }] },
    env,
  );
  const admin = new AdminClient(() => scene.running.url);
  await admin.login();
  const post = async (path: string, body: unknown): Promise<void> => {
    const response = await fetch(`${scene.running.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  const rooms = (await admin.ok('GET', '/bots/bot02/rooms')).body;
  const roomId = String(rooms.items[0]?.id);
  const send = (target: object, text: string) =>
    admin.ok('POST', '/sends', { botcode: 'bot02', ...target, content: { kind: 'text', text } });
  await send({ roomId }, '工单 1024 已完成，请查收');
  await send({ roomTopic: '没有的群' }, '到不了的消息');
  await admin.ok('POST', '/im/apps', { appid: 8 });
  await admin.ok('POST', '/im/desks', { name: '客服', appid: 8, storeId: 88 });
  await admin.ok('PUT', '/im/desks/88/sellers/501', { name: '小李', status: 'online' });
  for (const reply of ['在吗？想问下发货时间', '还有，能开发票吗']) {
    const msg = { type: 'text', reply, timestamp: 1 };
    await post('/api/imbot/msg', { fromUserId: 'carl', toUserId: 'desk-88', msg });
  }
  await admin.ok('POST', '/chatbot/rules', {
    name: '价格',
    pattern: '多少钱',
    reply: { type: 'text', text: '请看官网报价' },
  });
  for (const [at, content] of ['请问BGP协议实验ping不通怎么办?', '食堂几点开门'].entries()) {
    const sessionId = `0b7cb9a0-0000-4000-8000-00000000000${at}`;
    await post('/mpweixin/chatbot/send', { sessionId, content, timestamp: '2026/11/22 10:00:00' });
  }
  const targets = [{ botcode: 'bot02', roomId }];
  await admin.ok('POST', '/report-examples/daily-traffic/enable', { targets });
  await admin.ok('POST', '/schedules/daily-traffic/run');
  await admin.ok('POST', '/scheduled-sends', {
    ...{ botcode: 'bot02', roomId, text: '明早九点开会' },
    // Within a year, and not before the browser has looked at it.
    at: Date.now() + 30 * 86_400_000,
  });
  await eventually('everything has settled', async () => {
    const { items } = (await admin.ok('GET', '/sends?state=absent')).body;
    return items.length === 1;
  });
  const { db } = scene.running.daemon.core;
  await db.transaction((tx) =>
    tx.run("UPDATE events SET state = 'dead', last_error = 'HTTP 500' WHERE event_id = 1", []),
  );
  return {
    ...scene,
    admin,
    close: async () => {
      await scene.close();
      await sink.stop();
    },
  };
}
