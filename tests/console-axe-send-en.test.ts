import { afterAll, beforeAll, test } from 'vitest';
import { walkIn } from './support/console-scene.ts';
import { type BusyScene, busyScene, sendWalks } from './support/console-walks.ts';

let scene: BusyScene;

beforeAll(async () => {
  scene = await busyScene();
}, 60_000);
afterAll(() => scene.close());

test(
  'nothing is found, light and dark, wide and narrow',
  () => walkIn(scene, 'en', sendWalks),
  180_000,
);
