import { AppError } from '../../errors.ts';
import type { BotHandle, RoomResolution } from '../bots/bot-port.ts';
import type { DriverContact } from '../driver.ts';
import { reasons } from './reasons.ts';
import type { SendTarget } from './send-types.ts';

/** How long accepting a command may wait for a room sync. */
const proofMs = 1500;

/** Where a send queues. The order of a lane is kept; lanes of different rooms go side by side. */
export interface Place {
  lane: string;
  roomId: string | undefined;
  /** A finished room sync proves that there is no such room. */
  absent: boolean;
}

/** The lane of a target as it was named; a topic moves to its room's lane when that is known. */
function laneOf(target: SendTarget): string {
  if (target.kind === 'room') return 'id' in target ? roomLane(target.id) : `topic:${target.topic}`;
  return 'id' in target ? `contact:${target.id}` : `contact-name:${target.name}`;
}

export function roomLane(id: string): string {
  return `room:${id}`;
}

/** A lane that still waits to learn which room or contact is meant. */
export function isNamed(lane: string): boolean {
  return lane.startsWith('topic:') || lane.startsWith('contact-name:');
}

/**
 * Finds the place of a send. At once when memory knows the room or the bot cannot tell now; asks
 * for a room sync (and answers a promise) only when a bot that is ready does not know it.
 * @throws AppError field_missing, field_value (several rooms bear the topic)
 */
export function findPlace(bot: BotHandle, target: SendTarget): Place | Promise<Place> {
  const named = 'id' in target ? target.id : 'topic' in target ? target.topic : target.name;
  if (named === '') {
    throw new AppError(
      'field_missing',
      { zh: '没有指明接收群或接收人', en: 'no room or contact is named' },
      { field: target.kind === 'room' ? 'room' : 'contact' },
    );
  }
  if (target.kind === 'contact') {
    return { lane: laneOf(target), roomId: undefined, absent: false };
  }
  const wanted = 'id' in target ? { id: target.id } : { topic: target.topic };
  const resolution = bot.rooms.lookUp(wanted);
  const known = placeOf(resolution, target);
  const waiting: Place = { lane: laneOf(target), roomId: undefined, absent: false };
  // A former topic may by now be another room's, of which a sync would tell.
  if (known !== undefined && resolution.found !== 'renamed') return known;
  if (bot.session() === undefined) return waiting;
  return bot.rooms
    .prove(wanted, proofMs)
    .then((proven) =>
      proven.found === 'absent'
        ? { ...waiting, absent: true }
        : (placeOf(proven, target) ?? waiting),
    );
}

function placeOf(resolution: RoomResolution, target: SendTarget): Place | undefined {
  switch (resolution.found) {
    case 'room':
    case 'renamed': {
      const { id } = resolution.room;
      return { lane: roomLane(id), roomId: id, absent: false };
    }
    case 'ambiguous':
      throw new AppError(
        'field_value',
        reasons.ambiguousRoom(resolution.rooms.map((room) => room.id)),
        { field: target.kind === 'room' && 'topic' in target ? 'topic' : 'id' },
      );
    default:
      return undefined;
  }
}

/** Contacts that a name means: by alias or name, exactly. */
export function contactsNamed(contacts: readonly DriverContact[], name: string): DriverContact[] {
  return contacts.filter((contact) => contact.name === name || contact.alias === name);
}
