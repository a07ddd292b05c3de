import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import type { ConsolePage } from './support/console-page.ts';
import { bringIn, type ConsoleScene, consoleScene } from './support/console-scene.ts';
import { fromTheTop, here, openByKeys, tabTo, walkByKeys } from './support/keyboard.ts';

const slow = { timeout: 10_000 };
let scene: ConsoleScene;
let admin: AdminClient;

beforeAll(async () => {
  const simulated = { driver: 'simulator', autoScan: false };
  const bots = ['bot01', 'bot02', 'bot03'].map((botcode) => ({ botcode, ...simulated }));
  scene = await consoleScene({ bots });
  admin = new AdminClient(() => scene.running.url);
  await admin.login();
}, 60_000);
afterAll(() => scene.close(), 60_000);

async function open(look = {}): Promise<ConsolePage> {
  const own = await openByKeys(scene.browser, scene.running.url, { language: 'en', ...look });
  own.page.setDefaultTimeout(10_000);
  return own;
}

/** By the navigation, as somebody goes there. */
async function go(page: Page, name: string): Promise<void> {
  await fromTheTop(page);
  await tabTo(page, page.locator('.shell > .side li a', { hasText: new RegExp(`^${name}$`) }));
  await page.keyboard.press('Enter');
  await page.locator('main h1', { hasText: name }).waitFor();
  // What comes next is the screen.
  expect(await here(page)).toMatchObject({ place: 'main', faults: [] });
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, page.locator('main, dialog').getByRole('button', { name, exact: true }).last());
  await page.keyboard.press('Enter');
}

test('a code that somebody confirms elsewhere leaves the focus near', async () => {
  const { page, close } = await open();
  await go(page, 'Bots');
  const scan = page.locator('.qr-card', { hasText: 'bot01' }).getByRole('button').first();
  await tabTo(page, scan);
  await bringIn(scene.running, 'bot01');
  await page.locator('.qr-card', { hasText: 'bot01' }).waitFor({ state: 'detached' });
  // The next code.
  expect((await here(page)).place).toBe('main');
  expect((await here(page)).name).not.toContain('#content');
  await close();
});

test('from the log-in to the timeline of a message', async () => {
  const { page, faults, close } = await open();
  await go(page, 'Bots');
  await press(page, 'Simulate scan');
  const confirm = page.getByRole('button', { name: 'Simulate confirmation' });
  await confirm.waitFor();
  await tabTo(page, confirm);
  await page.keyboard.press('Enter');
  await confirm.waitFor({ state: 'detached' });
  // The code is gone, and who confirmed it is where the bots are.
  expect((await here(page)).place).toBe('main');
  await go(page, 'Compose');
  await tabTo(page, page.getByLabel(/^Bot/));
  await page.keyboard.type('bot02');
  const rooms = page.locator('select', { has: page.getByText('Choose a room') });
  await rooms.locator('option', { hasText: '·' }).first().waitFor({ state: 'attached' });
  await tabTo(page, rooms);
  await page.keyboard.press('ArrowDown');
  await tabTo(page, page.getByLabel(/^Content/));
  await page.keyboard.type('by keys alone');
  await press(page, 'Send');
  await page.waitForURL(/#\/sends\/\d+$/);
  await page.locator('.timeline').getByText('Sent').waitFor();
  expect((await here(page)).name).toContain('#content');
  expect(faults).toEqual([]);
  await close();
});

test('a row that goes leaves the focus at its table, and the table at the screen', async () => {
  for (const subject of ['one', 'two']) {
    await admin.ok('POST', '/alarms/silences', { subject, minutes: 5, note: '' });
  }
  const { page, close } = await open();
  await page.goto(`${scene.running.url}/#/alarms?tab=silences`);
  const rows = page.locator('main tbody tr');
  await rows.nth(1).waitFor();
  await press(page, 'End it');
  await expect.poll(() => rows.count(), slow).toBe(1);
  expect(await here(page)).toMatchObject({ name: expect.stringContaining('div'), faults: [] });
  await press(page, 'End it');
  await expect.poll(() => rows.count(), slow).toBe(0);
  expect((await here(page)).place).toBe('main');
  await close();
});

test('a button that works keeps its focus, and works once', async () => {
  const { page, close } = await open();
  let asked = 0;
  let answer = (): void => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/api/v1/reload', async (route) => {
    asked += 1;
    await held;
    await route.fulfill({ json: { waiting: [] } });
  });
  await page.goto(`${scene.running.url}/#/system`);
  await press(page, 'Read the config again');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const button = page.locator('main').getByRole('button', { name: 'Read the config again' });
  await page.locator('main button[aria-busy="true"]').waitFor();
  expect(await button.evaluate((one) => one.matches(':focus'))).toBe(true);
  await page.keyboard.press('Enter');
  expect(await page.locator('dialog').count()).toBe(0);
  answer();
  await page.locator('main button[aria-busy="true"]').waitFor({ state: 'detached' });
  expect(await button.evaluate((one) => one.matches(':focus'))).toBe(true);
  expect(asked).toBe(1);
  await close();
});

test('the last page leaves the focus at the way back', async () => {
  const { page, close } = await open();
  await page.route(/\/api\/v1\/sends(\?|$)/, (route) => {
    const last = route.request().url().includes('cursor');
    return route.fulfill({ json: { items: [], next: last ? null : '7' } });
  });
  await go(page, 'Messages');
  await press(page, 'Older');
  await page.locator('.pager button:disabled', { hasText: 'Older' }).waitFor();
  await expect.poll(async () => (await here(page)).name, slow).toContain('Newer');
  await close();
});

test('what is refused leads to its field', async () => {
  const { page, close } = await open();
  await go(page, 'Bots');
  await press(page, 'Add a bot');
  await page.locator('dialog').waitFor();
  await page.keyboard.type('no such code!');
  await press(page, 'Add a bot');
  const field = page.locator('dialog input[aria-invalid="true"]:focus');
  await field.waitFor();
  await close();
});

test('a role is given after a question, not by an arrow key', async () => {
  await admin.ok('POST', '/users', { username: 'kim', role: 'viewer', password: 'kims-password' });
  const { page, close } = await open();
  await page.goto(`${scene.running.url}/#/access?tab=users`);
  const role = page.getByLabel('Role kim');
  const roleOf = async (): Promise<unknown> => {
    const { items } = (await admin.ok('GET', '/users')).body as unknown as {
      items: { username: string; role: string }[];
    };
    return items.find(({ username }) => username === 'kim')?.role;
  };
  for (const yes of [false, true]) {
    await tabTo(page, role);
    await page.keyboard.press('ArrowDown');
    await page.locator('dialog', { hasText: 'kim' }).waitFor();
    if (yes) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await role.evaluate((one) => one.matches(':focus'))).toBe(true);
    await expect.poll(roleOf, slow).toBe(yes ? 'operator' : 'viewer');
    await expect.poll(() => role.inputValue(), slow).toBe(yes ? 'operator' : 'viewer');
  }
  await close();
});

test('menus, tabs and the chart', async () => {
  const { page, close } = await open();
  await fromTheTop(page);
  expect(await walkByKeys(page, 'shell')).toEqual([]);
  const account = page.locator('button[popovertarget="account"]');
  await tabTo(page, account);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await here(page)).toMatchObject({ place: 'account', faults: [] });
  await page.keyboard.press('Escape');
  expect(await account.evaluate((one) => one.matches(':focus'))).toBe(true);
  await tabTo(page, page.locator('.send-plot'));
  await page.keyboard.press('ArrowLeft');
  await page.locator('.plot-told', { hasText: 'Sent' }).waitFor();
  await go(page, 'Alarms');
  await tabTo(page, page.getByRole('tab', { selected: true }));
  for (const [key, title] of [
    ['ArrowRight', ''],
    ['End', 'Silences'],
    ['Home', 'Open'],
  ] as const) {
    await page.keyboard.press(key);
    await page.locator('[role="tab"]:focus', { hasText: title }).waitFor();
    expect(await here(page)).toMatchObject({ faults: [] });
  }
  await page.setViewportSize({ width: 390, height: 844 });
  const menu = page.locator('button[popovertarget="drawer"]');
  await fromTheTop(page);
  await tabTo(page, menu);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await here(page)).toMatchObject({ place: 'drawer', faults: [] });
  await page.keyboard.press('Escape');
  expect(await menu.evaluate((one) => one.matches(':focus'))).toBe(true);
  await close();
});
