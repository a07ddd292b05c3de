import { afterAll, beforeAll, test } from 'vitest';
import { botWalks, type ConsoleScene, consoleScene, walkIn } from './support/console-scene.ts';

let scene: ConsoleScene;

beforeAll(async () => {
  scene = await consoleScene();
});
afterAll(() => scene.close());

/** Some thirty walks: on a machine that is busy they take a while. */
test(
  'overview, bots and bot, light and dark, wide and narrow',
  () => walkIn(scene, 'en', botWalks),
  120_000,
);
