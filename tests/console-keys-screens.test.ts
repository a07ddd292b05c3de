import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BusyScene, busyScene } from './support/busy-scene.ts';
import { walkTo } from './support/console-walk.ts';
import { everyWalk } from './support/console-walks.ts';
import { here, openByKeys, skipToContent, walkByKeys } from './support/keyboard.ts';

let scene: BusyScene;

beforeAll(async () => {
  scene = await busyScene();
}, 60_000);
afterAll(() => scene.close(), 60_000);

const looks = [
  { language: 'zh', theme: 'light', width: 1280 },
  { language: 'en', theme: 'dark', width: 390 },
] as const;
/** So many each, that none takes long. Dialogs have walks of their own. */
const walks = everyWalk.filter(({ prepare, path }) => prepare === undefined || path === '/chatbot');
const parts = [0, 1, 2, 3].map((part) => walks.filter((_one, index) => index % 4 === part));

test.each(
  looks.flatMap((look) => parts.map((part, index) => ({ ...look, part, quarter: index + 1 }))),
)(
  'by keys, $language, $theme, $width px, quarter $quarter',
  async ({ part, quarter: _, ...look }) => {
    const { page, faults, close } = await openByKeys(scene.browser, scene.running.url, look);
    const found: string[] = [];
    for (const walk of part) {
      await walkTo(page, walk);
      await skipToContent(page);
      expect(await here(page)).toMatchObject({ place: 'main', faults: [] });
      for (const one of await walkByKeys(page, 'main')) found.push(`${walk.path}: ${one}`);
    }
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  },
  60_000,
);
