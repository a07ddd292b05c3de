import type { Place } from './im-socket.ts';

/**
 * What a client says to what it gets. `each`: ACK and SYNC_KEY to each message, as the SDKs do;
 * `syncs`: SYNC_KEY after a sync only; `never`: everything is there again the next time.
 */
export type Confirms = 'each' | 'syncs' | 'never';

export interface ImClientOptions extends Place {
  uid: number;
  token: string;
  confirms: Confirms;
  /** How far this client has read: its own inbox and those of super groups. */
  key?: number;
  groupKeys?: Map<number, number>;
}

/** A message that was accepted. One object for all: what is kept of it is to be copied. */
export interface Received {
  command: number;
  /** The super group in whose inbox it lies; 0: the own. */
  gid: number;
  /** Its place there; in a sync taken as following the one before. */
  key: number;
  /** A push. What comes in a sync is the client's only with the end of the sync. */
  live: boolean;
  sender: number;
  receiver: number;
  number: number;
  buffer: Buffer;
  textAt: number;
  textEnd: number;
}
