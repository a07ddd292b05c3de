import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';

let running: TestDaemon;
let admin: AdminClient;

beforeEach(async () => {
  running = await startDaemon();
  admin = new AdminClient(() => running.url);
  await admin.login();
  await eventually('a QR code', () => running.daemon.core.bots.get('bot01')?.view().qr);
});
afterEach(() => running.close());

async function share(minutes = 10): Promise<string> {
  const { body } = await admin.ok('POST', '/bots/bot01/qr/share', { minutes });
  return `${running.url}${(body as unknown as { path: string }).path}`;
}

function state(link: string, cookie = '') {
  return fetch(`${link}/state`, { headers: { cookie } });
}

test('one browser sees the live code, until the bot is logged in', async () => {
  const link = await share();
  // Messengers look at links by themselves.
  for (let look = 0; look < 3; look += 1) {
    const page = await fetch(link);
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(await page.text()).not.toContain('bot01');
  }
  expect((await state(link)).status).toBe(404);
  const opened = await fetch(link, { method: 'POST' });
  expect(opened.status).toBe(200);
  const set = opened.headers.get('set-cookie') ?? '';
  expect(set).toMatch(/; Path=\/qr\/share\/[\w-]+; Expires=.*; HttpOnly; SameSite=Strict$/);
  const cookie = set.split(';')[0] ?? '';
  const first = (await opened.json()) as { says: string; picture: string };
  expect(first.says).toBe('waiting');
  expect((await fetch(`${running.url}${first.picture}`)).headers.get('content-type')).toContain(
    'image/svg+xml',
  );

  expect((await fetch(link, { method: 'POST' })).status).toBe(404);
  expect((await state(link, 'wxrc_share=anothers-key-of-some-length')).status).toBe(404);
  await fetch(`${running.url}/simulator/bot01/scan`, { method: 'POST' });
  await eventually('scanned', async () => {
    const seen = (await (await state(link, cookie)).json()) as { says: string };
    return seen.says === 'scanned';
  });
  await fetch(`${running.url}/simulator/bot01/confirm`, { method: 'POST' });
  await eventually(
    'the bot',
    () => running.daemon.core.bots.get('bot01')?.view().state === 'ready',
  );
  expect(await (await state(link, cookie)).json()).toMatchObject({ says: 'done' });
  // A log-in later needs a link of its own.
  expect((await state(link, cookie)).status).toBe(404);
  await admin.refused(409, 'POST', '/bots/bot01/qr/share', {});
});

test('it outlives a restart, and nobody who asks at once gets it twice', async () => {
  const link = await share();
  await running.restart();
  const path = new URL(link).pathname;
  const again = `${running.url}${path}`;
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => fetch(again, { method: 'POST' })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 404)).toHaveLength(7);
});

test('it ends when its time is over, and made-up ones never begin', async () => {
  await running.close();
  const clock = new VirtualClock(Date.now());
  running = await startDaemon({}, { clock });
  await admin.login();
  await eventually('a QR code', async () => {
    await clock.advance(50);
    return running.daemon.core.bots.get('bot01')?.view().qr;
  });
  const link = await share(1);
  await clock.advance(61_000);
  expect((await fetch(link, { method: 'POST' })).status).toBe(404);
  for (const token of ['x', 'a'.repeat(43), '..%2f..%2fetc', '%00', 'a'.repeat(5000)]) {
    const answer = await fetch(`${running.url}/qr/share/${token}`, { method: 'POST' });
    expect([400, 404, 431]).toContain(answer.status);
  }
});

test('it ends with the rights of who made it; there are no more than can be passed on', async () => {
  const maker = async (name: string, role: string) => {
    const { body } = await admin.ok('POST', '/users', { username: name, role });
    const own = new AdminClient(() => running.url);
    await own.login(body.password, name);
    const { id } = (body as unknown as { user: { id: number } }).user;
    const links: string[] = [];
    for (let made = 0; made < 2; made += 1) {
      const shared = await own.ok('POST', '/bots/bot01/qr/share', { minutes: 60 });
      links.push(`${running.url}${(shared.body as unknown as { path: string }).path}`);
    }
    const [opened = '', waiting = ''] = links;
    const answer = await fetch(opened, { method: 'POST' });
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const statuses = async () => [
      (await state(opened, cookie)).status,
      (await fetch(waiting, { method: 'POST' })).status,
    ];
    return { id, own, statuses };
  };
  const [removed, disabled, demoted, stays] = [
    await maker('rosa', 'operator'),
    await maker('dora', 'operator'),
    await maker('dick', 'operator'),
    await maker('stan', 'operator'),
  ];
  await admin.ok('DELETE', `/users/${removed.id}`);
  await admin.ok('PATCH', `/users/${disabled.id}`, { disabled: true });
  await admin.ok('PATCH', `/users/${demoted.id}`, { role: 'viewer' });
  // Who logs out may have passed it on.
  await stays.own.ok('DELETE', '/session');
  for (const { statuses } of [removed, disabled, demoted])
    expect(await statuses()).toEqual([404, 404]);
  expect(await stays.statuses()).toEqual([200, 200]);

  const { body: token } = await admin.ok('POST', '/tokens', { name: 'kiosk', role: 'operator' });
  const program = new AdminClient(() => running.url);
  program.token = token.token;
  const { body } = await program.ok('POST', '/bots/bot01/qr/share', {});
  await admin.ok('DELETE', `/tokens/${token.id}`);
  const link = `${running.url}${(body as unknown as { path: string }).path}`;
  expect((await fetch(link, { method: 'POST' })).status).toBe(404);

  const statuses: number[] = [];
  for (let made = 0; made < 20; made += 1) {
    statuses.push((await admin.call('POST', '/bots/bot01/qr/share', {})).status);
  }
  expect(statuses.filter((status) => status === 201).length).toBeGreaterThan(5);
  expect(statuses.at(-1)).toBe(429);
});
