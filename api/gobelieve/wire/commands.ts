/** Numbers of the commands, as both sides write them into the header. */
export const Command = {
  authStatus: 3,
  im: 4,
  ack: 5,
  groupNotification: 7,
  groupIm: 8,
  ping: 13,
  pong: 14,
  authToken: 15,
  rt: 17,
  enterRoom: 18,
  leaveRoom: 19,
  roomIm: 20,
  system: 21,
  unreadCount: 22,
  /** A customer to a desk, and the answer: what clients before 2021 use. */
  oldCustomer: 24,
  oldSupport: 25,
  sync: 26,
  syncBegin: 27,
  syncEnd: 28,
  syncNotify: 29,
  syncGroup: 30,
  syncGroupBegin: 31,
  syncGroupEnd: 32,
  syncGroupNotify: 33,
  syncKey: 34,
  groupSyncKey: 35,
  notification: 36,
  metadata: 37,
  customer: 64,
} as const;

/** Bits of the flags byte. */
export const Flag = {
  /** From clients; honoured by the old customer commands only. */
  unpersistent: 0x02,
  /** In a sync: said by this user on this device. */
  self: 0x08,
  /** Said just now; METADATA came before. */
  push: 0x10,
  superGroup: 0x20,
} as const;

/** What version 2 reads in an ACK. From 66 on they are ours: the original left these cases unanswered. */
export const AckStatus = {
  ok: 0,
  notMember: 64,
  noGroup: 65,
  /** Muted in the group. */
  muted: 66,
  /** The sender named in the message is not the user who is logged in. */
  notYourself: 67,
  /** May not speak in chat rooms. */
  gagged: 68,
  notInRoom: 69,
  /** The customer is somebody else's to answer. */
  notYours: 70,
  /** No such user, desk, seller or customer that one could write to. */
  nobody: 71,
  /** Of a customer: to others than sellers, or in a chat room. */
  notForCustomers: 72,
} as const;
export type AckStatus = (typeof AckStatus)[keyof typeof AckStatus];

export const headerBytes = 12;

/** Bodies are shorter than this. */
export const bodyLimit = 32_768;

/** Messages may be longer than the frame in them; the rest is not read. */
export const webSocketLimit = 65_536;
