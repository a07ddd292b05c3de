import type { Cursors } from './cursors.ts';
import type { Groups } from './groups.ts';
import type { Hub } from './hub.ts';
import { mostCounted } from './inbox-reader.ts';
import type { Message, Placed, User } from './message.ts';
import type { MessageLog } from './message-log.ts';
import type { Users } from './users.ts';

export interface UnreadParts {
  log: Pick<MessageLog, 'countAfter' | 'countInGroup' | 'read' | 'readGroup'>;
  cursors: Pick<Cursors, 'getWithin'>;
  groups: Pick<Groups, 'superOf'>;
  users: Pick<Users, 'get' | 'quiet'>;
  hub: Pick<Hub, 'of'>;
}

export interface Unread {
  /** What lies behind the places up to which the user has read: in the own inbox and in super groups. */
  count: number;
  /** Whether any of it deserves a notice. */
  isNew: boolean;
}

/** An inbox in which something waits. */
interface Line {
  count: number;
  after: number;
  read(after: number, limit: number): Promise<Placed[]>;
}

/** 3 web, 4 desktop, 5 mac. */
const desktops: readonly number[] = [3, 4, 5];
const page = 500;

/**
 * What waits for a user. A conversation that the user wants no notice of is not new, nor is what the
 * user said elsewhere; nothing is while the phone is to be silent because a desktop is online.
 */
export async function unreadOf(parts: UnreadParts, user: User): Promise<Unread> {
  const lines = await waitingLines(parts, user);
  const count = lines.reduce((sum, line) => sum + line.count, 0);
  const isNew = count > 0 && !(await isSilent(parts, user)) && (await hasLoud(parts, user, lines));
  return { count, isNew };
}

async function waitingLines({ log, cursors, groups }: UnreadParts, user: User): Promise<Line[]> {
  const after = await cursors.getWithin(user, 0);
  const own = await log.countAfter(user, after);
  const read: Line['read'] = (from, limit) => log.read(user, from, limit);
  const lines: Line[] = [{ count: own, after, read }];
  let left = mostCounted - own;
  for (const { gid, after: from, last } of await groups.superOf(user)) {
    if (left <= 0) break;
    if (last <= from) continue;
    const count = await log.countInGroup(gid, from, left);
    left -= count;
    lines.push({ count, after: from, read: (at, limit) => log.readGroup(gid, at, limit) });
  }
  return lines;
}

async function isSilent({ users, hub }: UnreadParts, user: User): Promise<boolean> {
  const sessions = hub.of(user.appid, user.uid);
  if (!sessions.some((session) => desktops.includes(session.platform))) return false;
  return (await users.get(user))?.mute === true;
}

async function hasLoud(
  { users }: UnreadParts,
  user: User,
  lines: readonly Line[],
): Promise<boolean> {
  const peers = await users.quiet(user, 'peer');
  const groups = await users.quiet(user, 'group');
  const isLoud = ({ message }: Placed): boolean => {
    const { kind, appid, sender, receiver }: Message = message;
    if (appid === user.appid && sender === user.uid) return false;
    if (kind === 'peer') return !peers.has(sender);
    return (kind !== 'group' && kind !== 'notice') || !groups.has(receiver);
  };
  for (const { count, after, read } of lines) {
    // Ends at the first one; only who has much in quiet conversations is read through.
    for (let from = after, left = count; left > 0; ) {
      const placed = await read(from, Math.min(page, left));
      if (placed.some(isLoud)) return true;
      const last = placed.at(-1);
      if (last === undefined) break;
      from = last.seq;
      left -= placed.length;
    }
  }
  return false;
}
