/**
 * What a message is: between two users, into a group, a notice about a group, from the system,
 * customer service; of the mini-program IM; a frame of the official-account component.
 */
export const messageKinds = [
  'peer',
  'group',
  'notice',
  'system',
  'customer',
  'toDesk',
  'fromDesk',
  'imbot',
  'official',
] as const;
export type MessageKind = (typeof messageKinds)[number];

/** A user of an application. */
export interface User {
  appid: number;
  uid: number;
}

/** What customer messages name besides sender and receiver. */
export interface Parties {
  /** customer: application of the sender and of the receiver. */
  senderApp?: number;
  receiverApp?: number;
  /** toDesk, fromDesk: the customer, its application, the desk and its agent. */
  customerApp?: number;
  customer?: number;
  storeId?: number;
  seller?: number;
  /** In a conversation with a customer: its number, and the agent who said it; none: the customer did. */
  conversation?: number;
  agent?: string;
}

/** One thing said, as it lies in the log. */
export interface Message {
  /** Number in the log; rises with time. */
  id: number;
  appid: number;
  kind: MessageKind;
  /** 0: the system. */
  sender: number;
  /** A uid, or for group and notice a group id. */
  receiver: number;
  /** The device it was said on; 0: web or REST. */
  device: number;
  /** Its number on that device, handed through. */
  clientId: number;
  parties: Parties | undefined;
  content: Buffer;
  /** Epoch ms. */
  at: number;
}

/** A message in an inbox. The place before it has `seq - 1`; after a restore no message lies there. */
export interface Placed {
  seq: number;
  message: Message;
}

/**
 * Applications of our own, which no configuration can name. Users of `names` are people known by a
 * text: an openId, a userId. Users of `pairs` are the queues of the mini-program IM, one for each
 * who writes to whom.
 */
export const ownApps = { names: -1, pairs: -2 } as const;
