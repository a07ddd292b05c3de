import type { Account, Card, DriverFault } from '../../driver.ts';

/** Somebody in the simulated WeChat; `friend`: a contact of the account. */
export interface Person {
  id: string;
  name: string;
  friend: boolean;
}

export interface WorldRoom {
  id: string;
  topic: string;
  /** The account of ours that is in it. */
  account: string;
  /** The others, by id. */
  members: string[];
  /** The account was removed from it. */
  gone: boolean;
}

export interface SeenFile {
  name: string;
  type: string;
  size: number;
  /** Lower-case hex. */
  sha256: string;
}

/** What is said, before the world has seen it. */
export interface Words {
  kind: 'text' | 'image' | 'miniProgram' | 'file';
  text?: string;
  card?: Card;
  file?: SeenFile;
  /** Ids mentioned for real. */
  mentions?: readonly string[];
  /** SendOptions.ref of the send: a ledger for tests, never a reason to drop a second one. */
  ref?: string;
}

/** One message as the simulated WeChat saw it. */
export interface SeenMessage extends Words {
  id: string;
  /** Rises over all chats of the world. */
  seq: number;
  /** Room id, or the contact's id in a private chat. */
  chat: string;
  from: string;
  fromName: string;
  /** Said by the account itself. */
  self: boolean;
  /** Epoch ms. */
  at: number;
}

/** The session a logged-in account has: as good as the account itself. */
export interface WorldSession {
  token: string;
  account: Account;
}

/** Calls of a driver that a fault can hit. */
export const faultCalls = [
  'text',
  'image',
  'card',
  'file',
  'rooms',
  'room',
  'contacts',
  'start',
  'stop',
  'ping',
  'logout',
] as const;
/** Events a fault can hit: settled after login, own words, words of others. */
const faultEvents = ['ready', 'echo', 'message'] as const;
/** Several calls by one word. */
const faultGroups = ['send', 'look-up', 'any'] as const;
export const faultTargets = [...faultCalls, ...faultEvents, ...faultGroups] as const;
export type FaultPoint = (typeof faultCalls)[number] | (typeof faultEvents)[number];
export type FaultTarget = (typeof faultTargets)[number];

/**
 * delay: `ms` later. hang: nothing happens, no answer until the deadline (or `unknown` after `ms`).
 * error: refused with `fault`. rate: "too frequent". lost-answer: the message is in the room, the
 * call ends as `unknown` at the deadline or after `ms`. drop, duplicate: of events. stream-death:
 * `down` after `ms`, each life. silence: the stream says nothing for `ms` (or until cleared) while
 * calls go on. other-account: the next automatic scan is another WeChat account's.
 */
export const faultKinds = [
  'delay',
  'hang',
  'error',
  'rate',
  'lost-answer',
  'drop',
  'duplicate',
  'stream-death',
  'silence',
  'other-account',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultOrder {
  kind: FaultKind;
  /** Default: calls of sends; echo for drop, message for duplicate. */
  on?: FaultTarget | undefined;
  /** How often it happens; default 1. */
  times?: number | 'always' | undefined;
  ms?: number | undefined;
  /** error: what the call rejects with; default refused for sends, offline for the rest. */
  fault?: DriverFault | undefined;
  /** Only calls and events of this room or contact. */
  chat?: string | undefined;
}

export interface Fault extends FaultOrder {
  id: number;
  /** Undefined: of the connection as a whole. */
  on: FaultTarget | undefined;
  times: number | 'always';
}
