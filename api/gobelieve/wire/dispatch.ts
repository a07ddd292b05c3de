import { Command } from './commands.ts';
import { handleCustomer, handleOldCustomer } from './commands-customer.ts';
import { handleLogin } from './commands-login.ts';
import { handleEnterRoom, handleLeaveRoom, handleRoomMessage } from './commands-rooms.ts';
import { handleGroup, handlePeer, handleRealtime } from './commands-sending.ts';
import {
  handleGroupSync,
  handleGroupSyncKey,
  handleSync,
  handleSyncKey,
} from './commands-syncing.ts';
import type { ClientConnection } from './connection.ts';
import type { Frame } from './frame-reader.ts';

/** @returns why the connection has to end, if it has */
type Handler = (connection: ClientConnection, frame: Frame) => string | undefined;

interface Entry {
  /** Bytes that the body has at least. */
  least: number;
  handle: Handler;
  /** Counts before the login too. */
  early?: boolean;
}

/** What clients may say. Any other command ends the connection. */
const entries: ReadonlyMap<number, Entry> = new Map<number, Entry>([
  [Command.authToken, { least: 3, handle: handleLogin, early: true }],
  [Command.ping, { least: 0, handle: handlePing, early: true }],
  // Version 0: four bytes less.
  [Command.im, { least: 24, handle: handlePeer }],
  [Command.groupIm, { least: 24, handle: handleGroup }],
  [Command.rt, { least: 16, handle: handleRealtime }],
  [Command.enterRoom, { least: 8, handle: handleEnterRoom }],
  [Command.leaveRoom, { least: 8, handle: handleLeaveRoom }],
  [Command.roomIm, { least: 16, handle: handleRoomMessage }],
  // The cursor says it better.
  [Command.ack, { least: 4, handle: () => undefined }],
  [Command.unreadCount, { least: 4, handle: handleUnreadCount }],
  [Command.sync, { least: 8, handle: handleSync }],
  [Command.syncKey, { least: 8, handle: handleSyncKey }],
  [Command.syncGroup, { least: 16, handle: handleGroupSync }],
  [Command.groupSyncKey, { least: 16, handle: handleGroupSyncKey }],
  [Command.customer, { least: 36, handle: handleCustomer }],
  [Command.oldCustomer, { least: 36, handle: handleOldCustomer }],
  [Command.oldSupport, { least: 36, handle: handleOldCustomer }],
]);

/** Does what a frame says. @returns why the connection has to end, if it has */
export function dispatch(connection: ClientConnection, frame: Frame): string | undefined {
  const { command, body, version } = frame;
  const entry = entries.get(command);
  if (entry === undefined) return `unknown command ${command}`;
  const untimed = version === 0 && (command === Command.im || command === Command.groupIm);
  if (body.length < (untimed ? entry.least - 4 : entry.least)) return 'body too short';
  if (!connection.loggedIn && entry.early !== true) return undefined;
  return entry.handle(connection, frame);
}

function handlePing(connection: ClientConnection, { body }: Frame): string | undefined {
  if (body.length > 0) return 'ping with a body';
  connection.begin(Command.pong, 0);
  return undefined;
}

function handleUnreadCount(connection: ClientConnection, { body }: Frame): undefined {
  connection.unread = body.readInt32BE(0);
}
