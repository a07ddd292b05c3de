import { setImmediate as turn } from 'node:timers/promises';
import type { Message } from '../../bot/im/message.ts';
import type { OfficialConnection } from './connection.ts';

/** Rows read in one go: at first, and at most. */
const firstSlice = 32;
const largestSlice = 250;
/** Written before the client is waited for. */
const gatheredLimit = 49_152;

/**
 * Reads the inbox out from where the client is, until nothing is left of it; from then on frames are
 * given to it as they come.
 */
export function follow(connection: OfficialConnection): void {
  connection.reading = true;
  readOut(connection).catch((error: unknown) => connection.failed(error));
}

async function readOut(connection: OfficialConnection): Promise<void> {
  const { uid, wire } = connection;
  const { speller } = wire;
  for (let slice = firstSlice; !connection.closed; ) {
    const told = connection.told;
    const rows = await wire.im.log.read(connection.user, connection.sent, slice);
    let bytes = 0;
    let gathered = 0;
    for (const { seq, message } of rows) {
      const frame = isOver(connection, message)
        ? undefined
        : (speller.ready(message, uid) ?? (await speller.spell(message, uid)));
      if (connection.closed) return;
      connection.give(seq, message.id, frame);
      bytes += message.content.length;
      gathered += frame?.length ?? 0;
      if (gathered < gatheredLimit) continue;
      gathered = 0;
      await connection.drained();
      if (connection.closed) return;
    }
    // What was told of and is not there is forgotten already.
    if (rows.length === 0) connection.sent = Math.max(connection.sent, told);
    if (rows.length < slice && connection.told <= connection.sent) break;
    await connection.drained();
    // Others get their turn.
    await turn();
    slice = nextSlice(bytes, rows.length);
  }
  connection.reading = false;
}

/** It has waited too long for anybody to get it. */
function isOver({ wire }: OfficialConnection, { kind, at }: Message): boolean {
  return kind === 'official' && at < wire.clock.now() - wire.official.keepMs;
}

/** Long messages are read a few at a time: they lie in memory while a slow client is waited for. */
function nextSlice(bytes: number, rows: number): number {
  const each = Math.max(1, bytes / Math.max(1, rows));
  return Math.min(largestSlice, Math.max(4, Math.floor((gatheredLimit * 2) / each)));
}
