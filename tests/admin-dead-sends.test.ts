import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { logInBot } from './support/log-in-bot.ts';
import { WebhookSink } from './support/webhook-sink.ts';

let running: TestDaemon;
let admin: AdminClient;
let client: CommandClient;
const sink = new WebhookSink();

beforeAll(async () => {
  await sink.start();
  running = await startDaemon({
    channels: [{ chid: 'demo', key: 'secret', callbackUrl: sink.url, events: ['sendStatus'] }],
  });
  admin = new AdminClient(() => running.url);
  client = new CommandClient(() => running.url);
  await admin.login();
  await logInBot(running, 'bot01');
});
afterAll(async () => {
  client.close();
  await running.close();
  await sink.stop();
});

/** A channel's messages into rooms that are not there. */
async function lose(...topics: string[]): Promise<number[]> {
  const lost: number[] = [];
  for (const roomTopic of topics) {
    const { msgid } = await client.call('roomSendText', { roomTopic, text: `for ${roomTopic}` });
    await eventually(
      async () => (await admin.ok('GET', `/sends/${msgid}`)).body.state === 'absent',
      `${msgid}`,
    );
    lost.push(Number(msgid));
  }
  return lost;
}

async function dead(query = ''): Promise<number[]> {
  const { items } = (await admin.ok('GET', `/sends?state=troubled${query}`)).body;
  return items.map(({ msgid }) => msgid);
}

async function troubled(): Promise<number> {
  const { sends } = (await admin.ok('GET', '/overview')).body as unknown as {
    sends: { troubled: number };
  };
  return sends.troubled;
}

const again = async (msgids: number[]) =>
  (await admin.ok('POST', '/sends/again', { msgids })).body.items as unknown as {
    msgid: number;
    again: number | null;
    problem: string | null;
  }[];

test('what is discarded is no dead letter any more, stays as it ended, and no trouble', async () => {
  const [one = 0, two = 0, three = 0] = await lose('甲', '乙', '丙');
  expect(await dead()).toEqual([three, two, one]);
  await eventually(async () => (await troubled()) === 3, 'counted');
  const { body } = await admin.ok('POST', '/sends/discard', { msgids: [one, three, 999_999] });
  expect(body.count).toBe(2);
  expect((await admin.ok('POST', '/sends/discard', { msgids: [one] })).body.count).toBe(0);
  expect(await dead()).toEqual([two]);
  expect(await troubled()).toBe(1);
  const listed = (await admin.ok('GET', '/sends?state=absent')).body.items;
  expect(listed.map(({ msgid }) => msgid)).toEqual([three, two, one]);
  expect((await admin.ok('GET', '/sends?state=absent&cleared=false')).body.items).toHaveLength(1);
  const traced = (await admin.ok('GET', `/trace?msgid=${one}`)).body.sends[0];
  expect(traced?.steps.map(({ step }) => step).slice(-1)).toEqual(['discarded']);
  expect(traced?.send.state).toBe('absent');
  await admin.ok('POST', '/sends/discard', { msgids: [two] });
});

test('many are sent again at once, each once; the channel is told nothing more', async () => {
  const lost = await lose('丁', '戊');
  const told = sink.received.length;
  const first = await again([...lost, 999_999]);
  expect(first.map(({ problem }) => problem)).toEqual([null, null, expect.any(String)]);
  expect(first[2]?.again).toBeNull();
  const news = first.slice(0, 2).map((one) => Number(one.again));
  for (const msgid of news) {
    await eventually(
      async () => (await admin.ok('GET', `/sends/${msgid}`)).body.state === 'absent',
      `${msgid}`,
    );
    expect((await admin.ok('GET', `/sends/${msgid}`)).body).toMatchObject({ chid: '~operator' });
  }
  // Those of before are dealt with; these ones are dead letters of their own.
  expect(await dead()).toEqual([...news].reverse());
  expect(await again(lost)).toEqual(first.slice(0, 2));
  expect(await dead()).toEqual([...news].reverse());
  expect(sink.received).toHaveLength(told);
  await admin.ok('POST', '/sends/discard', { msgids: news });
});

test('a changed message takes the place of the dead letter', async () => {
  const [lost = 0] = await lose('己');
  const content = { kind: 'text', text: 'changed' };
  const send = { botcode: 'bot01', roomTopic: '测试群', content, insteadOf: lost };
  await admin.ok('POST', '/sends', send);
  expect(await dead()).toEqual([]);
  const { clearedAt } = (await admin.ok('GET', `/sends/${lost}`)).body as unknown as {
    clearedAt: number | null;
  };
  expect(clearedAt).toBeGreaterThan(0);
});

test('all of one reason', async () => {
  const [room = 0, refused = 0, other = 0] = await lose('庚', '辛', '壬');
  const { db } = running.daemon.core;
  await db.transaction((tx) =>
    tx.run("UPDATE sends SET state = 'failed', reason = 'refused' WHERE msgid = ?", [refused]),
  );
  expect(await dead(`&like=${room}`)).toEqual([other, room]);
  expect(await dead(`&like=${refused}`)).toEqual([refused]);
  expect(await dead('&like=999999')).toEqual([]);
});

test('who may, how many, and what is written down', async () => {
  for (const path of ['/sends/again', '/sends/discard']) {
    for (const msgids of [[], ['1'], [0], Array.from({ length: 101 }, (_none, at) => at + 1)]) {
      await admin.refused(400, 'POST', path, { msgids });
    }
  }
  await admin.ok('POST', '/users', { username: 'kim', role: 'viewer', password: 'kims-password' });
  const kim = new AdminClient(() => running.url);
  await kim.login('kims-password', 'kim');
  await kim.refused(403, 'POST', '/sends/discard', { msgids: [1] });
  const { items } = (await admin.ok('GET', '/audit?operation=discardSends')).body;
  expect(JSON.stringify(items)).toMatch(/msgids=\d+,\d+/);
});

test('cut off between queueing and dealing with it, it goes once, and is no dead letter after', async () => {
  const [lost = 0] = await lose('戊');
  const { dead: letters } = running.daemon.core.sends;
  const { clear } = letters;
  letters.clear = () => Promise.reject(new Error('cut off'));
  expect((await admin.call('POST', '/sends/again', { msgids: [lost] })).status).toBe(500);
  letters.clear = clear;
  expect(await dead()).toContain(lost);
  const [first] = await again([lost]);
  expect(first?.again).toBeGreaterThan(lost);
  expect(await again([lost])).toEqual([first]);
  expect(await dead()).not.toContain(lost);
});
