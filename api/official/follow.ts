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
  const { uid, user, wire, position: at } = connection;
  const { speller, official } = wire;
  for (let slice = firstSlice; !connection.closed; ) {
    const { placed, position, more } = await official.frames.read(user, at, slice);
    let bytes = 0;
    let gathered = 0;
    for (const { message } of placed) {
      bytes += message.content.length;
      if (isOver(connection, message) || connection.skips(message.id)) continue;
      const frame = speller.ready(message, uid) ?? (await speller.spell(message, uid));
      if (connection.closed) return;
      connection.give(message.id, frame);
      gathered += frame.length;
      if (gathered < gatheredLimit) continue;
      gathered = 0;
      await connection.drained();
      if (connection.closed) return;
    }
    at.place = Math.max(at.place, position.place);
    at.many = position.many;
    // Told of meanwhile, and not found yet: it is read in the next round.
    if (!more && connection.told <= at.many) break;
    await connection.drained();
    // Others get their turn.
    await turn();
    slice = nextSlice(bytes, placed.length);
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
