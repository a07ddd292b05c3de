import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { logIn, openConsole } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';

let scene: ConsoleScene;

beforeAll(async () => {
  scene = await consoleScene();
  const admin = new AdminClient(() => scene.running.url);
  await admin.login();
  await admin.ok('POST', '/users', { username: 'vi', role: 'viewer', password: 'vis-password' });
}, 60_000);
afterAll(() => scene.close());

test('a viewer is told who may ask the chatbot, and has no form for it', async () => {
  const { running, browser } = scene;
  const { page, faults, close } = await openConsole(browser, running.url);
  await logIn(page, 'vi', 'vis-password');
  await page.goto(`${running.url}/#/chatbot`);
  await page.getByText('试问需要操作员权限').waitFor();
  for (const name of ['提问', '只查知识库']) {
    expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0);
  }
  expect(faults).toEqual([]);
  await close();
});
