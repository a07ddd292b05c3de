import type { IncomingMessage } from '../driver.ts';

/** Remembers the last ids it saw: what a stream delivers twice is told once. */
export class SeenIds {
  readonly #limit: number;
  /** Insertion order is age. */
  readonly #ids = new Set<string>();

  constructor(limit = 1000) {
    this.#limit = limit;
  }

  /** @returns false when it was seen before */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > this.#limit) {
      const [oldest] = this.#ids;
      if (oldest !== undefined) this.#ids.delete(oldest);
    }
    return true;
  }
}

/**
 * Whether it is the keyword `help`, which is WXRC's own: the whole message, said privately, or in a
 * room to the bot (the mention itself is not counted). Phones begin a message with a capital letter.
 */
export function isHelp(message: IncomingMessage, selfName: string | undefined): boolean {
  if (message.self || message.kind !== 'text') return false;
  if (message.roomId !== undefined && !message.mentionsSelf) return false;
  let text = message.text;
  if (message.roomId !== undefined) {
    if (selfName !== undefined && selfName !== '') text = text.replaceAll(`@${selfName}`, ' ');
    // WeChat ends a mention with U+2005; a name in the room may differ from the account's.
    text = text.replace(/@[^\u2005@]*\u2005/g, ' ').replace(/@\S+/g, ' ');
  }
  return text.trim().toLowerCase() === 'help';
}
