import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits in real time until `probe` gives something other than undefined or false, and answers it.
 * @throws after `withinMs`, naming what was waited for
 */
export async function eventually<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 8000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await pause(4);
  }
}
