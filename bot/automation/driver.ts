import type { BotSettings } from '../../config/config.ts';
import type { Logger } from '../../config/logger.ts';
import type { Clock } from '../clock.ts';

/** What one thing said can be. */
export const messageKinds = [
  'text',
  'image',
  'voice',
  'video',
  'file',
  'miniProgram',
  'link',
  'location',
  'system',
  'notification',
] as const;
export type MessageKind = (typeof messageKinds)[number];

/** What a driver can do: what it cannot is refused when a command is accepted, not in the queue. */
export interface Capabilities {
  text: boolean;
  image: boolean;
  miniProgram: boolean;
  file: boolean;
  /** A mention that WeChat itself knows, not only "@name " in the text. */
  realMention: boolean;
  /** Sends return the id under which WeChat keeps the message. */
  messageIds: boolean;
  /** Ids of rooms and contacts stay the same over logins (wechat4u: they do not). */
  stableIds: boolean;
  /** What the account itself says comes back as a message with `self`. */
  echo: boolean;
}

export interface Account {
  id: string;
  name: string;
}

export interface RoomMember {
  id: string;
  name: string;
}

export interface DriverRoom {
  id: string;
  topic: string;
  members: RoomMember[];
}

export interface DriverContact {
  id: string;
  name: string;
  alias?: string;
}

export interface Target {
  kind: 'room' | 'contact';
  id: string;
}

/** A mini-program card in the core's spelling. */
export interface Card {
  appid: string;
  username: string;
  title: string;
  description: string;
  pagePath: string;
  thumbUrl: string;
  thumbKey?: string;
}

export interface SendFile {
  name: string;
  /** Media type, e.g. image/png. */
  type: string;
  bytes: Uint8Array;
}

export interface SendOptions {
  /** `msgid` or `msgid/part`: for logs and the simulator's ledger. No driver de-duplicates by it. */
  ref: string;
  /** Contact ids to mention for real; ignored where the driver cannot. */
  mentionIds?: readonly string[];
}

/** WeChat took it. `messageId` is absent where the puppet tells none. */
export interface Receipt {
  messageId: string | undefined;
}

/** Something was said that the account sees, its own words (`self`) included. */
export interface IncomingMessage {
  id: string;
  kind: MessageKind;
  text: string;
  fromId: string;
  fromName: string;
  /** Absent: a private chat. */
  roomId: string | undefined;
  /** Private chat: the other side. */
  toId: string | undefined;
  mentionsSelf: boolean;
  self: boolean;
  at: number;
  card?: Card;
}

export type ScanStatus = 'waiting' | 'scanned' | 'confirmed' | 'expired' | 'cancelled';

export type DriverEvent =
  /** A login QR code, or news of it. `code` is the text inside the QR code. */
  | { type: 'scan'; code: string; status: ScanStatus; expiresAt: number | undefined }
  | { type: 'login'; account: Account }
  /** WeChat ended the session (kick, log-out on the phone). Never sent for our own stop. */
  | { type: 'logout'; reason: string }
  /** The other side says its rooms and contacts are settled. */
  | { type: 'ready' }
  /** Proof that the stream lives. */
  | { type: 'alive' }
  | { type: 'message'; message: IncomingMessage }
  /** The room changed; the directory reads it again. `topic` where the event told it. */
  | { type: 'room'; roomId: string; topic: string | undefined; gone: boolean }
  /** This life of the driver is over; it has to be stopped and started again. */
  | { type: 'down'; reason: string }
  /** The provider refuses (token, ban, other client): starting again at once will not help. */
  | { type: 'refused'; reason: string };

/**
 * Why a driver call failed, in what it means for the message:
 * offline: not connected or not logged in, nothing left; refused: WeChat said no, nothing left;
 * rate: "too frequent", nothing left; absent: no such room or contact, nothing left;
 * unsupported: this driver never can; unknown: it may or may not have left.
 */
export type DriverFault = 'offline' | 'refused' | 'rate' | 'absent' | 'unsupported' | 'unknown';

export class DriverError extends Error {
  readonly fault: DriverFault;
  constructor(fault: DriverFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/**
 * One WeChat client of one bot. One object may live through many start/stop cycles; events of a
 * former life never arrive in a later one. Every call ends within the driver's own deadline
 * (sends: 15 s, look-ups: 30 s); past it sends reject with `unknown`, look-ups with `offline`.
 */
export interface Driver {
  /** May change with `login` (a puppet can tell more once it is connected). */
  readonly capabilities: Capabilities;
  /** Listens to everything; returns a function that stops. Listeners must not throw. */
  on(listener: (event: DriverEvent) => void): () => void;
  /**
   * Connects. Resolves when the stream is proven alive, logged in or not; `scan` or `login`
   * events follow (or came already). Rejects with DriverError when it cannot.
   */
  start(signal: AbortSignal): Promise<void>;
  /** Leaves, keeps the account's session where it is. Idempotent, never rejects, ends within 5 s. */
  stop(): Promise<void>;
  /** Logs the account out and forgets its session. No `logout` event follows. */
  logout(): Promise<void>;
  /** One round trip that proves the other side answers. */
  ping(): Promise<void>;
  sendText(to: Target, text: string, options: SendOptions): Promise<Receipt>;
  sendMiniProgram(to: Target, card: Card, options: SendOptions): Promise<Receipt>;
  sendImage(to: Target, file: SendFile, options: SendOptions): Promise<Receipt>;
  sendFile(to: Target, file: SendFile, options: SendOptions): Promise<Receipt>;
  /** Every room of the account, complete, or it rejects: never a part of the list. */
  rooms(): Promise<DriverRoom[]>;
  room(id: string): Promise<DriverRoom>;
  contacts(): Promise<DriverContact[]>;
}

/** Where a driver keeps the account's session between lives: sealed in our store. */
export interface Sessions {
  load(botcode: string): Promise<string | undefined>;
  save(botcode: string, card: string): Promise<void>;
  forget(botcode: string): Promise<void>;
}

export interface DriverTools {
  clock: Clock;
  logger: Logger;
  sessions: Sessions;
  /** Folder of this driver kind; it makes what it needs below. */
  dataDir: string;
}

export type DriverFactory = (bot: BotSettings, tools: DriverTools) => Driver;
