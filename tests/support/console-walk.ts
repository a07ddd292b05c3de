import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { type ConsoleLook, looks } from './console-page.ts';

export interface Walk {
  /** Address in the console: `/bots/bot01?tab=rooms`. */
  path: string;
  /** What has to be seen there before it is looked at; default: the head of a screen. */
  ready?: string;
  /** Opens something on it first, e.g. a dialog. */
  prepare?: (page: Page) => Promise<void>;
}

/**
 * What axe says against a page as it is: one line each; empty: nothing.
 * @param within a selector: only that part
 */
export async function axeFaults(page: Page, within = 'html'): Promise<string[]> {
  // Evaluated by the debugger: the page's own policy lets no foreign script in. Once for a document.
  const isThere = await page.evaluate(() => 'axe' in globalThis);
  if (!isThere) await page.evaluate(axe.source);
  return await page.evaluate(async (part) => {
    const { axe: run } = globalThis as unknown as { axe: typeof axe };
    const found = await run.run(part, { resultTypes: ['violations'] });
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
    );
  }, within);
}

/** Whether something sticks out at the side: nobody scrolls a page sideways. */
export async function overflowOf(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const { documentElement: root } = (
      globalThis as unknown as {
        document: { documentElement: { scrollWidth: number; clientWidth: number } };
      }
    ).document;
    return root.scrollWidth - root.clientWidth;
  });
}

/** Every screen of the navigation, as the person who is logged in sees it. */
export async function screensOf(page: Page): Promise<Walk[]> {
  const links = await page
    .locator('.shell > .side li a')
    .evaluateAll((list) =>
      (list as unknown as { getAttribute(name: string): string | null }[]).map(
        (one) => one.getAttribute('href') ?? '',
      ),
    );
  return links.map((href) => ({ path: href.replace(/^#/, '') }));
}

/** Sets language, theme and width of a page that is open, as its controls do. */
async function wear(page: Page, look: ConsoleLook): Promise<void> {
  await page.setViewportSize({ width: look.width, height: look.width < 600 ? 844 : 860 });
  await page.locator('button[popovertarget="account"]').click();
  const choices = page.locator('#account .choice');
  await choices
    .nth(0)
    .getByRole('button', { name: look.language === 'zh' ? '中文' : 'English' })
    .click();
  await choices
    .nth(1)
    .locator('button')
    .nth(look.theme === 'light' ? 1 : 2)
    .click();
  await page.keyboard.press('Escape');
}

/** Goes somewhere and waits until it is there, with nothing left that loads. */
export async function walkTo(page: Page, { path, ready = 'main h1', prepare }: Walk) {
  await page.evaluate((to) => {
    (globalThis as unknown as { location: { hash: string } }).location.hash = to;
  }, path);
  await page.locator(ready).first().waitFor();
  await page.waitForFunction(
    () =>
      (
        globalThis as unknown as { document: { querySelector(what: string): unknown } }
      ).document.querySelector('.loading') === null,
  );
  await prepare?.(page);
}

/**
 * Walks screens in the looks given, and collects what is wrong with each: what axe finds, what
 * sticks out. `seen` is called on each, for pictures.
 */
export async function walkScreens(
  page: Page,
  walks: readonly Walk[],
  own: readonly ConsoleLook[] = looks,
  seen?: (walk: Walk, look: ConsoleLook) => Promise<void>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const look of own) {
    await wear(page, look);
    for (const walk of walks) {
      await walkTo(page, walk);
      const where = `${walk.path} (${look.language}, ${look.theme}, ${look.width} px)`;
      for (const one of await axeFaults(page)) faults.push(`${where}: ${one}`);
      const over = await overflowOf(page);
      if (over > 0) faults.push(`${where}: ${over} px stick out`);
      await seen?.(walk, look);
      // A dialog that is open would be in the way of what comes next.
      await page.keyboard.press('Escape');
    }
  }
  return faults;
}
