import type { Logger } from '../../../config/logger.ts';
import type { AttemptRow, DeliveryStore, Settlement } from '../../../store/deliveries.ts';
import type { EventRow } from '../../../store/events.ts';
import type { Channel } from '../../channels.ts';
import type { Clock, Timer } from '../../clock.ts';
import { type StoredEvent, storedEvent } from '../../event-log.ts';
import type { Tracing } from '../../tracing.ts';
import type { EncodeEvent } from './callback.ts';
import type { Answer, Poster } from './delivery-post.ts';
import { nextTry, retryAfterAt } from './delivery-schedule.ts';
import type { DeliverySettler } from './delivery-settler.ts';

/** What all lanes share. */
export interface LaneTools {
  store: DeliveryStore;
  settler: DeliverySettler;
  poster: Poster;
  encode: EncodeEvent;
  clock: Clock;
  logger: Logger;
  random: () => number;
  /** Absent: nobody wants to see spans. */
  tracing?: Tracing | undefined;
}

/** The receiver a lane belongs to. */
export interface LaneOwner {
  readonly chid: string;
  /** The channel while it may be posted to. */
  target(): { channel: Channel; url: string } | undefined;
  /** Asks for a turn; the owner calls `run` when it is there. */
  ready(lane: DeliveryLane): void;
  succeeded(): void;
  failed(fault: string): void;
  /** The receiver answered that it is gone for good. */
  gone(): Promise<void>;
}

/** Why a lane stands still, and until when. */
interface Wait {
  until: number;
  /** The receiver named the time itself: nothing but time ends the wait. */
  asked: boolean;
}

/** Events read at a time: what a lane holds in memory, and how far it runs ahead of its writes. */
const pageSize = 32;
/** Before the event behind a dead one: a receiver that fails is not flooded with the rest. */
const afterDeadMs = 1000;
/** After the database refused. */
const afterFaultMs = 5000;
const keptAnswer = 500;

/** Events of one bot for one channel: delivered one after another, in order of their ids. */
export class DeliveryLane {
  readonly botcode: string;
  readonly #owner: LaneOwner;
  readonly #tools: LaneTools;
  #state: 'idle' | 'ready' | 'running' | 'waiting' = 'idle';
  #wait: Wait | undefined;
  #timer: Timer | undefined;
  /** Rows came while it ran: at the end, or maybe at the beginning. */
  #again = false;
  #recheck = false;
  /** The event for whose next try the receiver named a time. */
  #askedId: number | undefined;
  /** Do not wait out pauses, this turn. */
  #hurried = false;

  constructor(botcode: string, owner: LaneOwner, tools: LaneTools) {
    this.botcode = botcode;
    this.#owner = owner;
    this.#tools = tools;
  }

  get idle(): boolean {
    return this.#state === 'idle';
  }

  /** There is something new at the end. */
  wake(): void {
    if (this.#state === 'running') this.#again = true;
    else if (this.#state === 'idle') this.#getReady();
  }

  /** There may be something new at the beginning. */
  recheck(): void {
    if (this.#state === 'running') this.#recheck = true;
    else if (this.#state !== 'ready') this.#getReady();
  }

  /** The receiver seems to be back: no use in waiting out a pause. */
  hurry(): void {
    if (this.#wait?.asked === true) return;
    this.#hurried = true;
    if (this.#state === 'running') this.#again = true;
    else if (this.#state !== 'ready') this.#getReady();
  }

  stop(): void {
    this.#timer?.cancel();
    if (this.#state !== 'running') this.#state = 'idle';
  }

  /** One turn: a page of events. Never rejects. */
  async run(): Promise<void> {
    this.#state = 'running';
    this.#again = false;
    this.#recheck = false;
    let wait: Wait | undefined;
    let more = false;
    try {
      const rows = await this.#tools.store.due(this.#owner.chid, this.botcode, pageSize);
      more = rows.length === pageSize;
      wait = await this.#runPage(rows);
    } catch (error) {
      this.#tools.logger.error(
        { err: error, chid: this.#owner.chid, botcode: this.botcode },
        'deliveries could not be read or written',
      );
      wait = { until: this.#tools.clock.now() + afterFaultMs, asked: false };
    }
    this.#state = 'idle';
    this.#hurried = false;
    if (this.#owner.target() === undefined) return;
    if (wait !== undefined && !this.#recheck) this.#waitFor(wait);
    else if (more || this.#again || this.#recheck) this.#getReady();
  }

  async #runPage(rows: readonly EventRow[]): Promise<Wait | undefined> {
    const writes: Promise<void>[] = [];
    let wait: Wait | undefined;
    for (const [index, row] of rows.entries()) {
      const target = this.#owner.target();
      if (target === undefined) break;
      const asked = row.event_id === this.#askedId;
      if (row.run_at > this.#tools.clock.now() && (asked || !this.#hurried)) {
        wait = { until: row.run_at, asked };
        break;
      }
      // It may have been superseded since the page was read.
      if (index > 0 && row.type === 'qrCode') {
        if (!(await this.#tools.store.isDue(row.chid, row.event_id))) continue;
      }
      const done = await this.#deliver(row, target);
      if (done === undefined) break;
      const write = this.#tools.settler.settle(done.settlement);
      // Awaited below with the rest; until then a failure must not count as unhandled.
      write.catch(() => {});
      writes.push(write);
      wait = done.wait;
      if (wait !== undefined) break;
    }
    await Promise.all(writes);
    return wait;
  }

  /** Undefined when the try was broken off: nothing is known, so nothing is written. */
  async #deliver(
    row: EventRow,
    { channel, url }: { channel: Channel; url: string },
  ): Promise<{ settlement: Settlement; wait: Wait | undefined } | undefined> {
    const { clock, poster, encode, tracing } = this.#tools;
    const at = clock.now();
    const stored = storedEvent(row);
    const callback = encode(stored, channel, at);
    const headers = { 'content-type': callback.contentType, ...callback.headers };
    const post = (more?: Record<string, string>): ReturnType<Poster['post']> =>
      poster.post(url, more === undefined ? headers : { ...headers, ...more }, callback.body);
    const answer = await (tracing?.delivery(spanOf(stored), post) ?? post());
    if (answer === undefined) return undefined;
    const now = clock.now();
    const fault = faultOf(answer, channel.settings.callbackAck, callback.accepts);
    const attempt: AttemptRow = {
      at,
      took_ms: now - at,
      status: answer.status ?? null,
      error: fault ?? null,
      answer: fault === undefined || answer.body === '' ? null : cut(answer.body),
    };
    const attempts = row.attempts + 1;
    const base = { chid: row.chid, eventId: row.event_id, attempts, attempt };
    if (fault === undefined) {
      this.#owner.succeeded();
      return { settlement: { ...base, result: { state: 'acked' } }, wait: undefined };
    }
    this.#owner.failed(fault);
    if (answer.status === 410) {
      // It stays due: once the channel is resumed it is tried at once.
      await this.#owner.gone();
      return {
        settlement: { ...base, result: { state: 'due', again: now } },
        wait: { until: now, asked: false },
      };
    }
    const askedAt = retryAfterAt(answer.retryAfter, now);
    const again = nextTry({
      dueSince: row.due_since,
      now,
      attempts,
      askedAt,
      random: this.#tools.random(),
    });
    this.#askedId = askedAt === undefined ? undefined : row.event_id;
    if (again !== undefined) {
      return {
        settlement: { ...base, result: { state: 'due', again } },
        wait: { until: again, asked: askedAt !== undefined },
      };
    }
    this.#tools.logger.warn(
      { chid: row.chid, botcode: row.botcode, eventId: row.event_id, type: row.type, fault },
      'an event could not be delivered: it is a dead letter now',
    );
    return {
      settlement: { ...base, result: { state: 'dead' } },
      wait: { until: now + afterDeadMs, asked: false },
    };
  }

  #getReady(): void {
    this.#timer?.cancel();
    this.#wait = undefined;
    this.#state = 'ready';
    this.#owner.ready(this);
  }

  #waitFor(wait: Wait): void {
    this.#state = 'waiting';
    this.#wait = wait;
    const ms = wait.until - this.#tools.clock.now();
    this.#timer = this.#tools.clock.after(ms, () => this.#getReady());
  }
}

/** Why an answer does not count as delivered; undefined: it does. */
function faultOf(
  answer: Answer,
  ack: 'body' | 'status',
  accepts: (body: string) => boolean,
): string | undefined {
  const { status } = answer;
  if (status === undefined) return answer.error ?? 'no answer';
  if (status < 200 || status > 299) return `HTTP ${status}`;
  if (ack === 'status') return undefined;
  if (!answer.whole) return answer.error ?? 'the answer broke off';
  return accepts(answer.body) ? undefined : 'the answer does not say success';
}

function spanOf({ chid, eventId, event }: StoredEvent) {
  const msgid = event.type === 'sendStatus' ? event.msgid : undefined;
  return { type: event.type, chid, eventId, msgid };
}

function cut(text: string): string {
  return text.length > keptAnswer ? `${text.slice(0, keptAnswer)}…` : text;
}
