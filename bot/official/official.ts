import type { Logger } from '../../config/logger.ts';
import type { Database } from '../../store/database.ts';
import { ImCursorStore } from '../../store/im-cursors.ts';
import { ImMessageStore } from '../../store/im-messages.ts';
import { ImRetentionStore } from '../../store/im-retention.ts';
import { OfficialManyStore } from '../../store/official-many.ts';
import { OfficialPushStore } from '../../store/official-pushes.ts';
import { OfficialReaderStore } from '../../store/official-readers.ts';
import { OfficialRetentionStore } from '../../store/official-retention.ts';
import type { Clock } from '../clock.ts';
import type { ConversationPort } from '../im/conversation.ts';
import type { Im } from '../im/im.ts';
import { Frames } from './frames.ts';
import { Pushes } from './pushes.ts';
import { Readers } from './readers.ts';
import { OfficialRetention } from './retention.ts';

/** What the official-account component keeps: who is owed what, and how far everybody is. */
export interface Official {
  pushes: Pushes;
  readers: Readers;
  frames: Frames;
  retention: OfficialRetention;
  /** How long frames wait. */
  readonly keepMs: number;
  start(): void;
  /** After the connections. */
  stop(): Promise<void>;
}

export interface OfficialOptions {
  db: Database;
  im: Pick<Im, 'log' | 'names' | 'cursors' | 'hub'> & {
    conversations: Pick<ConversationPort, 'fromAgent' | 'isOnlyAnswered'>;
  };
  keepDays: number;
  clock: Clock;
  logger: Logger;
  /** Throws while nothing new is taken. */
  assertRoom?: () => void;
}

export function createOfficial(options: OfficialOptions): Official {
  const { db, im, keepDays, clock, logger } = options;
  const { log, names, cursors, hub, conversations } = im;
  const keepMs = keepDays * 86_400_000;
  const keys = new OfficialPushStore(db);
  const messages = new ImMessageStore(db);
  const many = new OfficialManyStore(db);
  const readers = new Readers({
    ...{ cursors, clock, logger },
    store: new OfficialReaderStore(db),
    cursorStore: new ImCursorStore(db),
    rememberMs: keepMs,
  });
  const retention = new OfficialRetention({
    ...{ keys, many, readers, messages, clock, logger, keepMs },
    store: new OfficialRetentionStore(db),
    places: new ImRetentionStore(db),
  });
  return {
    pushes: new Pushes({
      ...{ store: keys, many, log, names, hub, conversations, clock },
      assertRoom: options.assertRoom,
    }),
    readers,
    retention,
    keepMs,
    frames: new Frames({ log, messages, many }),
    start: () => retention.start(),
    async stop() {
      await retention.stop();
      await readers.stop();
    },
  };
}
