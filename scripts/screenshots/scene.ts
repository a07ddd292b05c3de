import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDaemon, type TestDaemon } from '../../tests/support/daemon.ts';
import { eventually } from '../../tests/support/eventually.ts';
import { WebhookSink } from '../../tests/support/webhook-sink.ts';
import { WxrcClient } from '../client/index.ts';
import { RunningClock } from './running-clock.ts';
import { type Language, words } from './words.ts';

export interface Scene {
  url: string;
  now(): number;
  /** The report as the daemon draws it. */
  report: Buffer;
  /** The message whose timeline is worth a look. */
  msgid: number;
  conversation: number;
  /** The phone of another bot looks at its code, and does not confirm. */
  scan(): Promise<void>;
  close(): Promise<void>;
}

const minutes = 55;
/** A Monday, half past nine in Shanghai. */
const shown = Date.UTC(2026, 10, 23, 1, 30);

/** A daemon in the middle of a working day: what its pictures show has really happened in it. */
export async function openScene(language: Language): Promise<Scene> {
  const own = words[language];
  const clock = new RunningClock(shown - minutes * 60_000);
  clock.start();
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-screens-'));
  const sink = new WebhookSink();
  await sink.start();
  const running = await startDaemon(
    {
      language,
      timezone: 'Asia/Shanghai',
      channels: [{ chid: 'crm', key: 'secret', callbackUrl: sink.url }],
      bots: Object.entries(own.bots).map(([botcode, name], at) => ({
        ...{ botcode, name, driver: 'simulator', autoScan: false, seed: at + 1 },
      })),
      reporting: { folders: [folder] },
      // The client's clock is the real one.
      commands: { txtimeWindowSeconds: 4_000_000_000 },
      alarms: { rules: { clock: { enabled: false } } },
    },
    { clock },
  );
  const client = new WxrcClient({ url: running.url, chid: 'crm', key: 'secret', botcode: 'sales' });
  await client.admin.login('admin', 'test-password');
  const post = poster(running.url);
  await login(running, post, 'sales');
  await post('/simulator/sales/rooms', { topic: own.room, members: own.members });
  await busyHour(client, clock, own);
  const msgid = await lostAnswer(client, post, sink, own);
  const conversation = await talks(running.url, client, post, clock, own);
  const report = await reportOf(client, folder, own);
  const view = (botcode: string) => running.daemon.core.bots.get(botcode)?.view();
  await eventually('the bot is well', () => view('sales')?.state === 'ready');
  // Codes that do not run out before they are looked at.
  for (const botcode of ['service', 'reports']) {
    await client.admin.call('releaseBot', { params: { botcode } });
    await eventually('the end of a bot', () => view(botcode)?.state === 'off');
    await client.admin.call('loginBot', { params: { botcode } });
    await eventually('a code', () => (view(botcode)?.qr?.expiresAt ?? 0) > clock.now() + 100_000);
  }
  return {
    ...{ url: running.url, now: () => clock.now(), report, msgid, conversation },
    scan: () => post('/simulator/reports/scan', {}),
    close: async () => {
      await running.close();
      await clock.stop();
      await sink.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

type Post = (path: string, body: unknown) => Promise<void>;
type Own = (typeof words)[Language];

function poster(url: string): Post {
  return async (path, body) => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
}

async function login({ daemon }: TestDaemon, post: Post, botcode: string): Promise<void> {
  const bot = () => daemon.core.bots.get(botcode)?.view();
  await eventually('code', () => bot()?.qr);
  for (const step of ['scan', 'confirm']) await post(`/simulator/${botcode}/${step}`, {});
  await eventually('log-in', () => bot()?.state === 'ready');
}

/** Sends of an hour, so that the chart has something to show. */
async function busyHour(client: WxrcClient, clock: RunningClock, own: Own): Promise<void> {
  let count = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    const wave = Math.round(3 + 2.5 * Math.sin(minute / 6) + (minute % 7 === 0 ? 3 : 0));
    for (let at = 0; at < wave; at += 1) {
      count += 1;
      await client.commands.roomSendText({ roomTopic: own.room, text: own.orders(900 + count) });
    }
    if (minute === 31) await client.commands.roomSendText({ roomTopic: 'nowhere', text: 'lost' });
    await eventually('sends', async () => {
      const { items } = await client.admin.call('listSends', { query: { state: 'queued' } });
      return items.length === 0;
    });
    await clock.hurry(60_000);
  }
}

/** A message whose answer WeChat never gave: the echo settles it; its receiver refuses once. */
async function lostAnswer(
  client: WxrcClient,
  post: Post,
  sink: WebhookSink,
  own: Own,
): Promise<number> {
  let refused = 0;
  sink.reply = ({ event }) =>
    event['type'] === 'sendStatus' && refused++ === 0 ? { status: 503 } : {};
  await post('/simulator/sales/faults', { kind: 'lost-answer', ms: 1500 });
  await post('/simulator/sales/faults', { kind: 'delay', on: 'echo', ms: 3000 });
  const { msgid } = await client.commands.roomSendText(
    { roomTopic: own.room, text: own.notice, atList: [own.mention] },
    { txcode: '20261123093000000001' },
  );
  await eventually(
    'an end that was told',
    async () => {
      const { sends } = await client.admin.call('trace', { query: { msgid } });
      return sends[0]?.deliveries.some((one) => one.state === 'acked');
    },
    60_000,
  );
  return msgid;
}

/** Customers of a mini program, and an agent. @returns the conversation that is shown */
async function talks(
  url: string,
  { admin }: WxrcClient,
  post: Post,
  clock: RunningClock,
  own: Own,
): Promise<number> {
  await admin.call('addImApp', { body: { appid: 8 } });
  await admin.call('addImDesk', { body: { name: own.desk, appid: 8, storeId: 88 } });
  await post('/api/imbot/user', { id: own.agent, role: 'B' });
  // Who polls is on duty.
  await fetch(`${url}/api/imbot/pending_count_list?userId=${encodeURIComponent(own.agent)}`);
  const ask = (fromUserId: string, reply: string) =>
    post('/api/imbot/msg', {
      ...{ fromUserId, toUserId: 'desk-88' },
      msg: { type: 'text', reply, timestamp: clock.now() },
    });
  for (const [who, text] of own.others) await ask(who, text);
  let id: number | undefined;
  for (const [who, text] of own.talk) {
    if (who === 'customer') await ask(own.customer, text);
    const { items } = await admin.call('listConversations', {});
    id ??= items.find((one) => one.contact === own.customer)?.id;
    if (id === undefined) throw new Error('no conversation');
    if (who === 'agent') {
      await admin.call('answerConversation', { params: { id }, body: { text } });
    }
    await clock.hurry(20_000);
  }
  return id ?? 0;
}

const figures = [
  [182_340.5, 0.123, 1.082, 3210],
  [158_883.72, -0.041, 0.952, 2670],
  [135_426.94, 0, 0.822, 2130],
  [111_970.16, 0.0875, 0.692, 1590],
  [88_513.38, -0.2, 0.562, 1050],
];

/** A report of a file, tried out. */
async function reportOf({ admin }: WxrcClient, folder: string, own: Own): Promise<Buffer> {
  const keys = ['shop', 'sales', 'change', 'rate', 'visitors'];
  const kinds = ['text', 'number', 'delta', 'percent', 'bar'] as const;
  const { title, columns, shops, footer } = own.report;
  const lines = figures.map((row, at) => [shops[at], ...row].join(','));
  writeFileSync(join(folder, 'shops.csv'), [keys.join(','), ...lines].join('\n'));
  const settings = {
    ...{ name: 'shops', title, footer, expr: '0 9 * * *', output: 'both' as const },
    source: { type: 'file' as const, file: 'shops.csv' },
    columns: keys.map((key, at) => ({
      ...{ key, label: columns[at] ?? key, kind: kinds[at] ?? ('text' as const) },
      ...(key === 'sales' && { decimals: 2 }),
      ...(key === 'change' && { percent: true }),
    })),
    chart: { type: 'bar' as const, x: 'shop', y: ['sales'] },
    targets: [{ botcode: 'sales', roomTopic: own.room }],
  };
  await admin.call('addSchedule', { body: settings });
  const { pictures } = await admin.call('dryRunSchedule', { params: { name: 'shops' }, body: {} });
  const [, data] = pictures[0]?.url.split('base64,') ?? [];
  if (data === undefined) throw new Error('no picture was drawn');
  return Buffer.from(data, 'base64');
}
