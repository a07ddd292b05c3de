/** Sends texts without end into the first room of a simulated WeChat and prints the ref of each. */
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Simulators } from '../../bot/automation/drivers/simulator/simulator.ts';
import { RealClock } from '../../bot/clock.ts';
import { createLogger } from '../../config/logger.ts';
import { MemorySessions } from './memory-sessions.ts';

/** At once, as a kill may come next; a reader that lags behind is waited for. */
async function print(line: string): Promise<void> {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      await pause(1);
    }
  }
}

const clock = new RealClock();
const logger = createLogger('silent');
const simulators = new Simulators({ clock, logger });
const driver = simulators.factory(
  { botcode: 'bot01', driver: 'simulator', autoStart: true, autoScan: false },
  { clock, logger, sessions: new MemorySessions(), dataDir: process.argv[2] ?? '' },
);
await driver.start(new AbortController().signal);
const wechat = simulators.get('bot01');
wechat?.scan();
await wechat?.confirm();
const id = wechat?.rooms()[0]?.id ?? '';
for (let count = 1; ; count += 1) {
  const ref = String(count);
  await driver.sendText({ kind: 'room', id }, `第 ${ref} 条`, { ref });
  await print(`${ref}\n`);
  if (count % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
}
