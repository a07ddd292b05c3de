import type { Clock } from '../../bot/clock.ts';
import type { Language } from '../../bot/errors.ts';
import type { ConversationPort } from '../../bot/im/conversation.ts';
import type { Im } from '../../bot/im/im.ts';
import type { Official } from '../../bot/official/official.ts';
import type { Logger } from '../../config/logger.ts';
import type { Asker } from './asker.ts';
import type { Connections } from './connections.ts';
import type { OfficialMeter } from './meter.ts';
import type { Outlet } from './outlet.ts';
import type { Speller } from './speller.ts';

/** What of the core the sockets need. */
export interface OfficialCore {
  hub: Im['hub'];
  log: Pick<Im['log'], 'drain'>;
  names: Pick<Im['names'], 'peek' | 'get' | 'nameOf'>;
  conversations: Pick<ConversationPort, 'agentCameOnline' | 'peek' | 'get'>;
}

/** What all connections share. */
export interface OfficialWire {
  im: OfficialCore;
  official: Pick<Official, 'readers' | 'pushes' | 'frames' | 'keepMs'>;
  speller: Speller;
  outlet: Outlet;
  connections: Connections;
  asker: Asker;
  meter: OfficialMeter;
  clock: Clock;
  logger: Logger;
  language: Language;
  heartbeatMs: number;
  /** Bytes that may wait for a client that reads slowly; beyond it is closed. */
  maxPending: number;
}
