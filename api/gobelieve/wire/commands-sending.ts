import type { SayStatus } from '../../../bot/im/sending.ts';
import { AckStatus, Flag } from './commands.ts';
import type { ClientConnection } from './connection.ts';
import { type Frame, readInt64 } from './frame-reader.ts';
import { writeAck, writeMetadata } from './messages.ts';
import { whenKnown } from './permission.ts';

const statuses = {
  sent: AckStatus.ok,
  notMember: AckStatus.notMember,
  noGroup: AckStatus.noGroup,
  muted: AckStatus.muted,
  gagged: AckStatus.gagged,
} as const satisfies Record<SayStatus, AckStatus>;

/** Not every id of 64 bits is one that all can count to. */
export const numberTooLarge = 'number too large';

/** From user to user. */
export function handlePeer(connection: ClientConnection, frame: Frame): string | undefined {
  const { seq } = frame;
  const say = readSay(connection, frame);
  if (say === undefined) return 'number or text too large';
  if (!isOwn(connection, seq, say.sender)) return undefined;
  if (say.receiver <= 0) {
    writeAck(connection, seq, AckStatus.nobody);
    return undefined;
  }
  const speak = (): void => {
    connection.storing();
    connection.wire.im.sender.peer(say, (error, status, _outcome, own) => {
      answerStored(connection, seq, { error, status, key: own });
    });
  };
  if (!connection.customer) speak();
  else {
    toSeller(connection, say.receiver, (may) => {
      if (may) speak();
      else writeAck(connection, seq, AckStatus.notForCustomers);
    });
  }
  return undefined;
}

/** Into a group, normal or super. */
export function handleGroup(connection: ClientConnection, frame: Frame): string | undefined {
  const say = readSay(connection, frame);
  if (say === undefined) return 'number or text too large';
  if (!isOwn(connection, frame.seq, say.sender)) return undefined;
  connection.storing();
  connection.wire.im.sender.group(say, (error, status, outcome, own) => {
    const inbox = outcome?.groupSeq === undefined ? 0 : say.receiver;
    answerStored(connection, frame.seq, { error, status, key: own, inbox });
  });
  return undefined;
}

/** To those sessions of a user that are online; never answered. */
export function handleRealtime(connection: ClientConnection, { body }: Frame): string | undefined {
  const sender = readInt64(body, 0);
  const receiver = readInt64(body, 8);
  if (!Number.isSafeInteger(receiver)) return numberTooLarge;
  if (sender !== connection.uid) return undefined;
  const content = body.subarray(16);
  const { appid, wire } = connection;
  const speak = (): void => wire.im.sender.realtime({ appid, sender, receiver, content });
  if (connection.customer) toSeller(connection, receiver, (may) => may && speak());
  else speak();
  return undefined;
}

/** A customer speaks to those who sell to it, and to nobody else. */
function toSeller(connection: ClientConnection, uid: number, then: (may: boolean) => void): void {
  const { appid, wire } = connection;
  whenKnown(connection, wire.im.customers.mayWriteTo(connection, { appid, uid }), then);
}

/** The sender named has to be the user who is logged in; else that is the answer. */
export function isOwn(
  connection: ClientConnection,
  seq: number,
  sender: number,
  appid = connection.appid,
): boolean {
  if (sender === connection.uid && appid === connection.appid) return true;
  writeAck(connection, seq, AckStatus.notYourself);
  return false;
}

/** A message that is on disk, or was refused. What could not be stored stays without an answer. */
export function answerStored(
  connection: ClientConnection,
  seq: number,
  said: {
    error: Error | undefined;
    status: SayStatus;
    /** Its place in the sender's own inbox, or in that of the super group. */
    key: number | undefined;
    /** That super group. */
    inbox?: number;
  },
): void {
  connection.stored();
  const { error, status, key, inbox = 0 } = said;
  if (error !== undefined || connection.closed) return;
  if (key !== undefined) {
    writeMetadata(connection, key);
    connection.word.tell(inbox, key);
  }
  writeAck(connection, seq, statuses[status], inbox === 0 ? 0 : Flag.superGroup);
}

/** In version 0 more would fit, but not into a frame for those who speak a newer one. */
const contentLimit = 32_743;

function readSay(connection: ClientConnection, { body, version }: Frame) {
  const timed = version > 0;
  const receiver = readInt64(body, 8);
  if (!Number.isSafeInteger(receiver) || body.length - (timed ? 24 : 20) > contentLimit) {
    return undefined;
  }
  return {
    appid: connection.appid,
    sender: readInt64(body, 0),
    receiver,
    // The client's own time is not believed.
    clientId: body.readInt32BE(timed ? 20 : 16),
    content: body.subarray(timed ? 24 : 20),
    session: connection,
  };
}
