import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { ConfigError } from '../../config/config.ts';
import { setLogLevel } from '../../config/logger.ts';
import { maskedConfig } from '../../config/masked.ts';
import { version } from '../../config/version.ts';
import { readySchema } from '../health.ts';
import { sentence } from '../sentence.ts';
import { operation } from './operation.ts';

const time = z.int().describe('Epoch milliseconds.');
const level = z.enum(['silent', 'error', 'warn', 'info', 'debug']);

const status = operation({
  id: 'status',
  method: 'get',
  path: '/status',
  tag: 'system',
  summary: 'The daemon at a glance: health, bots, queues, deliveries',
  answer: z.object({
    version: z.string(),
    node: z.string(),
    pid: z.int(),
    time: time.describe('The clock of the daemon, to compare yours with.'),
    timezone: z.string(),
    startedAt: time,
    url: z.string(),
    memoryBytes: z.int(),
    configFault: z.string().nullable().describe('Why the config could not be read again.'),
    ready: readySchema,
    bots: z
      .array(
        z.object({
          botcode: z.string(),
          state: z.string(),
          userAction: z.string(),
          account: z.string().nullable(),
          queued: z.int(),
        }),
      )
      .describe('The first 200.'),
    channels: z
      .array(
        z.object({
          chid: z.string(),
          pausedReason: sentence.nullable(),
          due: z.int(),
          dead: z.int(),
          oldestDueAt: time.nullable(),
        }),
      )
      .describe('The first 200.'),
  }),
  handle: async (core) => {
    const backlog = new Map((await core.deliveries.backlog()).map((one) => [one.chid, one]));
    const now = core.clock.now();
    return {
      version,
      node: process.version,
      pid: process.pid,
      time: now,
      timezone: core.config.timezone,
      startedAt: Math.round(now - process.uptime() * 1000),
      url: core.publicUrl(),
      memoryBytes: process.memoryUsage.rss(),
      configFault: core.health.reloadFault ?? null,
      ready: await core.health.ready(),
      bots: core.bots
        .list()
        .slice(0, 200)
        .map((bot) => {
          const { botcode, state, userAction, account } = bot.view();
          const { length } = core.sends.queue(botcode);
          return { botcode, state, userAction, account: account?.name ?? null, queued: length };
        }),
      channels: core.channels
        .list()
        .slice(0, 200)
        .map(({ chid, pausedReason }) => {
          const { due = 0, dead = 0, oldestDueAt } = backlog.get(chid) ?? {};
          return {
            chid,
            pausedReason: pausedReason ?? null,
            due: Number(due),
            dead: Number(dead),
            oldestDueAt: oldestDueAt === undefined ? null : Number(oldestDueAt),
          };
        }),
    };
  },
});

const getLogLevel = operation({
  id: 'getLogLevel',
  method: 'get',
  path: '/log-level',
  tag: 'system',
  summary: 'What is logged',
  answer: z.object({ level: z.string() }),
  handle: async ({ logger }) => ({ level: logger.level }),
});

const setLevel = operation({
  id: 'setLogLevel',
  method: 'put',
  path: '/log-level',
  role: 'admin',
  tag: 'system',
  summary: 'Change what is logged, until the next start or reload',
  body: z.strictObject({ level }),
  answer: z.object({ level }),
  handle: async ({ rootLogger }, { body }) => {
    setLogLevel(rootLogger, body.level);
    return { level: body.level };
  },
});

const reload = operation({
  id: 'reload',
  method: 'post',
  path: '/reload',
  role: 'admin',
  tag: 'system',
  summary: 'Read the config file again and apply what can change while it runs',
  description:
    'Channels, bots, pacing, admin password, log level. A faulty file changes nothing: all faults are answered.',
  answer: z.object({
    waiting: z.array(z.string()).describe('Sections that have changed and need a restart.'),
  }),
  handle: async (core) => {
    try {
      return { waiting: await core.reload() };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      throw new AppError('conflict', {
        zh: `配置文件有误，未作任何改动：${error.told('zh').join('; ')}`,
        en: `the config file is faulty, nothing was changed: ${error.told('en').join('; ')}`,
      });
    }
  },
});

const getConfig = operation({
  id: 'getConfig',
  method: 'get',
  path: '/config',
  role: 'admin',
  tag: 'system',
  summary: 'The config in force, defaults included; secrets are masked',
  description: 'What a reload has applied is in it; what waits for a restart is not.',
  answer: z.object({ config: z.record(z.string(), z.unknown()) }),
  handle: async (core) => ({ config: maskedConfig(core.configInForce()) }),
});

export const systemOperations = [status, getConfig, getLogLevel, setLevel, reload];
