import { AckStatus } from './commands.ts';
import { isOwn, numberTooLarge } from './commands-sending.ts';
import type { ClientConnection } from './connection.ts';
import { type Frame, readInt64 } from './frame-reader.ts';
import { writeAck } from './messages.ts';

/** A connection is in one chat room at a time. */
export function handleEnterRoom(connection: ClientConnection, { body }: Frame): string | undefined {
  const room = readInt64(body, 0);
  if (!Number.isSafeInteger(room)) return numberTooLarge;
  if (room === 0 || room === connection.room || connection.customer) return undefined;
  leave(connection);
  connection.room = room;
  connection.wire.im.hub.enterRoom(connection, room);
  return undefined;
}

export function handleLeaveRoom(connection: ClientConnection, { body }: Frame): undefined {
  if (readInt64(body, 0) === connection.room) leave(connection);
}

/** To those in the room now; not stored. */
export function handleRoomMessage(connection: ClientConnection, frame: Frame): string | undefined {
  const { body, seq } = frame;
  const sender = readInt64(body, 0);
  const room = readInt64(body, 8);
  if (!Number.isSafeInteger(room)) return numberTooLarge;
  if (!isOwn(connection, seq, sender)) return undefined;
  if (connection.customer) {
    writeAck(connection, seq, AckStatus.notForCustomers);
    return undefined;
  }
  const say = {
    appid: connection.appid,
    sender,
    receiver: room,
    content: body.subarray(16),
    session: connection,
  };
  connection.wire.im.sender.chatRoom(say, (_error, status) => {
    if (status === 'gagged') writeAck(connection, seq, AckStatus.gagged);
    else writeAck(connection, seq, status === 'sent' ? AckStatus.ok : AckStatus.notInRoom);
  });
  return undefined;
}

function leave(connection: ClientConnection): void {
  connection.wire.im.hub.leaveRoom(connection, connection.room);
  connection.room = 0;
}
