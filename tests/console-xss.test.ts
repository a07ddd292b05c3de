import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { launchBrowser } from './support/browser.ts';
import { openLoggedIn } from './support/console-page.ts';
import { walkTo } from './support/console-walk.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';

const evil = `"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>{{7*7}}`;
const evilLink = 'javascript:window.pwned=1';
let browser: Awaited<ReturnType<typeof launchBrowser>>;
let running: TestDaemon;
let paths: string[];

beforeAll(async () => {
  [browser, running] = await Promise.all([launchBrowser(), startDaemon()]);
  const admin = new AdminClient(() => running.url);
  await admin.login();
  const simulator = async (path: string, body: unknown = {}): Promise<unknown> => {
    const response = await fetch(`${running.url}/simulator/bot01${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json().catch(() => undefined);
  };
  await simulator('/scan');
  await simulator('/confirm');
  await eventually(
    'ready',
    async () => (await admin.ok('GET', '/bots/bot01')).body.state === 'ready',
  );
  const room = (await simulator('/rooms', {
    topic: evil,
    members: [`<img src=x onerror="window.pwned=1">`],
  })) as {
    id: string;
    members: { id: string }[];
  };
  await simulator(`/rooms/${room.id}/say`, { from: room.members[0]?.id, text: evil, at: true });
  const text = { kind: 'text', text: evil, mentions: [evil] };
  const sent = await admin.ok('POST', '/sends', {
    botcode: 'bot01',
    roomId: room.id,
    content: text,
  });
  await admin.ok('POST', '/sends', { botcode: 'bot01', roomTopic: `${evil}!`, content: text });
  await admin.ok('POST', '/chatbot/rules', {
    name: evil,
    pattern: evil,
    reply: { type: 'text', text: evil },
  });
  await admin.ok('POST', '/chatbot/kb/entries', { kb: 'xss', title: evil, answer: evil });
  const chat = '0b7cb9a0-0000-4000-8000-000000000001';
  await fetch(`${running.url}/mpweixin/chatbot/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sessionId: chat, content: evil, timestamp: '2026/11/22 10:00:00' }),
  });
  await admin.ok('POST', '/im/apps', { appid: 8 });
  await admin.ok('POST', '/im/desks', { name: evil, appid: 8, storeId: 88 });
  await admin.ok('PUT', '/im/desks/88/sellers/501', { name: evil, status: 'online' });
  for (const msg of [
    { type: 'text', reply: evil, timestamp: 1 },
    { type: 'image', url: evilLink, timestamp: 2 },
    { type: 'link', url: evilLink, title: evil, timestamp: 3 },
  ]) {
    await fetch(`${running.url}/api/imbot/msg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ fromUserId: 'carl', toUserId: 'desk-88', msg }),
    });
  }
  const msgid = String((sent.body as unknown as { msgid: number }).msgid);
  paths = [
    ...['/', '/bots', '/bots/bot01?tab=rooms', '/sends', `/sends/${msgid}`],
    ...['/compose?bot=bot01', `/compose?from=${msgid}`, '/dead-letters?state=absent'],
    ...['/conversations', '/conversations/1', '/chatbot?tab=rules', '/chatbot?tab=rooms'],
    ...['/chatbot?tab=entries&kb=xss', '/chatbot?tab=unanswered', `/chatbot/${chat}`],
    ...['/webhooks?tab=deliveries', '/events', '/access?tab=audit'],
    // Addresses are words of strangers as well.
    ...[`/bots/${encodeURIComponent(evil)}`, `/sends?bot=${encodeURIComponent(evil)}`],
    `/chatbot?tab=entries&text=${encodeURIComponent(evil)}`,
  ];
}, 60_000);
afterAll(async () => {
  await browser.close();
  await running.close();
});

test('what strangers wrote is text on every screen, and runs nowhere', async () => {
  const { page, close } = await openLoggedIn(browser, running.url, { language: 'en' });
  const breaches: string[] = [];
  page.on('dialog', (dialog) => breaches.push(`a dialog: ${dialog.message()}`));
  page.on('console', (line) => {
    if (/Content Security Policy/.test(line.text())) breaches.push(line.text());
  });
  let seen = 0;
  for (const path of paths) {
    await walkTo(page, { path });
    for (const summary of await page.locator('summary').all()) await summary.click();
    const found = await page.evaluate((mark) => {
      const { document, pwned } = globalThis as unknown as {
        document: {
          body: { textContent: string };
          querySelectorAll(what: string): ArrayLike<{ getAttribute(name: string): string | null }>;
        };
        pwned: unknown;
      };
      const addresses = Array.from(document.querySelectorAll('a, img, form'), (one) =>
        ['href', 'src', 'action'].map((name) => one.getAttribute(name) ?? ''),
      ).flat();
      return {
        pwned,
        images: document.querySelectorAll('img[src="x"]').length,
        scripts: addresses.filter((one) => /^\s*javascript:/i.test(one)),
        shown: document.body.textContent.includes(mark),
      };
    }, 'onerror="window.pwned=1"');
    expect({ path, ...found, shown: undefined }).toEqual({
      ...{ path, pwned: undefined, images: 0, scripts: [], shown: undefined },
    });
    if (found.shown) seen += 1;
  }
  // It was there to be seen.
  expect(seen).toBeGreaterThan(9);
  expect(breaches).toEqual([]);
  await close();
}, 120_000);
