import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
let admin: AdminClient;

beforeAll(async () => {
  running = await startDaemon();
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterAll(() => running.close());

const simulate = (botcode: string, act: string, body: object = {}) =>
  fetch(`${running.url}/simulator/${botcode}/${act}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

function inState(botcode: string, state: string): Promise<unknown> {
  return eventually(
    async () => (await admin.ok('GET', `/bots/${botcode}`)).body.state === state,
    `${botcode} ${state}`,
  );
}

async function logIn(botcode: string, account?: string): Promise<void> {
  await inState(botcode, 'scan');
  await simulate(botcode, 'scan', account === undefined ? {} : { account });
  await simulate(botcode, 'confirm');
}

test('a bot is added, logs in by its QR code, is looked into, logs out, goes', async () => {
  const added = await admin.ok('POST', '/bots', {
    botcode: 'desk',
    driver: 'simulator',
    autoScan: false,
    autoStart: false,
  });
  expect(added.body).toMatchObject({ botcode: 'desk', source: 'admin', queue: { length: 0 } });
  await admin.ok('POST', '/bots/desk/login');
  await inState('desk', 'scan');
  const { body: qr } = await admin.ok('GET', '/bots/desk/qr');
  const { pngUrl } = qr as unknown as { pngUrl: string };
  expect((await fetch(pngUrl)).headers.get('content-type')).toContain('image/png');
  await logIn('desk');
  await inState('desk', 'ready');
  await admin.refused(404, 'GET', '/bots/desk/qr');

  const { items: rooms } = (await admin.ok('GET', '/bots/desk/rooms')).body;
  const room = rooms.find((one) => one.topic === '测试群');
  expect(room?.memberCount).toBeGreaterThan(1);
  const { body: whole } = await admin.ok(
    'GET',
    `/bots/desk/rooms/${encodeURIComponent(String(room?.id))}`,
  );
  expect(whole.members.map((one) => one.name)).toContain('张三');
  expect((await admin.ok('GET', '/bots/desk/rooms?topic=测试')).body.items).toHaveLength(1);
  expect((await admin.ok('GET', '/bots/desk/rooms?topic=nothing')).body.items).toEqual([]);
  const { items: contacts } = (await admin.ok('GET', '/bots/desk/contacts?limit=1')).body;
  expect(contacts).toHaveLength(1);
  expect((await admin.ok('GET', '/bots/desk/queue')).body).toEqual({
    length: 0,
    onTheWay: 0,
    unknown: 0,
    heldForOtherAccount: 0,
    reason: null,
    waiting: [],
    etaMs: expect.any(Number),
  });

  const changed = await admin.ok('PATCH', '/bots/desk', {
    name: '客服',
    pacing: { perMinute: 3 },
  });
  expect(changed.body.settings).toMatchObject({ name: '客服', pacing: { perMinute: 3 } });
  const cleared = await admin.ok('PATCH', '/bots/desk', { pacing: null });
  expect(cleared.body.settings['pacing']).toBeUndefined();
  expect(cleared.body.settings).toMatchObject({ name: '客服', autoStart: false });

  await admin.ok('POST', '/bots/desk/logout');
  await inState('desk', 'offline');
  await admin.ok('POST', '/bots/desk/release');
  await inState('desk', 'off');
  await admin.ok('DELETE', '/bots/desk');
  await admin.refused(404, 'GET', '/bots/desk');
});

test('another account is held back until an operator decides', async () => {
  await admin.ok('POST', '/bots/bot01/login');
  await logIn('bot01');
  await inState('bot01', 'ready');
  await admin.refused(409, 'POST', '/bots/bot01/accept-account');
  await simulate('bot01', 'kick');
  await admin.ok('POST', '/bots/bot01/login');
  await logIn('bot01', '另一个号');
  await inState('bot01', 'wrong-account');
  await admin.ok('POST', '/bots/bot01/reject-account');
  await inState('bot01', 'scan');
  await logIn('bot01', '另一个号');
  await inState('bot01', 'wrong-account');
  await admin.ok('POST', '/bots/bot01/accept-account');
  await inState('bot01', 'ready');
});

test('sends that were accepted for another account wait for a decision', async () => {
  const [room] = (await admin.ok('GET', '/bots/bot01/rooms')).body.items;
  const send = async () => {
    const content = { kind: 'text', text: 'x' };
    const body = { botcode: 'bot01', roomId: room?.id, content };
    return (await admin.ok('POST', '/sends', body)).body.msgid;
  };
  const state = async (msgid: number) => (await admin.ok('GET', `/sends/${msgid}`)).body.state;
  await simulate('bot01', 'kick');
  await admin.ok('POST', '/bots/bot01/login');
  const [first, second] = [await send(), await send()];
  await admin.ok('POST', `/sends/${second}/cancel`);
  const third = await send();
  await logIn('bot01', '第三个号');
  await inState('bot01', 'wrong-account');
  await admin.ok('POST', '/bots/bot01/accept-account');
  await inState('bot01', 'ready');
  const queue = async () => (await admin.ok('GET', '/bots/bot01/queue')).body;
  expect(await queue()).toMatchObject({ length: 2, heldForOtherAccount: 2 });
  await admin.refused(400, 'POST', '/bots/bot01/held', { action: 'burn' });
  await admin.refused(404, 'POST', '/bots/none/held', { action: 'cancel' });
  expect((await admin.ok('POST', '/bots/bot01/held', { action: 'adopt' })).body.count).toBe(2);
  for (const msgid of [first, third]) {
    await eventually(async () => (await state(msgid)) !== 'queued', 'adopted');
  }
  expect(await state(second)).toBe('cancelled');
  expect((await admin.ok('POST', '/bots/bot01/held', { action: 'cancel' })).body.count).toBe(0);
});

test('bots are listed page by page', async () => {
  for (const botcode of ['a1', 'a2']) {
    await admin.ok('POST', '/bots', { botcode, autoStart: false });
  }
  const first = (await admin.ok('GET', '/bots?limit=2')).body;
  expect(first.items.map((one) => one.botcode)).toEqual(['a1', 'a2']);
  const second = (await admin.ok('GET', `/bots?limit=2&cursor=${first.next}`)).body;
  expect(second.items.map((one) => one.botcode)).toEqual(['bot01']);
  expect(second.next).toBeNull();
});

test('values of puppet options are never told, in answers or logs', async () => {
  const { text, body } = await admin.ok('POST', '/bots', {
    botcode: 'real',
    driver: 'wechaty',
    puppet: 'wechaty-puppet-service',
    puppetOptions: { token: 'puppet_SECRET_4711', endpoint: '127.0.0.1:9' },
    autoStart: false,
  });
  expect(body.settings['puppetOptionNames']).toEqual(['token', 'endpoint']);
  const listed = await admin.ok('GET', '/bots');
  const detail = await admin.ok('GET', '/bots/real');
  for (const told of [text, listed.text, detail.text, running.log()]) {
    expect(told).not.toContain('SECRET_4711');
  }
});

test.each([
  ['without botcode', {}, 400, 'botcode'],
  ['with an illegal botcode', { botcode: 'a/b' }, 400, 'botcode'],
  ['with an unknown driver', { botcode: 'x', driver: 'magic' }, 400, 'driver'],
  ['of wechaty without a puppet', { botcode: 'x', driver: 'wechaty' }, 400, 'puppet'],
  ['with an unknown field', { botcode: 'x', colour: 1 }, 400, 'colour'],
  ['that is there', { botcode: 'bot01' }, 409, 'botcode'],
])('a bot %s is refused', async (_what, body, status, field) => {
  expect((await admin.refused(status, 'POST', '/bots', body)).body.field).toBe(field);
});

test('other wrong calls are refused with the right status', async () => {
  const posts = ['login', 'logout', 'release', 'accept-account', 'reject-account'];
  for (const act of posts) await admin.refused(404, 'POST', `/bots/none/${act}`);
  for (const what of ['', '/rooms', '/rooms/x', '/contacts', '/queue', '/qr']) {
    await admin.refused(404, 'GET', `/bots/none${what}`);
  }
  await admin.refused(404, 'GET', '/bots/bot01/rooms/none');
  await admin.refused(404, 'GET', '/bots/bot01/queue?msgid=999');
  await admin.refused(400, 'GET', '/bots/bot01/queue?msgid=x');
  await admin.refused(400, 'GET', '/bots?limit=x');
  await admin.refused(404, 'PATCH', '/bots/none', { name: 'x' });
  await admin.refused(400, 'PATCH', '/bots/bot01', { botcode: 'other' });
  await admin.refused(400, 'PATCH', '/bots/bot01', { autoStart: 'yes' });
  await admin.refused(404, 'DELETE', '/bots/none');
  await admin.refused(409, 'DELETE', '/bots/bot01');
  await admin.ok('POST', '/bots', { botcode: 'quiet', autoStart: false });
  await admin.refused(503, 'GET', '/bots/quiet/contacts');
});
