import type { TestDaemon } from './daemon.ts';
import { eventually } from './eventually.ts';

/** A phone scans and confirms as soon as there is a code; the simulated bot is ready afterwards. */
export async function logInBot({ url, daemon }: TestDaemon, botcode: string): Promise<void> {
  for (const act of ['scan', 'confirm']) {
    const address = `${url}/simulator/${botcode}/${act}`;
    await eventually(act, async () => (await fetch(address, { method: 'POST' })).ok);
  }
  const view = () => daemon.core.bots.get(botcode)?.view();
  await eventually('the bot is ready', () => view()?.state === 'ready');
}
