import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BusyScene, busyScene } from './support/busy-scene.ts';
import { openLoggedIn } from './support/console-page.ts';
import { overflowOf, walkTo } from './support/console-walk.ts';
import { everyWalk } from './support/console-walks.ts';

let scene: BusyScene;

beforeAll(async () => {
  scene = await busyScene();
  // As long as names may be.
  await scene.admin.ok('POST', '/bots', {
    ...{ botcode: 'customer-service-robot.east-china@2026', driver: 'simulator', autoStart: false },
    name: '华东大区售后服务与课程通知自动机器人（三号备用机）',
  });
  await scene.admin.ok('POST', '/channels', { chid: `long.${'0123456789'.repeat(5)}` });
}, 60_000);
afterAll(() => scene.close());

/** Tables that are wider than their place: one has to scroll for what else fits. */
function scrolled(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { document } = globalThis as unknown as {
      document: {
        querySelectorAll(what: string): Iterable<{
          scrollWidth: number;
          clientWidth: number;
          getAttribute(name: string): string | null;
        }>;
      };
    };
    return [...document.querySelectorAll('.table-scroll')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
      .map((one) => `${one.getAttribute('aria-label')}: ${one.scrollWidth - one.clientWidth} px`);
  });
}

// 640: a page of 1280 at 200 %. Small tablets, small windows, small phones.
test.each([1120, 1024, 768, 640, 320])(
  'nothing sticks out and no table is cut at %i px',
  async (width) => {
    const { page, close } = await openLoggedIn(scene.browser, scene.running.url, {
      ...{ language: width % 320 === 0 ? 'en' : 'zh', width },
    });
    const faults: string[] = [];
    for (const { path, ready = 'main h1' } of everyWalk) {
      await walkTo(page, { path, ready });
      const over = await overflowOf(page);
      if (over > 0) faults.push(`${path}: ${over} px stick out`);
      for (const one of await scrolled(page)) faults.push(`${path}: ${one}`);
    }
    expect(faults).toEqual([]);
    await close();
  },
  60_000,
);
