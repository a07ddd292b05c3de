import type { Tx } from '../store/database.ts';
import type { MessageKind } from './automation/driver.ts';

/** What channels are told of (contract section 1, events). Core words; `api/commands` spells them. */
export type BotEvent =
  | { type: 'qrCode'; botcode: string; qrName: string; expiresAt: number }
  | {
      type: 'botStatus';
      botcode: string;
      status: 'login' | 'logout' | 'loginerr' | 'off';
      reason: string | undefined;
      accountId: string | undefined;
    }
  | {
      type: 'userMsg';
      botcode: string;
      messageId: string;
      kind: MessageKind;
      text: string;
      fromId: string;
      fromName: string;
      roomId: string | undefined;
      mentionsSelf: boolean;
      at: number;
    }
  | {
      type: 'sendStatus';
      botcode: string;
      /** Only this channel is told. */
      chid: string;
      msgid: number;
      txcode: string;
      /** Spelling of the final state: 1 2 3 4 -1. */
      sendStatus: '1' | '2' | '3' | '4' | '-1';
      reason: string | undefined;
    };

/** Writes an event for every channel concerned, in the transaction of what it reports. */
export interface EventRecorder {
  /**
   * One row per channel that may see the bot and wants the type, numbered from the channel's own
   * counter. A `qrCode`, a login or `off` supersedes undelivered older `qrCode` rows of the bot.
   * Readers wake once the transaction is on disk.
   */
  record(tx: Tx, event: BotEvent): Promise<void>;
}
