import type { ImMessageStore } from '../../store/im-messages.ts';
import type { OfficialManyStore } from '../../store/official-many.ts';
import { messageOf } from '../im/inbox-reader.ts';
import type { Placed, User } from '../im/message.ts';
import type { MessageLog } from '../im/message-log.ts';

/** Frames that wait for one user at most, of either kind; the oldest make room. */
export const mostFrames = 10_000;

/** How far somebody is who reads: in the inbox, and among what was said to many. */
export interface Position {
  /** Last place of the inbox. */
  place: number;
  /** Last message to many. */
  many: number;
}

export interface FramesOptions {
  log: Pick<MessageLog, 'read'>;
  messages: Pick<ImMessageStore, 'messageAt' | 'byId' | 'newestId' | 'placeBefore'>;
  many: Pick<OfficialManyStore, 'read'>;
}

/** What a read has found. */
export interface Found {
  /** In the order of their numbers; what was said to many has no place. */
  placed: Placed[];
  /** Where to go on. */
  position: Position;
  /** There was more of it than was wanted. */
  more: boolean;
}

/**
 * What lies for a user: the places of the inbox, and what was said to many, of which there is no
 * place for each but a row for a thousand. Both rise with the numbers of the messages.
 */
export class Frames {
  readonly #options: FramesOptions;

  constructor(options: FramesOptions) {
    this.#options = options;
  }

  /** Where somebody begins who has everything up to a message. */
  async after(user: User, id: number): Promise<Position> {
    const { messages } = this.#options;
    const newest = await messages.messageAt(user, Number.MAX_SAFE_INTEGER);
    if (newest === undefined) return { place: 0, many: id };
    let place = await this.#placeOf(user, id, newest);
    if (newest.seq - place > mostFrames) {
      place = Math.max(place, await messages.placeBefore(user.appid, user.uid, mostFrames));
    }
    return { place, many: id };
  }

  /** A number that somebody names, or the newest that there is. */
  async within(id: number): Promise<number> {
    return Math.min(id, await this.#options.messages.newestId());
  }

  /** Complete up to where it ends, whatever is being said meanwhile. */
  async read(user: User, { place, many }: Position, limit: number): Promise<Found> {
    const { log, messages } = this.#options;
    // Numbers become durable in their order: up to this one nothing can come any more.
    const upTo = await messages.newestId();
    const own = await log.read(user, place, limit);
    const rows = await this.#options.many.read(user.uid, many, upTo, limit);
    const ownEnd = own.length < limit ? upTo : (own.at(-1)?.message.id ?? upTo);
    const manyEnd = rows.length < limit ? upTo : (rows.at(-1)?.messageId ?? upTo);
    const end = Math.min(ownEnd, manyEnd, upTo);
    const placed = own.filter(({ message }) => message.id <= end);
    const last = placed.at(-1)?.seq ?? place;
    const ids = rows.filter((row) => row.own && row.messageId <= end).map((row) => row.messageId);
    for (const row of await Promise.all(ids.map((id) => messages.byId(id)))) {
      if (row !== undefined) placed.push({ seq: 0, message: messageOf(row) });
    }
    if (ids.length > 0) placed.sort((one, other) => one.message.id - other.message.id);
    const position = { place: last, many: Math.max(many, end) };
    return { placed, position, more: end < upTo };
  }

  /**
   * The last place whose message is not newer than `id`; 0 when there is none. Looked for by halves:
   * some fifteen seeks in a full inbox, one where everything was read.
   */
  async #placeOf(
    user: User,
    id: number,
    newest: { seq: number; messageId: number },
  ): Promise<number> {
    if (newest.messageId <= id) return newest.seq;
    if (id === 0) return 0;
    let low = 0;
    let high = newest.seq - 1;
    while (low < high) {
      const middle = low + Math.ceil((high - low) / 2);
      const there = await this.#options.messages.messageAt(user, middle);
      if (there === undefined || there.messageId <= id) low = middle;
      else high = there.seq - 1;
    }
    return low;
  }
}
