import type { Tx } from '../store/database.ts';
import type { DeliveryState, EventRow, EventStore } from '../store/events.ts';
import type { Signals } from '../store/signals.ts';
import type { Channel, Channels } from './channels.ts';
import type { Clock } from './clock.ts';
import type { BotEvent, EventRecorder } from './events.ts';

export type EventType = BotEvent['type'];

/** An event in a channel's stream, with how far its delivery got. */
export interface StoredEvent {
  chid: string;
  eventId: number;
  botcode: string;
  event: BotEvent;
  /** Epoch ms at which it was recorded. */
  at: number;
  state: DeliveryState;
  /** Tries since it became due. */
  attempts: number;
  /** When it became due: recorded, or sent again by an operator. */
  dueSince: number;
  /** When it is tried next, while it is due. */
  runAt: number;
  firstTryAt: number | undefined;
  /** When it was acked, superseded or given up. */
  doneAt: number | undefined;
  lastError: string | undefined;
}

export interface EventPage {
  events: StoredEvent[];
  /** Read on from here. Can be ahead of the last event: what lies between did not match. */
  lastId: number;
  /** Nothing newer was there. */
  end: boolean;
}

export interface EventLogOptions {
  store: EventStore;
  channels: Pick<Channels, 'get' | 'seeing'>;
  clock: Clock;
  signals: Signals;
}

/** Ids looked through for one page; bounds what a filter that matches little can cost. */
const window = 5000;

/** Name of the signal that tells readers of a channel's stream to look again. */
export function eventSignal(chid: string): string {
  return `events:${chid}`;
}

/** The durable event stream of each channel: one writer, and the reading side of pull and SSE. */
export class EventLog implements EventRecorder {
  readonly #store: EventStore;
  readonly #channels: Pick<Channels, 'get' | 'seeing'>;
  readonly #clock: Clock;
  readonly #signals: Signals;
  /** Called with the channel of each event, once it is on disk. */
  recorded: ((chid: string) => void) | undefined;

  constructor(options: EventLogOptions) {
    this.#store = options.store;
    this.#channels = options.channels;
    this.#clock = options.clock;
    this.#signals = options.signals;
  }

  async record(tx: Tx, event: BotEvent): Promise<void> {
    const at = this.#clock.now();
    if (endsQrCodes(event)) await this.#store.supersedeQrCodes(tx, event.botcode, at);
    const concerned = this.#concerned(event);
    if (concerned.length === 0) return;
    const body = JSON.stringify(event);
    const msgid = event.type === 'sendStatus' ? event.msgid : null;
    for (const { chid, settings } of concerned) {
      const eventId = await this.#store.nextId(tx, chid);
      if (eventId === undefined) continue;
      const state = settings.callbackUrl === undefined ? 'none' : 'due';
      const { botcode, type } = event;
      await this.#store.add(tx, { chid, eventId, botcode, type, body, msgid, at, state });
      tx.onDurable(() => {
        this.#signals.emit(eventSignal(chid));
        this.recorded?.(chid);
      });
    }
  }

  /** Whether there is such a channel. */
  has(chid: string): boolean {
    return this.#channels.get(chid) !== undefined;
  }

  /** Events after an id, oldest first, without superseded QR codes. */
  async read(
    chid: string,
    query: { after: number; limit: number; types?: readonly EventType[] },
  ): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    for (let after = query.after; ; ) {
      const page = await this.page(chid, { ...query, after, limit: query.limit - events.length });
      events.push(...page.events);
      if (page.end || events.length >= query.limit) return events;
      after = page.lastId;
    }
  }

  /** One bounded step through the stream. It can be empty although there is more: see `lastId`. */
  async page(
    chid: string,
    query: { after: number; limit: number; types?: readonly EventType[] | undefined },
  ): Promise<EventPage> {
    const { after, limit, types } = query;
    // Read before the events: what commits in between belongs to the next page.
    const newest = await this.#store.lastId(chid);
    const first = await this.#store.firstAfter(chid, after);
    if (first === undefined || first > newest) {
      return { events: [], lastId: Math.max(after, newest), end: true };
    }
    const upTo = Math.min(newest, first - 1 + window);
    const rows = await this.#store.between(chid, { after, upTo, limit, types });
    const last = rows.length < limit ? upTo : (rows.at(-1)?.event_id ?? upTo);
    return { events: rows.map(storedEvent), lastId: last, end: last === newest };
  }

  /** Id of the newest event; 0 when there is none. */
  lastId(chid: string): Promise<number> {
    return this.#store.lastId(chid);
  }

  /** Events that report on a send. */
  async ofSend(msgid: number): Promise<StoredEvent[]> {
    return (await this.#store.ofSend(msgid)).map(storedEvent);
  }

  /** Forgets events recorded before `before`, a bounded number at a time; answers how many. */
  async prune(before: number): Promise<number> {
    const batch = 1000;
    for (let total = 0; ; ) {
      const gone = await this.#store.prune(before, batch);
      total += gone;
      if (gone < batch) return total;
    }
  }

  #concerned(event: BotEvent): Channel[] {
    if (event.type !== 'sendStatus') {
      return this.#channels.seeing(event.botcode).filter((channel) => wants(channel, event));
    }
    // Whoever gave the command hears of it, also when the bot was taken from it since.
    const channel = this.#channels.get(event.chid);
    return channel !== undefined && wants(channel, event) ? [channel] : [];
  }
}

export function storedEvent(row: EventRow): StoredEvent {
  return {
    chid: row.chid,
    eventId: row.event_id,
    botcode: row.botcode,
    // Of our own writing.
    event: JSON.parse(row.body) as BotEvent,
    at: row.at,
    state: row.state,
    attempts: row.attempts,
    dueSince: row.due_since,
    runAt: row.run_at,
    firstTryAt: row.first_try_at ?? undefined,
    doneAt: row.done_at ?? undefined,
    lastError: row.last_error ?? undefined,
  };
}

/** A newer code, a login or the end of the bot makes codes useless that nobody took yet. */
function endsQrCodes(event: BotEvent): boolean {
  if (event.type === 'qrCode') return true;
  return event.type === 'botStatus' && (event.status === 'login' || event.status === 'off');
}

function wants({ settings }: Channel, event: BotEvent): boolean {
  if (settings.events !== undefined && !settings.events.includes(event.type)) return false;
  if (event.type !== 'userMsg') return true;
  // @NOTE callback.md (userMsg): msgType is "text", there is no other yet.
  if (event.kind !== 'text' || settings.userMsg === 'none') return false;
  return settings.userMsg === 'all' || event.mentionsSelf || event.roomId === undefined;
}
