import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../tests/support/browser.ts';
import { withChineseFont } from '../tests/support/console-fonts.ts';
import { openLoggedIn } from '../tests/support/console-page.ts';
import { type Walk, walkTo } from '../tests/support/console-walk.ts';
import { openScene, type Scene } from './screenshots/scene.ts';
import type { Language } from './screenshots/words.ts';

// Makes docs/images/*.png from a running daemon: npm run screenshots [-- zh|en]
// It needs the devDependencies. Look at the pictures before they are committed.

const folder = join(import.meta.dirname, '../docs/images');
const most = 250_000;
const width = 1280;

interface Shot extends Walk {
  name: string;
  height: number;
}

const shotsOf = (scene: Scene): Shot[] => [
  { name: 'overview', path: '/', ready: 'main .send-plot svg', height: 900 },
  {
    ...{ name: 'qr-wall', path: '/bots', ready: '[data-qr="service"]', height: 760 },
    prepare: async (page) => {
      await scene.scan();
      await page.locator('.qr.scanned [data-qr="reports"]').waitFor();
    },
  },
  {
    ...{ name: 'conversation', ready: 'main .thread', height: 990 },
    path: `/conversations/${scene.conversation}`,
  },
  { name: 'timeline', path: `/sends/${scene.msgid}`, ready: 'main .timeline', height: 1060 },
];

const asked = process.argv[2];
const languages: Language[] = asked === 'zh' || asked === 'en' ? [asked] : ['zh', 'en'];
mkdirSync(folder, { recursive: true });
const browser = await launchBrowser(withChineseFont());
try {
  for (const language of languages) {
    const scene = await openScene(language);
    try {
      keep(`report-${language}`, scene.report);
      const { page, close } = await openLoggedIn(browser, scene.url, { language, width });
      await page.clock.install({ time: scene.now() });
      await page.reload();
      await page.locator('[data-live="live"]').waitFor();
      // A button under it would look pressed.
      await page.mouse.move(1, 1);
      for (const shot of shotsOf(scene)) keep(`${shot.name}-${language}`, await take(page, shot));
      await close();
    } finally {
      await scene.close();
    }
  }
} finally {
  await browser.close();
}

async function take(page: Page, shot: Shot): Promise<Buffer> {
  await page.setViewportSize({ width, height: shot.height });
  await walkTo(page, shot);
  // Nobody came here by keys: no ring around what has the focus.
  await page.evaluate('document.activeElement.blur()');
  await page.evaluate('document.fonts.ready');
  // A chart is drawn with the next frame.
  await page.waitForTimeout(500);
  return await page.screenshot({ animations: 'disabled', caret: 'hide' });
}

function keep(name: string, png: Buffer): void {
  const file = join(folder, `${name}.png`);
  writeFileSync(file, png);
  const { size } = statSync(file);
  process.stdout.write(`${name}.png ${Math.round(size / 1000)} kB\n`);
  if (size > most) throw new Error(`${name}.png is larger than ${most / 1000} kB`);
}
