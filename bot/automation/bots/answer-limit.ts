import type { Clock } from '../../clock.ts';

/** One answer of our own a minute into a chat, and so many a minute of a bot. */
const chatPauseMs = 60_000;
const mostPerMinute = 3;

/** Bounds what strangers can make a bot say: answers share the pacing of business sends. */
export class AnswerLimit {
  readonly #clock: Clock;
  /** By bot: when which chat was answered, oldest first. */
  readonly #answered = new Map<string, Map<string, number>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns whether a chat may be answered now; if so it counts as answered */
  admits(botcode: string, chat: string): boolean {
    const now = this.#clock.now();
    const chats = this.#answered.get(botcode) ?? new Map<string, number>();
    for (const [one, at] of chats) if (now - at >= chatPauseMs || at > now) chats.delete(one);
    if (chats.has(chat) || chats.size >= mostPerMinute) return false;
    chats.set(chat, now);
    this.#answered.set(botcode, chats);
    return true;
  }
}
