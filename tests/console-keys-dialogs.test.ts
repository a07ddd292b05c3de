import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BusyScene, busyScene } from './support/busy-scene.ts';
import { openLoggedIn } from './support/console-page.ts';
import { axeFaults, walkTo } from './support/console-walk.ts';
import { type DialogWalk, dialogWalks, prepareDialogs } from './support/dialog-walks.ts';
import { here, openByKeys, skipToContent, tabTo, walkByKeys } from './support/keyboard.ts';

let scene: BusyScene;

beforeAll(async () => {
  scene = await busyScene();
  await prepareDialogs(scene);
}, 60_000);
afterAll(() => scene.close(), 60_000);

const groups = Object.entries(dialogWalks).map(([name, walks]) => ({ name, walks }));

test.each(groups)(
  'by keys: $name',
  async ({ walks }) => {
    const { page, faults, close } = await openByKeys(scene.browser, scene.running.url);
    const found: string[] = [];
    for (const walk of walks) {
      for (const one of await walkDialog(page, walk)) found.push(`${walk.path}: ${one}`);
    }
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  },
  90_000,
);

const languages = ['zh', 'en'] as const;

test.each(languages.flatMap((language) => groups.map((group) => ({ ...group, language }))))(
  'axe finds nothing, light and dark: $language, $name',
  async ({ language, walks }) => {
    const { page, close } = await openLoggedIn(scene.browser, scene.running.url, { language });
    const found: string[] = [];
    for (const { path, opener, ready } of walks) {
      await walkTo(page, { path, ready: opener });
      await page.locator(opener).first().click();
      await page.locator(ready ?? 'dialog[open]').waitFor();
      for (const theme of ['light', 'dark']) {
        await page.evaluate((name) => {
          const { document } = globalThis as unknown as {
            document: { documentElement: { dataset: Record<string, string> } };
          };
          document.documentElement.dataset['theme'] = name;
        }, theme);
        const faults = await axeFaults(page, 'dialog');
        found.push(...faults.map((one) => `${path}, ${theme}: ${one}`));
      }
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
    }
    expect(found).toEqual([]);
    await close();
  },
  90_000,
);

async function walkDialog(
  page: Page,
  { path, opener, form, ready }: DialogWalk,
): Promise<string[]> {
  await walkTo(page, { path, ready: opener });
  await skipToContent(page);
  const button = page.locator(opener).first();
  const dialog = page.locator('dialog[open]');
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  await page.locator(ready ?? 'dialog[open]').waitFor();
  expect(await here(page), `${path}: where it begins`).toMatchObject({
    place: 'dialog',
    faults: [],
  });
  const faults = await walkByKeys(page, 'dialog');
  if (form === true) await keepsWhatIsTyped(page);
  else await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await button.evaluate((one) => one.matches(':focus')), `${path}: back`).toBe(true);
  return faults;
}

/** Escape asks, however often it is pressed; no leaves all as it is, yes closes. */
async function keepsWhatIsTyped(page: Page): Promise<void> {
  const field = page
    .locator('dialog :is(input:not([type=checkbox], [type=file]), textarea)')
    .first();
  const question = page.locator('dialog').nth(1);
  await tabTo(page, field);
  await page.keyboard.type('7');
  const typed = await field.inputValue();
  for (const no of ['Escape', 'Enter']) {
    await page.keyboard.press('Escape');
    await question.waitFor();
    await page.keyboard.press(no);
    await question.waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe(typed);
    expect(await field.evaluate((one) => one.matches(':focus'))).toBe(true);
  }
  await page.keyboard.press('Escape');
  await question.waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
}
