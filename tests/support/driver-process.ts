import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DriverEvent, Sessions } from '../../bot/automation/driver.ts';
import { createWechatyFactory } from '../../bot/automation/drivers/wechaty/wechaty.ts';
import { RealClock } from '../../bot/clock.ts';
import { botSchema } from '../../config/bot-schema.ts';
import { createLogger } from '../../config/logger.ts';

/*
 * A daemon as far as a driver is concerned, in a process that tests may kill. Its sessions are in
 * `<dataDir>/sessions.json`.
 */

interface Order {
  dataDir: string;
  bot: Record<string, unknown>;
}

export class FileSessions implements Sessions {
  readonly #file: string;

  constructor(dataDir: string) {
    this.#file = `${dataDir}/sessions.json`;
  }

  async load(botcode: string): Promise<string | undefined> {
    return this.#read()[botcode];
  }

  async save(botcode: string, card: string): Promise<void> {
    writeFileSync(this.#file, JSON.stringify({ ...this.#read(), [botcode]: card }));
  }

  async forget(botcode: string): Promise<void> {
    const { [botcode]: _gone, ...rest } = this.#read();
    writeFileSync(this.#file, JSON.stringify(rest));
  }

  #read(): Record<string, string> {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8'));
    } catch {
      return {};
    }
  }
}

/** Starts a process with one driver and tells its events. */
export function startDriverProcess(
  order: Order,
  onEvent: (event: DriverEvent | { type: 'started' } | { type: 'failed'; reason: string }) => void,
): ChildProcess {
  const child = fork(fileURLToPath(import.meta.url), [], {
    execArgv: ['--no-deprecation'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', onEvent);
  child.send(order);
  return child;
}

async function run({ dataDir, bot }: Order): Promise<void> {
  const driver = createWechatyFactory()(botSchema.parse(bot), {
    clock: new RealClock(),
    logger: createLogger('silent'),
    sessions: new FileSessions(dataDir),
    dataDir,
  });
  driver.on((event) => process.send?.(event));
  try {
    await driver.start(new AbortController().signal);
    process.send?.({ type: 'started' });
  } catch (error) {
    process.send?.({ type: 'failed', reason: String(error) });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once('message', (order: Order) => void run(order));
}
