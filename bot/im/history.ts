import type { Groups } from './groups.ts';
import type { Placed, User } from './message.ts';
import type { MessageLog } from './message-log.ts';

export interface HistoryParts {
  log: Pick<MessageLog, 'readBack' | 'readGroupBack'>;
  groups: Pick<Groups, 'superOf'>;
}

/** Something that lies in an inbox of a user's. */
export interface Heard extends Placed {
  /** The super group in whose inbox it lies; undefined: the own. */
  gid: number | undefined;
}

const end = Number.MAX_SAFE_INTEGER;
/** Read at once from a super group. */
const page = 128;

/** The newest that was said to a user, there and in super groups since the user came: oldest first. */
export async function newestOf(parts: HistoryParts, user: User, limit: number): Promise<Heard[]> {
  const own = await parts.log.readBack(user, end, limit);
  let newest: Heard[] = own.map((placed) => ({ ...placed, gid: undefined }));
  for (const { gid, joinedSeq, last } of await parts.groups.superOf(user)) {
    if (last <= joinedSeq) continue;
    // Older ones than these have no place left.
    const oldest = newest.length < limit ? 0 : (newest.at(-1)?.message.id ?? 0);
    const said = await saidIn(parts, gid, { after: joinedSeq, oldest, limit });
    if (said.length === 0) continue;
    newest = [...newest, ...said].sort((one, other) => other.message.id - one.message.id);
    newest.length = Math.min(newest.length, limit);
  }
  return newest.reverse();
}

async function saidIn(
  { log }: HistoryParts,
  gid: number,
  { after, oldest, limit }: { after: number; oldest: number; limit: number },
): Promise<Heard[]> {
  const said: Heard[] = [];
  for (let before = end; said.length < limit; ) {
    const placed = await log.readGroupBack(gid, before, page);
    const fit = placed.filter(({ seq, message }) => seq > after && message.id > oldest);
    said.push(...fit.map((one) => ({ ...one, gid })));
    before = placed.at(-1)?.seq ?? 0;
    if (fit.length < page) break;
  }
  return said;
}
