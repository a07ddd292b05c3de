import type { Cursors } from './cursors.ts';
import type { Hub } from './hub.ts';
import type { Message, User } from './message.ts';
import type { MessageLog } from './message-log.ts';
import type { Users } from './users.ts';

export interface UnreadParts {
  log: Pick<MessageLog, 'countAfter' | 'last' | 'read'>;
  cursors: Pick<Cursors, 'get'>;
  users: Pick<Users, 'get' | 'quiet'>;
  hub: Pick<Hub, 'of'>;
}

export interface Unread {
  /** What lies in the inbox behind the place up to which the user has read. */
  count: number;
  /** Whether any of it deserves a notice. */
  isNew: boolean;
}

/** 3 web, 4 desktop, 5 mac. */
const desktops: readonly number[] = [3, 4, 5];
const page = 500;

/**
 * What waits for a user. A conversation that the user wants no notice of is not new, nor is what the
 * user said elsewhere; nothing is while the phone is to be silent because a desktop is online.
 */
export async function unreadOf(parts: UnreadParts, user: User): Promise<Unread> {
  const cursor = await parts.cursors.get(user);
  // What was confirmed but never told cannot have been meant.
  const read = cursor > (await parts.log.last(user)) ? 0 : cursor;
  const count = await parts.log.countAfter(user, read);
  const isNew = count > 0 && !(await isSilent(parts, user)) && (await hasLoud(parts, user, read));
  return { count, isNew };
}

async function isSilent({ users, hub }: UnreadParts, user: User): Promise<boolean> {
  const sessions = hub.of(user.appid, user.uid);
  if (!sessions.some((session) => desktops.includes(session.platform))) return false;
  return (await users.get(user))?.mute === true;
}

async function hasLoud({ log, users }: UnreadParts, user: User, read: number): Promise<boolean> {
  const peers = await users.quiet(user, 'peer');
  const groups = await users.quiet(user, 'group');
  const isQuiet = ({ kind, appid, sender, receiver }: Message): boolean => {
    if (appid === user.appid && sender === user.uid) return true;
    if (kind === 'peer') return peers.has(sender);
    return (kind === 'group' || kind === 'notice') && groups.has(receiver);
  };
  // Ends at the first one; only who has much in quiet conversations is read through.
  for (let after = read; ; ) {
    const placed = await log.read(user, after, page);
    if (placed.some(({ message }) => !isQuiet(message))) return true;
    const last = placed.at(-1);
    if (last === undefined || placed.length < page) return false;
    after = last.seq;
  }
}
