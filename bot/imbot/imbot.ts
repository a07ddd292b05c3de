import type { Logger } from '../../config/logger.ts';
import type { Database } from '../../store/database.ts';
import { ImbotNoticeStore } from '../../store/imbot-notices.ts';
import { ImbotPairStore } from '../../store/imbot-pairs.ts';
import { ImbotRetentionStore } from '../../store/imbot-retention.ts';
import { ImbotUserStore } from '../../store/imbot-users.ts';
import type { Clock } from '../clock.ts';
import type { ConversationPort } from '../im/conversation.ts';
import type { Im } from '../im/im.ts';
import { Callback } from './callback.ts';
import { ImbotDesk } from './desk.ts';
import { ImbotMessages } from './messages.ts';
import { NoticeTeller } from './notice-teller.ts';
import { Notices } from './notices.ts';
import { Pairs } from './pairs.ts';
import { PendingNotices } from './pending-notices.ts';
import type { WechatPort } from './ports.ts';
import { ImbotRetention } from './retention.ts';
import { ImbotUsers } from './users.ts';

/** The mini-program IM. */
export interface Imbot {
  users: ImbotUsers;
  pairs: Pairs;
  messages: ImbotMessages;
  notices: Notices;
  pendingNotices: PendingNotices;
  wechat: WechatPort;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface ImbotOptions {
  db: Database;
  im: Pick<Im, 'log' | 'names' | 'desks'>;
  conversations: ConversationPort | undefined;
  /** While this stays the same, who answers whom does, too. */
  changes: () => number;
  wechat: WechatPort;
  settings: {
    noticeWaitSeconds: number;
    noticeAllow: readonly string[];
    storeId?: number | undefined;
  };
  /** Whether an address is our own for template messages. */
  isOwn: (address: string) => boolean;
  clock: Clock;
  logger: Logger;
}

export function createImbot(options: ImbotOptions): Imbot {
  const { db, im, conversations, changes, wechat, settings, isOwn, clock, logger } = options;
  const { names } = im;
  const users = new ImbotUsers({ store: new ImbotUserStore(db), clock });
  const pairs = new Pairs({ db, store: new ImbotPairStore(db), log: im.log });
  const waitMs = settings.noticeWaitSeconds * 1000;
  const pendingNotices = new PendingNotices({ pairs, names, wechat, waitMs, clock });
  const teller = new NoticeTeller({
    wechat: {
      sendNotice(notice) {
        pendingNotices.note(notice);
        return wechat.sendNotice(notice);
      },
    },
    callback: new Callback(settings.noticeAllow),
    isOwn,
    clock,
  });
  const notices = new Notices({
    store: new ImbotNoticeStore(db),
    ...{ pairs, names, wechat, teller, clock, logger },
    waitMs,
  });
  const messages = new ImbotMessages({
    ...{ db, names, pairs, users, notices },
    log: im.log,
    service: conversations && {
      ...{ conversations, changes },
      desk: new ImbotDesk({ conversations, desks: im.desks, storeId: settings.storeId }),
    },
  });
  const retention = new ImbotRetention({ store: new ImbotRetentionStore(db), clock, logger });
  return {
    ...{ users, pairs, messages, notices, pendingNotices, wechat },
    async start() {
      await users.start();
      await notices.start();
      retention.start();
    },
    async stop() {
      await retention.stop();
      await notices.stop();
    },
  };
}
