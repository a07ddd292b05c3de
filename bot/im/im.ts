import type { Logger } from '../../config/logger.ts';
import type { Vault } from '../../config/secrets.ts';
import type { Database } from '../../store/database.ts';
import { ImAppStore } from '../../store/im-apps.ts';
import { ImCursorStore } from '../../store/im-cursors.ts';
import { DeskStore } from '../../store/im-desks.ts';
import { ImDeviceStore } from '../../store/im-devices.ts';
import { ImGroupStore } from '../../store/im-groups.ts';
import { ImMessageStore } from '../../store/im-messages.ts';
import { ImNameStore } from '../../store/im-names.ts';
import { PushTokenStore } from '../../store/im-push-tokens.ts';
import { ImRetentionStore } from '../../store/im-retention.ts';
import { ImUserStore } from '../../store/im-users.ts';
import type { Clock } from '../clock.ts';
import { Apps } from './apps.ts';
import { Cursors } from './cursors.ts';
import { Desks } from './desks.ts';
import { Devices } from './devices.ts';
import { Groups } from './groups.ts';
import { Hub } from './hub.ts';
import { MessageLog } from './message-log.ts';
import { MessageRetention } from './message-retention.ts';
import { Names } from './names.ts';
import { PushTokens } from './push-tokens.ts';
import { ImSender } from './sending.ts';
import { Users } from './users.ts';

/** The message core of instant messaging. */
export interface Im {
  apps: Apps;
  users: Users;
  /** People known by a text. */
  names: Names;
  groups: Groups;
  log: MessageLog;
  cursors: Cursors;
  hub: Hub;
  sender: ImSender;
  desks: Desks;
  devices: Devices;
  pushTokens: PushTokens;
  /** Loads what has to be in memory. */
  start(apps: readonly { appid: number; secret: string }[]): Promise<void>;
  /** Makes the applications of the config file what it says; sessions of those that went end. */
  applyApps(apps: readonly { appid: number; secret: string }[]): Promise<void>;
  /** Brings to disk what waits; sessions are closed by their listeners before. */
  stop(): Promise<void>;
}

export interface ImOptions {
  db: Database;
  /** How long what was said is kept. */
  messagesDays?: number;
  vault: Vault;
  clock: Clock;
  logger: Logger;
}

export function createIm({ db, messagesDays = 365, vault, clock, logger }: ImOptions): Im {
  const hub = new Hub();
  const apps = new Apps({ store: new ImAppStore(db), vault, clock });
  const users = new Users({ store: new ImUserStore(db), vault, hub, apps, clock });
  const log = new MessageLog({ store: new ImMessageStore(db), hub, clock, logger });
  const cursors = new Cursors({ store: new ImCursorStore(db), clock, logger });
  const groupStore = new ImGroupStore(db);
  const groups = new Groups({ db, store: groupStore, log, users, cursors, clock, logger });
  const retention = new MessageRetention({
    store: new ImRetentionStore(db),
    clock,
    logger,
    messagesDays,
  });
  const sender = new ImSender({ log, groups, users, hub });
  const desks = new Desks({ store: new DeskStore(db), apps, users, clock });
  const pushTokens = new PushTokens({ store: new PushTokenStore(db), vault, clock });
  return {
    apps,
    users,
    names: new Names(new ImNameStore(db)),
    groups,
    log,
    cursors,
    hub,
    sender,
    desks,
    devices: new Devices(new ImDeviceStore(db)),
    pushTokens,
    async start(configured) {
      await apps.applyConfig(configured);
      await users.start();
      retention.start();
    },
    async applyApps(configured) {
      await apps.applyConfig(configured);
      for (const session of hub.all()) {
        if (apps.get(session.appid) === undefined) session.close('application removed');
      }
    },
    async stop() {
      await retention.stop();
      await log.drain();
      await cursors.stop();
    },
  };
}
