import type { Page } from 'playwright-core';

/** The daemon does what it is asked; the first answer is lost on its way. */
export async function loseAnswer(page: Page, address: string): Promise<void> {
  await page.route(
    `**${address}`,
    async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    },
    { times: 1 },
  );
}
