import type { Logger } from '../../config/logger.ts';
import type { Vault } from '../../config/secrets.ts';
import type { Database } from '../../store/database.ts';
import { ImAppStore } from '../../store/im-apps.ts';
import { ImConversationStore } from '../../store/im-conversations.ts';
import { ImCursorStore } from '../../store/im-cursors.ts';
import { ImCustomerStore } from '../../store/im-customers.ts';
import { DeskStore } from '../../store/im-desks.ts';
import { ImDeviceStore } from '../../store/im-devices.ts';
import { ImGroupStore } from '../../store/im-groups.ts';
import { ImMessageStore } from '../../store/im-messages.ts';
import { ImNameStore } from '../../store/im-names.ts';
import { PushTokenStore } from '../../store/im-push-tokens.ts';
import { ImRetentionStore } from '../../store/im-retention.ts';
import { ImUserStore } from '../../store/im-users.ts';
import type { Clock } from '../clock.ts';
import { Apps, type ConfiguredApp } from './apps.ts';
import type { CustomerDoor, PairPort } from './conversation.ts';
import { Conversations } from './conversations.ts';
import { Cursors } from './cursors.ts';
import { Customers } from './customers.ts';
import { Desks } from './desks.ts';
import { Devices } from './devices.ts';
import { Groups } from './groups.ts';
import { Hub } from './hub.ts';
import { ownApps, type User } from './message.ts';
import { MessageLog } from './message-log.ts';
import { MessageRetention } from './message-retention.ts';
import { Names } from './names.ts';
import { Overhearing } from './overhearing.ts';
import { PushTokens } from './push-tokens.ts';
import { ImSender, type Overhear } from './sending.ts';
import { ServiceOffice } from './service-office.ts';
import { ServiceRetention } from './service-retention.ts';
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
  /** Who of the users is a customer, and may do less. */
  customers: Customers;
  /** Customers and whoever answers them, whatever ways both come by. */
  conversations: Conversations;
  overhearing: Overhearing;
  /** What operators do about conversations. */
  office: ServiceOffice;
  devices: Devices;
  pushTokens: PushTokens;
  /** Loads what has to be in memory. */
  start(apps: readonly ConfiguredApp[]): Promise<void>;
  /** Makes the applications of the config file what it says; sessions of those that went end. */
  applyApps(apps: readonly ConfiguredApp[]): Promise<void>;
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
  /** Our own address. */
  publicUrl?: () => string;
  /** Throws while nothing new is taken. */
  assertRoom?: () => void;
  /** Made later than this: asked for when they are needed. */
  door?: () => CustomerDoor | undefined;
  chatDoor?: () => CustomerDoor | undefined;
  pairs?: () => PairPort | undefined;
}

export function createIm(options: ImOptions): Im {
  const { db, messagesDays = 365, vault, clock, logger, publicUrl } = options;
  const hub = new Hub();
  const apps = new Apps({ store: new ImAppStore(db), vault, clock });
  const users = new Users({ store: new ImUserStore(db), vault, hub, apps, clock });
  const nameStore = new ImNameStore(db);
  const names = new Names(nameStore);
  const messages = new ImMessageStore(db);
  const firstKey = (appid: number): number => apps.get(appid)?.firstKey ?? 0;
  const log = new MessageLog({
    ...{ store: messages, hub, clock, logger, firstKey },
    ...(options.assertRoom && { assertRoom: options.assertRoom }),
  });
  const newest = (user: User, gid: number): Promise<number> =>
    gid === 0 ? log.last(user) : log.lastOfGroup(gid, user.appid);
  const cursors = new Cursors({ store: new ImCursorStore(db), clock, logger, newest });
  const groupStore = new ImGroupStore(db);
  const groups = new Groups({ db, store: groupStore, log, users, cursors, clock, logger });
  const retention = new MessageRetention({
    store: new ImRetentionStore(db),
    clock,
    logger,
    messagesDays,
  });
  const deskStore = new DeskStore(db);
  const onSeller = (uid: number): void => conversations.agentCameOnline(String(uid));
  const desks = new Desks({ store: deskStore, apps, users, clock, onSeller });
  const store = new ImConversationStore(db);
  const { door, chatDoor, pairs } = options;
  const reached = { publicUrl, door, chatDoor, pairs };
  const service = { db, deskStore, messages, desks, users, names, log, hub, clock, logger };
  const conversations = new Conversations({ store, ...service, ...reached });
  const overhearing = new Overhearing({ conversations, ...service });
  const overhear: Overhear = (tx, heard) => overhearing.hear(tx, heard);
  const sender = new ImSender({ log, groups, users, hub, overhear });
  const { cache } = conversations;
  const kept = { store, names, nameStore, cache, hub, clock, logger, messagesDays };
  const serviceRetention = new ServiceRetention(kept);
  const pushTokens = new PushTokens({ store: new PushTokenStore(db), vault, clock });
  return {
    apps,
    users,
    names,
    groups,
    log,
    cursors,
    hub,
    sender,
    desks,
    customers: new Customers({ store: new ImCustomerStore(db), desks, apps }),
    conversations,
    overhearing,
    office: new ServiceOffice({ conversations, desks: deskStore, messages, log }),
    devices: new Devices(new ImDeviceStore(db)),
    pushTokens,
    async start(configured) {
      await apps.applyConfig(configured);
      await users.start();
      retention.start();
      conversations.start();
      serviceRetention.start();
    },
    async applyApps(configured) {
      await apps.applyConfig(configured);
      for (const session of hub.all()) {
        const isOurs = session.appid === ownApps.names;
        if (!isOurs && apps.get(session.appid) === undefined) session.close('application removed');
      }
    },
    async stop() {
      await retention.stop();
      await serviceRetention.stop();
      await conversations.stop();
      await log.drain();
      await cursors.stop();
    },
  };
}
