import type { Channel } from '../../channels.ts';
import type { StoredEvent } from '../../event-log.ts';

/** An event as a receiver gets it. */
export interface Callback {
  body: string;
  contentType: string;
  /** Everything else: signatures of this try, ids, who calls. */
  headers: Record<string, string>;
  /** Whether an answer's body says that the receiver took the event. */
  accepts(answer: string): boolean;
}

/**
 * Spells an event for a channel's webhook; `now` stamps the try. The body depends on the event and
 * the channel's settings only, so that a repeated delivery has the same bytes.
 */
export type EncodeEvent = (event: StoredEvent, channel: Channel, now: number) => Callback;

/** Spells a request for trial, which is no event and is kept nowhere. */
export type EncodeTrial = (channel: Channel, now: number) => Callback;
