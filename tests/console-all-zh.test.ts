import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLoggedIn } from './support/console-page.ts';
import { type ConsoleScene, consoleScene } from './support/console-scene.ts';
import { screensOf, walkScreens } from './support/console-walk.ts';

let scene: ConsoleScene;

beforeAll(async () => {
  scene = await consoleScene();
});
afterAll(() => scene.close());

/** Screens with little in them; each has a walk of its own with much in it, in every look. */
test('every screen of the navigation opens, a desk by day', async () => {
  const own = await openLoggedIn(scene.browser, scene.running.url);
  const screens = await screensOf(own.page);
  expect(screens.length).toBeGreaterThan(10);
  const look = { language: 'zh', theme: 'light', width: 1280 } as const;
  expect(await walkScreens(own.page, screens, [look])).toEqual([]);
  expect(own.faults).toEqual([]);
  await own.close();
}, 120_000);
