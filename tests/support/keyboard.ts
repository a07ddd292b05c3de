import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { type ConsoleLook, type ConsolePage, openConsole } from './console-page.ts';

/** Where the keyboard came, and what is wrong with how that looks. */
export interface Stop {
  name: string;
  place: string;
  faults: string[];
  /** Left, top, right, bottom on the page, whatever is scrolled. */
  position?: [number, number, number, number];
}

interface Keys {
  stops: Stop[];
  clear(): void;
  missed(selector: string): string[];
  here(): Stop;
}

/** What is looked through for what the keyboard did not come to. */
const roots = { main: 'main', dialog: 'dialog', shell: '.shell > .side' };

const script = fileURLToPath(new URL('keyboard-page.js', import.meta.url));

/** A page on which each place is noted that the keyboard comes to. Logged in by keys. */
export async function openByKeys(
  browser: Browser,
  url: string,
  look: Partial<ConsoleLook> = {},
): Promise<ConsolePage> {
  const opened = await openConsole(browser, url, look);
  const { page } = opened;
  await page.addInitScript({ path: script });
  await page.reload();
  await page.locator('input[name="username"]:focus').waitFor();
  await page.keyboard.type('admin');
  await page.keyboard.press('Tab');
  await page.keyboard.type('test-password');
  await page.keyboard.press('Enter');
  await page.locator('[data-live="live"]').waitFor();
  return opened;
}

/** Where the keyboard is. */
export function here(page: Page): Promise<Stop> {
  return page.evaluate(() => (globalThis as unknown as { keys: Keys }).keys.here());
}

async function stopsOf(page: Page): Promise<Stop[]> {
  return await page.evaluate(() => [...(globalThis as unknown as { keys: Keys }).keys.stops]);
}

async function missed(page: Page, selector: string): Promise<string[]> {
  return await page.evaluate(
    (within) => (globalThis as unknown as { keys: Keys }).keys.missed(within),
    selector,
  );
}

/** Forgets where the keyboard came so far. */
async function begin(page: Page): Promise<void> {
  await page.evaluate(() => (globalThis as unknown as { keys: Keys }).keys.clear());
}

/** Presses Tab until something has the focus. @throws when it is not reached */
export async function tabTo(page: Page, target: Locator, most = 120): Promise<void> {
  for (let count = 0; count < most; count += 1) {
    if (await target.evaluate((one) => one.matches(':focus'))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${target}`);
}

/** The keyboard goes on at the top, as on a page that was just opened. */
export async function fromTheTop(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { activeElement, body } = (
      globalThis as unknown as {
        document: {
          activeElement: { blur(): void } | null;
          body: { tabIndex: number; focus(): void; removeAttribute(name: string): void };
        };
      }
    ).document;
    activeElement?.blur();
    body.tabIndex = -1;
    body.focus();
    body.removeAttribute('tabindex');
  });
}

/** Goes by keys to where the content begins, by the button that leads past the navigation. */
export async function skipToContent(page: Page): Promise<void> {
  await fromTheTop(page);
  await tabTo(page, page.locator('button.skip'), 3);
  await page.keyboard.press('Enter');
}

/**
 * Walks from where it is until it leaves a place: everything in it is reached, each stop is seen,
 * and the order is that of reading.
 */
export async function walkByKeys(page: Page, place: keyof typeof roots): Promise<string[]> {
  await begin(page);
  for (let count = 0; count < 30; count += 1) {
    for (let key = 0; key < 10; key += 1) await page.keyboard.press('Tab');
    const stops = await stopsOf(page);
    if (stops.some((one) => one.place !== place)) break;
    // A modal: round and round.
    const first = stops[0];
    if (first !== undefined && stops.filter(({ name }) => name === first.name).length > 2) break;
  }
  const all = await stopsOf(page);
  const end = all.findIndex((one) => one.place !== place);
  const stops = end === -1 ? all : all.slice(0, end);
  const faults = stops.flatMap(({ name, faults }) => faults.map((one) => `${name}: ${one}`));
  const left = all[end];
  if (place === 'dialog' && left !== undefined) faults.push(`out of the dialog: ${left.name}`);
  for (const [index, stop] of stops.entries()) {
    const before = stops[index - 1];
    if (before?.position === undefined || stop.position === undefined) continue;
    const [left, , , bottom] = stop.position;
    const [leftBefore, topBefore] = before.position;
    const isFirst = stop.name === stops[0]?.name;
    // Back to the left and up: nobody reads so.
    if (!isFirst && bottom <= topBefore && left < leftBefore - 1) {
      faults.push(`${stop.name} comes after ${before.name}, which stands below it`);
    }
  }
  return [...new Set([...faults, ...(await missed(page, roots[place]))])];
}
