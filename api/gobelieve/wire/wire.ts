import type { Clock } from '../../../bot/clock.ts';
import type { Im } from '../../../bot/im/im.ts';
import type { Logger } from '../../../config/logger.ts';
import type { ClientConnection } from './connection.ts';
import type { Connections } from './connections.ts';
import type { Frame } from './frame-reader.ts';
import type { FrameWriterPool } from './frame-writer.ts';

/** What of the core the wire protocol needs. */
export interface WireCore {
  users: Pick<Im['users'], 'authenticate'>;
  devices: Pick<Im['devices'], 'of'>;
  sender: Pick<Im['sender'], 'peer' | 'group' | 'customer' | 'chatRoom' | 'realtime'>;
  log: Pick<Im['log'], 'read' | 'readGroup' | 'last' | 'lastOfGroup' | 'drain'>;
  cursors: Pick<Im['cursors'], 'get' | 'getWithin' | 'raiseGroup' | 'confirm'>;
  groups: Pick<Im['groups'], 'peek' | 'get' | 'superOf'>;
  hub: Im['hub'];
  apps: Pick<Im['apps'], 'get'>;
  desks: Pick<Im['desks'], 'get' | 'list' | 'sellers' | 'supporter'>;
  customers: Pick<Im['customers'], 'includes' | 'mayWriteTo'>;
  overhearing: Pick<Im['overhearing'], 'mayAnswer'>;
}

/** What all connections share. */
export interface Wire {
  im: WireCore;
  clock: Clock;
  logger: Logger;
  /** Bytes that may wait for a client that reads slowly; beyond it is closed. */
  maxPending: number;
  writers: FrameWriterPool;
  connections: Connections;
  nextId(): number;
  /** Does what a frame says. @returns why the connection has to end, if it has */
  dispatch(connection: ClientConnection, frame: Frame): string | undefined;
}
