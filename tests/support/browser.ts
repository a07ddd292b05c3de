import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';
import { eventually } from './eventually.ts';

/**
 * What suits small machines in a cloud and no operator's browser has: all in one process, which ends
 * when a context is closed, and pages that may do what policies forbid.
 */
const unlikeTheirs = new Set([
  '--single-process',
  '--disable-web-security',
  '--allow-running-insecure-content',
]);

/**
 * A real Chromium. The first start on a machine unpacks it; another test that does so at the same
 * moment may meet half a file, so that a start is tried again.
 * @param env laid over the environment of this process
 */
export async function launchBrowser(env: Record<string, string> = {}): Promise<Browser> {
  let last: unknown;
  const launch = async (): Promise<Browser | undefined> => {
    try {
      const executablePath = await chromium.executablePath();
      return await playwright.launch({
        executablePath,
        args: chromium.args.filter((one) => !unlikeTheirs.has(one)),
        headless: true,
        // Read after the package has set what its own libraries need.
        env: { ...(process.env as Record<string, string>), ...env },
      });
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
