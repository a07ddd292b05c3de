import { join } from 'node:path';
import type { BotSettings } from '../../../../config/config.ts';
import type { Logger } from '../../../../config/logger.ts';
import type { Clock } from '../../../clock.ts';
import type { Driver, DriverFactory, DriverTools } from '../../driver.ts';
import { SimulatorDriver } from './simulator-driver.ts';
import { SimulatedWeChat } from './simulator-wechat.ts';
import { World } from './simulator-world.ts';

export interface SimulatorsOptions {
  clock: Clock;
  logger: Logger;
}

/**
 * The simulated WeChats of this process, one for each bot whose driver is the simulator. The driver
 * object of a bot may change (settings, restarts of a supervisor), its WeChat stays.
 */
export class Simulators {
  readonly #options: SimulatorsOptions;
  readonly #wechats = new Map<string, SimulatedWeChat>();

  constructor(options: SimulatorsOptions) {
    this.#options = options;
  }

  readonly factory: DriverFactory = (bot, tools) => this.#build(bot, tools);

  get(botcode: string): SimulatedWeChat | undefined {
    return this.#wechats.get(botcode);
  }

  /** The bot is no simulator any more. Its journal stays. */
  remove(botcode: string): void {
    this.#wechats.delete(botcode);
  }

  #build(bot: BotSettings, tools: DriverTools): Driver {
    const { clock, logger } = this.#options;
    const { botcode, autoScan, seed } = bot;
    let wechat = this.#wechats.get(botcode);
    if (wechat === undefined) {
      const file = join(tools.dataDir, `${botcode}.jsonl`);
      const world = new World({ botcode, seed, file, logger });
      wechat = new SimulatedWeChat({ botcode, world, clock, logger });
      this.#wechats.set(botcode, wechat);
    }
    return new SimulatorDriver({ wechat, autoScan, sessions: tools.sessions, clock, logger });
  }
}
