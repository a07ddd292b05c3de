import type { DriverContact, RoomMember } from '../driver.ts';

/** What became of the people a text is to @. */
export interface Mentions {
  /** Visible names of those found in the room, in the order asked for. */
  names: string[];
  /** Their ids, for drivers that mention for real. */
  ids: string[];
  /** Those not found in the room, as they were asked for. */
  missing: string[];
  /** 3: one of them is not in the room; 4: one of them is nobody we know (wins over 3). */
  outcome: 3 | 4 | undefined;
}

/**
 * Looks names or contact ids up among the room's members, then among the account's contacts and
 * the members of its other rooms (`elsewhere`).
 * `contacts` undefined: they cannot be read now, so nobody can be declared nobody (3).
 * A room of which no members are known takes everyone at their word: the names are written as
 * they were given.
 */
export function findMentions(
  wanted: readonly string[],
  members: readonly RoomMember[],
  contacts: readonly DriverContact[] | undefined,
  elsewhere: (name: string) => boolean = () => false,
): Mentions {
  const mentions: Mentions = { names: [], ids: [], missing: [], outcome: undefined };
  for (const one of new Set(wanted.map(plainName))) {
    if (one === '') continue;
    if (members.length === 0) {
      mentions.names.push(one);
      continue;
    }
    const member = findMember(one, members, contacts);
    if (member !== undefined) {
      mentions.names.push(member.name === '' ? one : member.name);
      mentions.ids.push(member.id);
      continue;
    }
    mentions.missing.push(one);
    const isKnown =
      contacts === undefined || contacts.some((contact) => bears(contact, one)) || elsewhere(one);
    if (isKnown) mentions.outcome ??= 3;
    else mentions.outcome = 4;
  }
  return mentions;
}

/** Whether somebody of this name or id is in any of these rooms. */
export function isMemberOfAny(
  rooms: readonly { members: readonly RoomMember[] }[],
  name: string,
): boolean {
  return rooms.some(({ members }) => memberBy(name, members) !== undefined);
}

/** Whether somebody is not among the members, so that contacts have to be asked. */
export function needsContacts(wanted: readonly string[], members: readonly RoomMember[]): boolean {
  if (members.length === 0) return false;
  return wanted.map(plainName).some((one) => one !== '' && !memberBy(one, members));
}

/**
 * The text with its visible "@name " prefixes.
 * @NOTE seed 004, roomSendText atList: the document's fake @ is plain text. WeChat's own clients
 * put U+2005 behind a name; a plain blank shows the same and keeps the text what was asked for.
 */
export function withMentions(names: readonly string[], text: string): string {
  return `${names.map((name) => `@${name} `).join('')}${text}`;
}

/** For comparing what was sent with what came back: puppets differ in blanks and line ends. */
export function normalizeText(text: string): string {
  return text.replace(/[\s\u2005]+/gu, ' ').trim();
}

export function plainName(name: string): string {
  return name.trim().replace(/^@/, '');
}

function memberBy(one: string, members: readonly RoomMember[]): RoomMember | undefined {
  return members.find((member) => member.id === one || member.name === one);
}

/** A member by id or name in the room, or one whose name among the contacts it is. */
function findMember(
  one: string,
  members: readonly RoomMember[],
  contacts: readonly DriverContact[] | undefined,
): RoomMember | undefined {
  const direct = memberBy(one, members);
  if (direct !== undefined) return direct;
  for (const contact of contacts ?? []) {
    if (!bears(contact, one)) continue;
    const member = members.find((candidate) => candidate.id === contact.id);
    if (member !== undefined) return member;
  }
  return undefined;
}

function bears(contact: DriverContact, one: string): boolean {
  return contact.id === one || contact.name === one || contact.alias === one;
}
