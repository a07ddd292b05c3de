import { Alarms } from '../bot/alarms/alarms.ts';
import { createLanes } from '../bot/alarms/lanes/create-lanes.ts';
import { backupSource } from '../bot/alarms/sources/backup-source.ts';
import { botSource } from '../bot/alarms/sources/bot-source.ts';
import { certificateSource } from '../bot/alarms/sources/certificate-source.ts';
import { clockSource } from '../bot/alarms/sources/clock-source.ts';
import { databaseSource, diskSource } from '../bot/alarms/sources/disk-source.ts';
import { receiverSource } from '../bot/alarms/sources/receiver-source.ts';
import type { Bots } from '../bot/automation/bots/bots.ts';
import type { Deliveries } from '../bot/automation/deliveries/deliveries.ts';
import type { Sends } from '../bot/automation/sends/sends.ts';
import { Backups } from '../bot/backups/backups.ts';
import type { Channels } from '../bot/channels.ts';
import type { Clock } from '../bot/clock.ts';
import { ClockWatch } from '../bot/clock-watch.ts';
import { Reclaimer } from '../bot/reclaimer.ts';
import type { Storage } from '../bot/storage.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../config/logger.ts';
import { AlarmMessageStore } from '../store/alarm-messages.ts';
import { AlarmStore } from '../store/alarms.ts';
import { BackupRunStore } from '../store/backup-runs.ts';
import { ClockBackStore } from '../store/clock-back.ts';
import type { Database } from '../store/database.ts';
import type { DatabaseHealth } from '../store/database-health.ts';
import type { SettingStore } from '../store/settings.ts';
import { drillBackup } from './drills/backup-drill.ts';

export interface WatchOptions {
  config: Config;
  db: Database;
  health: DatabaseHealth;
  storage: Storage;
  settings: SettingStore;
  bots: Bots;
  sends: Sends;
  channels: Channels;
  deliveries: Deliveries;
  clock: Clock;
  area: (name: string) => Logger;
  publicUrl: () => string;
  reclaim: (pages: number) => Promise<number>;
}

/** What watches over the rest: alarms, backups, the clock. */
export function createWatch(options: WatchOptions) {
  const { config, db, health, storage, bots, sends, channels, deliveries, clock, area } = options;
  const startedAt = clock.now();
  const backups = new Backups({
    db,
    store: new BackupRunStore(db),
    dataDir: config.dataDir,
    settings: config.backup,
    timezone: config.timezone,
    clock,
    logger: area('bot:backups'),
    drill: (path, stop) => drillBackup(path, config.dataDir, stop),
  });
  const shifted = new ClockBackStore(db);
  const clockWatch = new ClockWatch({
    clock,
    settings: options.settings,
    logger: area('bot:clock'),
    onBack: async (byMs) => {
      await shifted.pullBack(byMs, clock.now());
      deliveries.hurry();
      sends.hurry(byMs);
    },
  });
  const alarms = new Alarms({
    store: new AlarmStore(db),
    messages: new AlarmMessageStore(db),
    settings: config.alarms,
    makeLanes: (lanes) => createLanes(lanes, { db, bots, sends, clock, language: config.language }),
    clock,
    logger: area('bot:alarms'),
    timezone: config.timezone,
    publicUrl: options.publicUrl,
  });
  const settings = () => alarms.settings;
  for (const source of [
    botSource(bots, settings),
    receiverSource({ channels, deliveries, settings }),
    diskSource(storage, settings),
    databaseSource(health, settings),
    backupSource(backups, settings, () => startedAt),
    clockSource({ settings, stepped: () => clockWatch.stepped }),
    certificateSource(config.publicUrl, settings),
  ]) {
    alarms.addSource(source);
  }
  const reclaimer = new Reclaimer({
    reclaim: options.reclaim,
    clock,
    logger: area('bot:retention'),
  });
  return { alarms, backups, clockWatch, reclaimer };
}
