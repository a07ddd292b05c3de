import type { Logger } from '../../../config/logger.ts';
import type { EventStore } from '../../../store/events.ts';
import type { Channel, Channels } from '../../channels.ts';
import type { Clock } from '../../clock.ts';
import { DeliveryLane, type LaneOwner, type LaneTools } from './delivery-lane.ts';

export interface ReceiverOptions {
  chid: string;
  channels: Pick<Channels, 'get' | 'pause'>;
  events: EventStore;
  lanes: LaneTools;
  clock: Clock;
  logger: Logger;
  /** Lanes that post at the same time. */
  concurrency: number;
  /** Follows work under way, so that others can wait for its end. */
  track: (work: Promise<void>) => void;
}

/** New rows looked at in one read. */
const scanSize = 500;
/** Without a success for this long, a failure means that the receiver is away, not one event. */
const awayAfterMs = 60_000;

/**
 * The receiver of one channel: a lane for each bot that has something to deliver, a bounded number
 * of them posting at a time. Knows nothing of other channels, so that none can hold it up.
 */
export class DeliveryReceiver implements LaneOwner {
  readonly chid: string;
  readonly #options: ReceiverOptions;
  readonly #lanes = new Map<string, DeliveryLane>();
  #ready: DeliveryLane[] = [];
  #running = 0;
  #open = false;
  /** The newest event whose lane was woken. */
  #seenId = 0;
  #looking = false;
  /** Look for lanes with anything due; `hurry`: without waiting out their pauses. */
  #findLanes: 'no' | 'wake' | 'hurry' = 'no';
  #findNew = false;
  #lastSuccess = Number.NEGATIVE_INFINITY;
  /** A success then means that it is back; 'unknown' at first: nobody knows what was before. */
  #away: 'no' | 'unknown' | 'yes' = 'unknown';

  constructor(options: ReceiverOptions) {
    this.chid = options.chid;
    this.#options = options;
  }

  get open(): boolean {
    return this.#open;
  }

  /** Nothing of it is under way. */
  get empty(): boolean {
    return this.#lanes.size === 0 && !this.#looking;
  }

  /** Takes up what is due. `hurry`: at once, also what waits for its next try. */
  start(hurry: boolean): void {
    this.#open = true;
    this.#findLanes = hurry ? 'hurry' : 'wake';
    this.#look();
  }

  /** Starts nothing any more; what is being posted ends by itself. */
  stop(): void {
    this.#open = false;
    this.#ready = [];
    for (const lane of [...this.#lanes.values()]) {
      lane.stop();
      if (lane.idle) this.#lanes.delete(lane.botcode);
    }
  }

  /** New events were recorded. */
  wake(): void {
    this.#findNew = true;
    this.#look();
  }

  /** Events of this bot were made due again. */
  recheck(botcode: string): void {
    if (this.#open) this.#lane(botcode).recheck();
  }

  hurryAll(): void {
    for (const lane of [...this.#lanes.values()]) lane.hurry();
  }

  target(): { channel: Channel; url: string } | undefined {
    if (!this.#open) return undefined;
    const channel = this.#options.channels.get(this.chid);
    const url = channel?.settings.callbackUrl;
    if (channel === undefined || url === undefined || channel.pausedReason !== undefined) {
      return undefined;
    }
    return { channel, url };
  }

  ready(lane: DeliveryLane): void {
    this.#ready.push(lane);
    this.#pump();
  }

  succeeded(): void {
    this.#lastSuccess = this.#options.clock.now();
    if (this.#away === 'no') return;
    if (this.#away === 'yes') {
      this.#options.logger.info({ chid: this.chid }, 'the receiver takes events again');
    }
    this.#away = 'no';
    this.hurryAll();
  }

  failed(fault: string): void {
    if (this.#away === 'yes') return;
    // One event that the receiver cannot take must not make every success of others retry it.
    if (this.#options.clock.now() - this.#lastSuccess <= awayAfterMs) return;
    this.#away = 'yes';
    this.#options.logger.warn({ chid: this.chid, fault }, 'the receiver takes no events');
  }

  async gone(): Promise<void> {
    const { channels, logger } = this.#options;
    if (!this.#open) return;
    this.#open = false;
    logger.warn({ chid: this.chid }, 'the receiver answered 410 Gone: its deliveries are paused');
    try {
      await channels.pause(this.chid, 'the receiver answered 410 Gone');
    } catch (error) {
      logger.error({ err: error, chid: this.chid }, 'a channel could not be paused');
      this.start(false);
    }
  }

  #pump(): void {
    while (this.#running < this.#options.concurrency) {
      const lane = this.#ready.shift();
      if (lane === undefined) return;
      this.#running += 1;
      this.#options.track(
        lane.run().then(() => {
          this.#running -= 1;
          if (lane.idle && this.#lanes.get(lane.botcode) === lane) this.#lanes.delete(lane.botcode);
          this.#pump();
        }),
      );
    }
  }

  #lane(botcode: string): DeliveryLane {
    let lane = this.#lanes.get(botcode);
    if (lane === undefined) {
      lane = new DeliveryLane(botcode, this, this.#options.lanes);
      this.#lanes.set(botcode, lane);
    }
    return lane;
  }

  #look(): void {
    if (this.#looking || !this.#open) return;
    this.#looking = true;
    const looked = this.#lookOnce()
      .catch((error: unknown) => {
        const { clock, logger } = this.#options;
        logger.error({ err: error, chid: this.chid }, 'new events could not be read');
        clock.after(5000, () => this.start(false));
      })
      .then(() => {
        this.#looking = false;
        if (this.#findNew || this.#findLanes !== 'no') this.#look();
      });
    this.#options.track(looked);
  }

  async #lookOnce(): Promise<void> {
    const { events, lanes } = this.#options;
    while (this.#open) {
      const how = this.#findLanes;
      if (how !== 'no') {
        this.#findLanes = 'no';
        this.#seenId = await events.lastId(this.chid);
        for (const botcode of await lanes.store.dueBots(this.chid)) {
          if (!this.#open) return;
          if (how === 'hurry') this.#lane(botcode).hurry();
          else this.#lane(botcode).wake();
        }
      } else if (this.#findNew) {
        this.#findNew = false;
        const rows = await events.headersAfter(this.chid, this.#seenId, scanSize);
        if (!this.#open) return;
        for (const row of rows) {
          this.#seenId = row.event_id;
          // Either may have superseded the QR code the lane is waiting with.
          if (row.type === 'qrCode' || row.type === 'botStatus') this.recheck(row.botcode);
          else this.#lane(row.botcode).wake();
        }
        if (rows.length === scanSize) this.#findNew = true;
      } else return;
    }
  }
}
