import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { endStrayHosts } from '../bot/automation/drivers/wechaty/wechaty.ts';
import { type Config, pacingDefaults } from '../config/config.ts';
import { setLogLevel } from '../config/logger.ts';
import { logConfigWarnings } from './config-warnings.ts';
import type { Core } from './core.ts';

/** Sections a reload does not touch. */
export const needRestart = [
  'http',
  'publicUrl',
  'dataDir',
  'timezone',
  'language',
  'commands',
  'fetch',
  'retention',
  'reporting',
  'access',
  'im',
  'official',
  'imbot',
  'disk',
] as const satisfies (keyof Config)[];

/**
 * Applies what can change while it runs.
 * @param started the config in force since the start
 * @returns sections that have changed and need a restart
 */
export async function applyConfig(core: Core, config: Config, started: Config): Promise<string[]> {
  if (config.channels !== undefined) await core.channels.applyConfig(config.channels);
  if (config.bots !== undefined) await core.bots.applyConfig(config.bots);
  await core.im.applyApps(config.apps);
  core.wechat.applyConfig(config.wechat);
  await core.chatbot.applyConfig(config.chatbot, config.rules);
  await core.reports.applyConfig(config.reports);
  await endStrays(core);
  core.sends.setDefaults(pacingDefaults(config));
  core.alarms.applyConfig(config.alarms);
  core.backups.applyConfig(config.backup);
  core.mcp.applyConfig(config.mcp);
  await core.operators.applyConfig(config.admin);
  setLogLevel(core.logger, config.log);
  core.logger.info('config read again');
  await logConfigWarnings(config, core.logger);
  const waiting = needRestart.filter((key) => !isDeepStrictEqual(config[key], started[key]));
  if (waiting.length > 0) core.logger.warn({ waiting }, 'these changes need a restart');
  return waiting;
}

/** What counts once a config was applied: what needs a restart is as it was since the start. */
export function inForce(config: Config, started: Config): Config {
  const kept = Object.fromEntries(needRestart.map((key) => [key, started[key]]));
  return { ...config, ...kept };
}

/** Hosts outlive the daemon; those of bots that are no more must not. */
export async function endStrays(core: Core): Promise<void> {
  const known = new Set(core.bots.list().map((bot) => bot.botcode));
  await endStrayHosts(join(core.config.dataDir, 'wechaty'), known);
}
