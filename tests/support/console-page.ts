import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface ConsoleLook {
  language: 'zh' | 'en';
  theme: 'light' | 'dark';
  width: number;
}

/** Every look that screens have to be good in. */
export const looks: readonly ConsoleLook[] = (['zh', 'en'] as const).flatMap((language) =>
  (['light', 'dark'] as const).flatMap((theme) =>
    [1280, 390].map((width) => ({ language, theme, width })),
  ),
);

export interface ConsolePage {
  page: Page;
  context: BrowserContext;
  /** Errors of scripts, and what the browser complained of, policy breaches too. */
  faults: string[];
  close(): Promise<void>;
}

/** A browser's page in one look, not logged in. */
export async function openConsole(
  browser: Browser,
  url: string,
  look: Partial<ConsoleLook> = {},
): Promise<ConsolePage> {
  const { language = 'zh', theme = 'light', width = 1280 } = look;
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 844 : 860 },
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: theme,
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  });
  await context.addInitScript(
    (own) => {
      // An empty page has no storage.
      const { location } = globalThis as unknown as { location: { protocol: string } };
      if (location.protocol === 'about:') return;
      localStorage.setItem('wxrc.language', own.language);
      localStorage.setItem('wxrc.theme', own.theme);
    },
    { language, theme },
  );
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (line) => {
    // A refusal of the API is no fault of the page: who is not logged in is told so by a 401.
    if (line.type() === 'error' && !/status of (401|404|409)/.test(line.text())) {
      faults.push(line.text());
    }
  });
  await page.goto(`${url}/`);
  return { page, context, faults, close: () => context.close() };
}

/** Through the form, as a person does. */
export async function logIn(
  page: Page,
  username = 'admin',
  password = 'test-password',
): Promise<void> {
  await page.locator('input[name="username"]').fill(username);
  await page.locator('input[name="password"]').fill(password);
  await page.locator('form button[type="submit"]').click();
  await page.locator('[data-live="live"]').waitFor();
}

/** A page that is logged in. */
export async function openLoggedIn(
  browser: Browser,
  url: string,
  look: Partial<ConsoleLook> = {},
): Promise<ConsolePage> {
  const opened = await openConsole(browser, url, look);
  await logIn(opened.page);
  return opened;
}
