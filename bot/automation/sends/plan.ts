import type { SendRow } from '../../../store/sends.ts';
import type { Text } from '../../errors.ts';
import type { BotHandle, BotSession } from '../bots/bot-port.ts';
import type { Card, DriverContact, Target } from '../driver.ts';
import type { Thumbs } from './cards.ts';
import {
  findMentions,
  isMemberOfAny,
  type Mentions,
  needsContacts,
  plainName,
  withMentions,
} from './mentions.ts';
import { reasons } from './reasons.ts';
import type { SendContent, SendTarget } from './send-types.ts';
import type { End } from './settle.ts';
import { splitText } from './split.ts';
import { contactsNamed, roomLane } from './targets.ts';

/** One call of the driver. */
export type Outgoing =
  | { kind: 'text'; text: string; mentionIds: string[]; addressed: Addressed | undefined }
  | { kind: 'miniProgram'; card: Card }
  | { kind: 'image'; sha256: string };

/** What the next step of a send is. */
/** Who is @ed, and who could not be, where that is not just who was asked for. */
export type Addressed = Pick<Mentions, 'names' | 'missing'>;

export type Plan =
  | {
      do: 'send';
      to: Target;
      /** Topic or name, for the trace. */
      toName: string;
      outcome: 3 | 4 | undefined;
      parts: number;
      outgoing: Outgoing;
    }
  | { do: 'end'; end: End }
  /** Waits until something changes. */
  | { do: 'hold'; why: Text }
  /** Waits for a time. */
  | { do: 'wait'; until: number; why: Text }
  /** Its room or contact became known: it belongs to that lane. */
  | { do: 'move'; lane: string; roomId: string | undefined }
  /** Work that takes long comes first. */
  | { do: 'prove'; target: { id: string } | { topic: string } }
  | { do: 'contacts' }
  | { do: 'fetch'; url: string }
  | { do: 'thumb'; card: Card };

export interface Surroundings {
  now: number;
  bot: BotHandle;
  session: BotSession;
  /** Undefined: not asked for yet; 'unreadable': asked for in vain. */
  contacts: { list: readonly DriverContact[]; askedAt: number } | 'unreadable' | undefined;
  thumbs: Thumbs;
}

/** The bot's contacts may be this old before a name that is not among them is nobody. */
const contactsAge = 310_000;

export interface Payload {
  target: SendTarget;
  content: SendContent;
}

export function payloadOf(row: { payload: string }): Payload {
  // Written by us.
  return JSON.parse(row.payload) as Payload;
}

/** Decides, from what is in memory, what a queued send needs next. */
export function planSend(row: SendRow, around: Surroundings): Plan {
  if (row.expires_at <= around.now) {
    return { do: 'end', end: { state: 'expired', reason: reasons.expired } };
  }
  if (row.account_id !== null && row.account_id !== around.session.accountId) {
    return { do: 'hold', why: reasons.otherAccount(row.account_id) };
  }
  const { target, content } = payloadOf(row);
  const found =
    target.kind === 'room' ? findRoom(row, target, around) : findContact(row, target, around);
  if ('do' in found) return found;
  const prepared = prepareContent(row, content, found.members, around);
  if ('do' in prepared) return prepared;
  return { do: 'send', to: found.to, toName: found.name, ...prepared };
}

interface Found {
  to: Target;
  name: string;
  members: readonly { id: string; name: string }[];
}

function findRoom(
  row: SendRow,
  target: SendTarget & { kind: 'room' },
  { bot }: Surroundings,
): Found | Plan {
  const laneRoom = row.lane.startsWith('room:') ? row.lane.slice('room:'.length) : undefined;
  const room = laneRoom === undefined ? undefined : bot.rooms.byId(laneRoom);
  if (room !== undefined) {
    return { to: { kind: 'room', id: room.id }, name: room.topic, members: room.members };
  }
  // Not known by this id (any more): what was asked for decides, ids can change with a login.
  const wanted = 'id' in target ? { id: target.id } : { topic: target.topic };
  const resolution = bot.rooms.lookUp(wanted);
  if (resolution.found === 'ambiguous') {
    const reason = reasons.ambiguousRoom(resolution.rooms.map((one) => one.id));
    return { do: 'end', end: { state: 'failed', reason } };
  }
  // A former topic may by now be another room's, of which a sync would tell.
  if (resolution.found === 'room') {
    const { id } = resolution.room;
    if (id !== laneRoom) return { do: 'move', lane: roomLane(id), roomId: id };
  }
  return { do: 'prove', target: wanted };
}

function findContact(
  row: SendRow,
  target: SendTarget & { kind: 'contact' },
  { contacts, now }: Surroundings,
): Found | Plan {
  const id = row.lane.startsWith('contact:') ? row.lane.slice('contact:'.length) : undefined;
  if (id !== undefined) {
    return { to: { kind: 'contact', id }, name: 'name' in target ? target.name : id, members: [] };
  }
  const name = 'name' in target ? target.name : '';
  if (contacts === undefined) return { do: 'contacts' };
  if (contacts === 'unreadable') {
    return { do: 'wait', until: now + 30_000, why: reasons.contactUnproven };
  }
  const [first, ...others] = contactsNamed(contacts.list, name);
  if (first !== undefined && others.length > 0) {
    const reason = reasons.ambiguousContact([first, ...others].map((one) => one.id));
    return { do: 'end', end: { state: 'failed', reason } };
  }
  if (first !== undefined) return { do: 'move', lane: `contact:${first.id}`, roomId: undefined };
  // Only a list that was read after the send was accepted proves anything.
  const provenAt = row.accepted_at + contactsAge;
  if (contacts.askedAt >= provenAt) {
    return { do: 'end', end: { state: 'absent', reason: reasons.contactAbsent } };
  }
  if (now >= provenAt) return { do: 'contacts' };
  return { do: 'wait', until: provenAt, why: reasons.contactUnproven };
}

function prepareContent(
  row: SendRow,
  content: SendContent,
  members: readonly { id: string; name: string }[],
  around: Surroundings,
): Plan | { outcome: 3 | 4 | undefined; parts: number; outgoing: Outgoing } {
  switch (content.kind) {
    case 'text': {
      const parts = splitText(content.text);
      const text = parts[row.parts_done] ?? '';
      // People are addressed once, in the first part; later parts keep what it came to.
      const wanted = row.parts_done === 0 ? content.mentions : [];
      const { contacts } = around;
      if (contacts === undefined && needsContacts(wanted, members)) return { do: 'contacts' };
      const list = contacts === 'unreadable' ? undefined : contacts?.list;
      const elsewhere = (name: string): boolean => isMemberOfAny(around.bot.rooms.list(), name);
      const { names, ids, missing, outcome } = findMentions(wanted, members, list, elsewhere);
      const asAsked = missing.length === 0 && wanted.every((one) => names.includes(plainName(one)));
      const kept = row.parts_done === 0 ? outcome : outcomeOf(row);
      const mentionIds = around.session.driver.capabilities.realMention ? ids : [];
      return {
        outcome: kept,
        parts: parts.length,
        outgoing: {
          kind: 'text',
          text: withMentions(names, text),
          mentionIds,
          addressed: asAsked ? undefined : { names, missing },
        },
      };
    }
    case 'miniProgram': {
      const verdict = around.thumbs.verdict(content.card);
      if (verdict === undefined) return { do: 'thumb', card: content.card };
      if (verdict.is === 'bad') {
        const reason = reasons.cardInvalid(verdict.why);
        return { do: 'end', end: { state: 'failed', reason, outcome: 3 } };
      }
      return {
        outcome: undefined,
        parts: 1,
        outgoing: { kind: 'miniProgram', card: content.card },
      };
    }
    case 'image': {
      const { source } = content;
      if ('url' in source) return { do: 'fetch', url: source.url };
      return { outcome: undefined, parts: 1, outgoing: { kind: 'image', sha256: source.sha256 } };
    }
  }
}

function outcomeOf(row: SendRow): 3 | 4 | undefined {
  return row.outcome === 3 || row.outcome === 4 ? row.outcome : undefined;
}
