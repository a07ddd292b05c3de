import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';
import { eventually } from './eventually.ts';

/**
 * A real Chromium. The first start on a machine unpacks it; another test that does so at the same
 * moment may meet half a file, so that a start is tried again.
 */
export async function launchBrowser(): Promise<Browser> {
  let last: unknown;
  const launch = async (): Promise<Browser | undefined> => {
    try {
      const executablePath = await chromium.executablePath();
      return await playwright.launch({ executablePath, args: chromium.args, headless: true });
    } catch (error) {
      last = error;
      return undefined;
    }
  };
  try {
    return await eventually('a browser', launch, 20_000);
  } catch {
    throw last;
  }
}
