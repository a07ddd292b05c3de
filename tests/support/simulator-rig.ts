import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Driver } from '../../bot/automation/driver.ts';
import { Simulators } from '../../bot/automation/drivers/simulator/simulator.ts';
import type { SimulatedWeChat } from '../../bot/automation/drivers/simulator/simulator-wechat.ts';
import { VirtualClock } from '../../bot/clock.ts';
import { type BotSettings, parseConfig } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import { MemorySessions } from './memory-sessions.ts';

export interface SimulatorRig {
  clock: VirtualClock;
  dataDir: string;
  file: string;
  sessions: MemorySessions;
  driver: Driver;
  wechat: SimulatedWeChat;
  simulators: Simulators;
  /** Another driver object on the same WeChat, as two clients of one account. */
  second(): Driver;
  /** What a restart of the process finds: nothing in memory, the same journal and sessions. */
  restart(): { driver: Driver; wechat: SimulatedWeChat };
  close(): Promise<void>;
}

/** A simulated WeChat on a virtual clock in a temporary folder, and a driver, not started. */
export function simulatorRig(settings: Partial<BotSettings> = {}): SimulatorRig {
  const clock = new VirtualClock();
  const logger = createLogger('silent');
  const dataDir = mkdtempSync(join(tmpdir(), 'wxrc-simulator-'));
  const sessions = new MemorySessions();
  const botcode = settings.botcode ?? 'bot01';
  const [bot] = parseConfig({ bots: [{ autoScan: false, ...settings, botcode }] }).bots ?? [];
  if (bot === undefined) throw new Error('no bot');
  const drivers: Driver[] = [];
  const build = (): { simulators: Simulators; driver: Driver; wechat: SimulatedWeChat } => {
    const simulators = new Simulators({ clock, logger });
    const driver = simulators.factory(bot, { clock, logger, sessions, dataDir });
    const wechat = simulators.get(botcode);
    if (wechat === undefined) throw new Error('no WeChat');
    drivers.push(driver);
    return { simulators, driver, wechat };
  };
  const first = build();
  return {
    ...first,
    clock,
    dataDir,
    second: () => {
      const driver = first.simulators.factory(bot, { clock, logger, sessions, dataDir });
      drivers.push(driver);
      return driver;
    },
    file: join(dataDir, `${botcode}.jsonl`),
    sessions,
    restart: build,
    close: async () => {
      for (const driver of drivers) await driver.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
