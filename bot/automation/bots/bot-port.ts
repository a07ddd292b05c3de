import type { BotSettings } from '../../../config/config.ts';
import type { Text } from '../../errors.ts';
import type {
  Capabilities,
  Driver,
  DriverContact,
  IncomingMessage,
  RoomMember,
} from '../driver.ts';
import type { BotView } from './bot-state.ts';

/** A room as our own directory knows it. */
export interface RoomView {
  id: string;
  topic: string;
  formerTopics: string[];
  members: RoomMember[];
  firstSeen: number;
  lastSeen: number;
}

/**
 * What the directory can say of a topic. `absent` only with proof: a complete room sync that began
 * after the question was asked and finished (`syncedAt`). `renamed`: found under a former topic.
 */
export type RoomResolution =
  | { found: 'room'; room: RoomView }
  | { found: 'renamed'; room: RoomView }
  | { found: 'ambiguous'; rooms: RoomView[] }
  | { found: 'absent'; syncedAt: number }
  | { found: 'not-ready' };

export interface RoomDirectory {
  list(): RoomView[];
  byId(id: string): RoomView | undefined;
  /** From memory, at once. Never `absent`: that needs proof. */
  lookUp(target: { topic: string } | { id: string }): RoomResolution;
  /**
   * Looks up; what is not found is looked for in a complete sync that begins now or later (shared
   * by callers, at most one every 5 s on real drivers). Rejects never; `not-ready` when the sync
   * failed or did not finish within `withinMs`. `fresh`: what is found is looked for again, too,
   * because WeChat denied it.
   */
  prove(
    target: { topic: string } | { id: string },
    withinMs: number,
    fresh?: boolean,
  ): Promise<RoomResolution>;
}

/** A bot that can send now. Sends carry the account they leave from. */
export interface BotSession {
  driver: Driver;
  accountId: string;
  /** Rises with every life of the driver. */
  generation: number;
}

export type BotNotice =
  /** State, account or session changed. */
  | { type: 'state' }
  /** It is there from now on, has other settings, or is gone. */
  | { type: 'list' }
  /** Rooms became known or changed, or a room sync finished. */
  | { type: 'rooms' }
  /** Something was said, own words included (echo). */
  | { type: 'message'; message: IncomingMessage };

/** What sends, commands and the admin API see of one bot. */
export interface BotHandle {
  readonly botcode: string;
  readonly settings: BotSettings;
  readonly rooms: RoomDirectory;
  view(): BotView;
  /** Undefined before the driver was ever built; then the driver's last word. */
  capabilities(): Capabilities;
  /** Undefined while sends must wait (not logged in, syncing, suspect, wrong account, off). */
  session(): BotSession | undefined;
  /** Why sends wait, for operators; undefined when they need not. */
  waitReason(): Text | undefined;
  /** From cache, at most 5 minutes old; rejects with DriverError when unknown and unreachable. */
  contacts(): Promise<DriverContact[]>;
  /** Proof for the can-send age: one of our messages was acknowledged or echoed. */
  noteSent(): void;
}

export interface BotRegistry {
  get(botcode: string): BotHandle | undefined;
  list(): BotHandle[];
  /** Listens to all bots; returns a function that stops. */
  on(listener: (botcode: string, notice: BotNotice) => void): () => void;
}
