import { setImmediate as turn } from 'node:timers/promises';
import type { LiveGroup } from '../../../bot/im/group.ts';
import type { Placed } from '../../../bot/im/message.ts';
import { Command, Flag } from './commands.ts';
import { numberTooLarge } from './commands-sending.ts';
import { type ClientConnection, CloseCode } from './connection.ts';
import { type Frame, readInt64 } from './frame-reader.ts';
import { writeGroupKey, writeKey, writeMessage } from './messages.ts';

/** Messages of one SYNC; then the client has to ask again. */
const syncLimit = 3000;
const groupSyncLimit = 100;
/** Read in one go: some milliseconds in which others wait. */
const slice = 250;
/** Written before the client is waited for. */
const gatheredLimit = 49_152;

/** What lies in the own inbox after a key. Key 0: after what any device of the user has confirmed. */
export function handleSync(connection: ClientConnection, { body }: Frame): undefined {
  run(connection, syncInbox(connection, readInt64(body, 0)));
}

/** The same of a super group's inbox. */
export function handleGroupSync(connection: ClientConnection, { body }: Frame): string | undefined {
  const gid = readInt64(body, 0);
  // It could not be named in the answer.
  if (!Number.isSafeInteger(gid)) return numberTooLarge;
  run(connection, syncGroup(connection, gid, readInt64(body, 8)));
  return undefined;
}

export function handleSyncKey(connection: ClientConnection, { body }: Frame): undefined {
  const key = readInt64(body, 0);
  if (isKey(key)) confirm(connection, 0, key);
}

export function handleGroupSyncKey(connection: ClientConnection, { body }: Frame): undefined {
  const gid = readInt64(body, 0);
  const key = readInt64(body, 8);
  if (!isKey(key)) return;
  const { groups, cursors } = connection.wire.im;
  const known = groups.peek(gid);
  if (isMember(connection, known)) confirm(connection, gid, key);
  else if (known === undefined && isKey(gid)) {
    const found = async (): Promise<void> => {
      const group = await groups.get(gid);
      if (isMember(connection, group)) await cursors.confirm(connection, gid, key);
    };
    run(connection, found());
  }
}

/** Clients confirm what they were told of; what else they may say is looked up. */
function confirm(connection: ClientConnection, inbox: number, key: number): void {
  const { cursors } = connection.wire.im;
  if (key <= connection.word.told(inbox)) cursors.raiseGroup(connection, inbox, key);
  else run(connection, cursors.confirm(connection, inbox, key));
}

/** Later frames wait until it is done. */
function run(connection: ClientConnection, work: Promise<void>): void {
  connection.hold();
  work.then(
    () => connection.release(),
    (error: unknown) => {
      connection.wire.logger.error({ err: error }, 'sync failed');
      connection.close('sync failed', CloseCode.failed);
    },
  );
}

async function syncInbox(connection: ClientConnection, asked: number): Promise<void> {
  const { log, cursors, groups } = connection.wire.im;
  await connection.beginReading(0);
  // Before anything is read: what comes from here on is told of by itself.
  const elsewhere = connection.word.isFirst() ? await groups.superOf(connection) : [];
  let after = asked > 0 ? asked : connection.word.start(await cursors.get(connection));
  let rows = await log.read(connection, after, slice);
  if (asked <= 0 && rows.length === 0 && after > (await log.last(connection))) {
    // It was confirmed though there never was any.
    after = connection.word.start(await cursors.getWithin(connection, 0));
    rows = await log.read(connection, after, slice);
  }
  const first = rows[0];
  // Whether this is all is known from the first slice, unless it is full.
  let newest = rows.length === slice ? await log.last(connection) : (rows.at(-1)?.seq ?? after);
  if (first === undefined) newest = Math.min(after, await log.last(connection));
  let end = first === undefined ? newest : Math.min(newest, first.seq + syncLimit - 1);
  writeKey(connection, Command.syncBegin, end);
  for (let left = syncLimit; rows.length > 0; ) {
    await writeRows(connection, rows);
    end = rows.at(-1)?.seq ?? end;
    left -= rows.length;
    if (connection.closed || rows.length < slice || left === 0) break;
    await connection.drained();
    // Others get their turn.
    await turn();
    rows = await log.read(connection, end, Math.min(slice, left));
  }
  writeKey(connection, Command.syncEnd, end);
  connection.word.given(end);
  newest = Math.max(newest, connection.word.end());
  if (newest > end) writeKey(connection, Command.syncNotify, newest);
  for (const { gid, after: known, last } of elsewhere) {
    if (last > known) writeGroupKey(connection, Command.syncGroupNotify, gid, last);
  }
}

/** Always answered, also when there is no such group or the user is not in it. */
async function syncGroup(connection: ClientConnection, gid: number, asked: number): Promise<void> {
  const { log, cursors, groups } = connection.wire.im;
  const group = isKey(gid) ? (groups.peek(gid) ?? (await groups.get(gid))) : undefined;
  const member = group?.appid === connection.appid ? group.members.get(connection.uid) : undefined;
  if (member === undefined) {
    writeGroupKey(connection, Command.syncGroupBegin, gid, asked);
    writeGroupKey(connection, Command.syncGroupEnd, gid, asked);
    return;
  }
  await connection.beginReading(gid);
  // Who came while connected was told of all since, whatever another device has confirmed.
  const came = member.joinedAt >= connection.since;
  const key = asked > 0 ? asked : came ? 0 : await cursors.getWithin(connection, gid);
  const after = Math.max(key, member.joinedSeq);
  // Before the rows: what comes between is told of by itself.
  const last = await log.lastOfGroup(gid, connection.appid);
  const rows = await log.readGroup(gid, after, groupSyncLimit);
  // Without any: all there is was said before the user came, or the key is not one of ours.
  const end = rows.at(-1)?.seq ?? last;
  writeGroupKey(connection, Command.syncGroupBegin, gid, end);
  await writeRows(connection, rows);
  writeGroupKey(connection, Command.syncGroupEnd, gid, end);
  connection.word.tell(gid, end);
  const newest = Math.max(last, connection.word.end());
  if (newest > end) writeGroupKey(connection, Command.syncGroupNotify, gid, newest);
}

async function writeRows(connection: ClientConnection, rows: readonly Placed[]): Promise<void> {
  for (const { message } of rows) {
    if (connection.closed) return;
    const own =
      message.sender === connection.uid &&
      message.device === connection.device &&
      (message.parties?.senderApp ?? message.appid) === connection.appid;
    writeMessage(connection, message, own ? Flag.self : 0);
    if (connection.gathered >= gatheredLimit) await connection.drained();
  }
}

function isMember(connection: ClientConnection, group: LiveGroup | undefined): boolean {
  return group?.appid === connection.appid && group.members.has(connection.uid);
}

function isKey(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
