import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Driver, Sessions } from '../../bot/automation/driver.ts';
import { createWechatyFactory } from '../../bot/automation/drivers/wechaty/wechaty.ts';
import { type Clock, VirtualClock } from '../../bot/clock.ts';
import { botSchema } from '../../config/bot-schema.ts';
import type { BotSettings } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import type { DriverHarness, WorldControls } from './driver-harness.ts';
import { MemorySessions } from './memory-sessions.ts';
import { type ServedPuppet, servePuppet } from './puppet-farm.ts';
import type { SimFault } from './sim-faults.ts';
import type { SimPuppet } from './sim-puppet.ts';

export interface DriverBench {
  dataDir: string;
  /** Kept in memory unless others were given. */
  sessions: MemorySessions;
  /** Everything logged, as lines of JSON. */
  log: string[];
  build(bot: Partial<BotSettings> & { botcode?: string }): Driver;
  close(): Promise<void>;
}

/** What wechaty drivers are built with: a data folder, kept sessions, one factory. */
export async function driverBench(
  clock: Clock,
  level = 'info',
  oldDir?: string,
  oldSessions?: Sessions,
): Promise<DriverBench> {
  const dataDir = oldDir ?? (await mkdtemp(join(tmpdir(), 'wxrc-wechaty-')));
  const sessions = new MemorySessions();
  const log: string[] = [];
  const logger = createLogger(level, { write: (line: string) => void log.push(line) });
  const factory = createWechatyFactory();
  const drivers: Driver[] = [];
  return {
    dataDir,
    sessions,
    log,
    build(bot) {
      const settings = botSchema.parse({ botcode: 'bot01', driver: 'wechaty', ...bot });
      const tools = { clock, logger, sessions: oldSessions ?? sessions, dataDir };
      const driver = factory(settings, tools);
      drivers.push(driver);
      return driver;
    },
    async close() {
      for (const driver of drivers) await driver.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The wechaty driver over real gRPC on loopback, to a simulated puppet. */
export function wechatyHarness(tls: boolean): DriverHarness {
  return {
    features: ['qr', 'qr-renewal', 'kept-session', 'kick', 'private', 'mention', 'heartbeat'],
    faults: [
      'delay:text',
      'hang:text',
      'lost-answer:text',
      'lost-answer:image',
      'error:text',
      'rate:text',
      'error:rooms',
      'hang:rooms',
      'hang:ping',
      'error:start',
      'hang:start',
      'stream-death',
    ],
    async open() {
      const clock = new VirtualClock();
      const served = await servePuppet({ clock }, { tls });
      const bench = await driverBench(clock);
      const build = (): Driver => bench.build({ puppetOptions: served.options });
      return {
        driver: build(),
        world: worldOf(served),
        reopen: async () => build(),
        async pass(ms) {
          // A start takes several round trips before it gets to the puppet.
          for (let waited = 0; waited < 200 && served.puppet.faults.waits('start'); waited += 1) {
            await pause(5);
          }
          await networkTurns();
          await clock.advance(ms, networkTurns);
        },
        async close() {
          await bench.close();
          await served.close();
        },
      };
    },
  };
}

/**
 * Lets calls between a client and a server of this very process run to their end: both need turns
 * of the event loop, and how long those take does not matter.
 */
export async function networkTurns(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (turn % 20 === 0) await pause(1);
  }
}

function worldOf(served: ServedPuppet): WorldControls {
  const puppet: SimPuppet = served.puppet;
  return {
    scan: async () => puppet.scan(),
    confirm: async () => puppet.enter(),
    kick: () => puppet.kick(),
    createRoom: async (topic, members) => puppet.addRoom(topic, members),
    rename: async (roomId, topic) => puppet.rename(roomId, topic),
    addContact: async (name) => puppet.addContact(name),
    say: async (roomId, memberId, text, options) => {
      if (options?.at !== true) puppet.say(memberId, { roomId }, text);
      else puppet.say(memberId, { roomId }, `@某某 ${text}`, [puppet.account.id]);
    },
    sayPrivately: async (contactId, text) => puppet.say(contactId, { contactId }, text),
    seen: async (chatId) => puppet.seenIn(chatId).map((one) => ({ ...one, card: { ...one.card } })),
    fault: async (fault) => {
      if (fault.kind === 'stream-death') {
        await served.down();
        await served.up();
      } else puppet.faults.add(fault satisfies SimFault);
    },
  };
}
