import type { Card, IncomingMessage } from '../driver.ts';
import { normalizeText, plainName } from './mentions.ts';

/** What an own message looks like when it comes back. */
export type Looks =
  /** `mentions`: a visible "@name " of each of these may stand before the text. */
  | { kind: 'text'; text: string; mentions: readonly string[] }
  | { kind: 'miniProgram'; card: Card }
  | { kind: 'image' };

/** A message that was handed over and whose echo may come. */
export interface Expected {
  msgid: number;
  /** Room or contact id. */
  to: string;
  looks: Looks;
  handedAt: number;
  state: 'sending' | 'unknown' | 'acknowledged';
  /** Told by the receipt. */
  messageId: string | undefined;
  /** Id of the echo, when it came before the driver's answer. */
  echo: string | undefined;
  /** An acknowledged one is waited for until then. */
  until: number;
}

export interface Heard {
  expected: Expected;
  messageId: string;
  /** Others without an echo that look the same: which of them it was nobody can tell. */
  rivals: number;
}

/** WeChat tells whole seconds, and its clock is not ours. */
const clockTolerance = 5000;
/** An acknowledged message whose puppet tells no id takes an echo that looks the same so long. */
const acknowledgedAge = 15_000;
/** An id that the receipt told is waited for longer: it can be mistaken for nothing else. */
const identifiedAge = 600_000;
const seenIds = 5000;
/** So many acknowledged ones are waited for in one room: a puppet may lose echoes. */
const mostPerRoom = 200;

/**
 * Matches the account's own words with what was handed over: by message id where the receipt told
 * one, else by place and looks, the oldest first. What surely left takes its own echo, so that it
 * is never counted for an equal one whose outcome is unknown; and while an equal one is on its way
 * the echo waits for that one's answer, which tells whose it is. A message that arrives twice
 * counts once.
 */
export class Echoes {
  readonly #expected = new Map<string, Expected[]>();
  readonly #seen = new Set<string>();
  /** Echoes that may be of a message on its way, or of an unknown one that looks the same. */
  #held: IncomingMessage[] = [];

  expect(
    of: Pick<Expected, 'msgid' | 'to' | 'looks' | 'handedAt'> & { state?: 'unknown' },
  ): Expected {
    const expected: Expected = {
      state: 'sending',
      messageId: undefined,
      echo: undefined,
      until: Number.POSITIVE_INFINITY,
      ...of,
    };
    const list = this.#expected.get(of.to);
    if (list === undefined) this.#expected.set(of.to, [expected]);
    else list.push(expected);
    return expected;
  }

  /** WeChat took it: only its own echo may still come. */
  acknowledged(expected: Expected, messageId: string | undefined, now: number): void {
    if (expected.echo !== undefined) {
      this.forget(expected);
      return;
    }
    expected.state = 'acknowledged';
    expected.messageId = messageId;
    expected.until = now + (messageId === undefined ? acknowledgedAge : identifiedAge);
    this.#tidy(expected.to, now);
  }

  /** It did not leave, or is settled. */
  forget(expected: Expected): void {
    const list = this.#expected.get(expected.to);
    if (list === undefined) return;
    const rest = list.filter((one) => one !== expected);
    if (rest.length === 0) this.#expected.delete(expected.to);
    else this.#expected.set(expected.to, rest);
  }

  /** @returns the message that is now known to have left, if it was not known before */
  hear(message: IncomingMessage, now: number): Heard | undefined {
    if (!message.self || this.#isAgain(message.id)) return undefined;
    return this.#attribute(message, now);
  }

  /** Looks at held echoes again, after an answer came or failed to. */
  released(now: number): Heard[] {
    const held = this.#held;
    this.#held = [];
    return held.map((echo) => this.#attribute(echo, now)).filter((heard) => heard !== undefined);
  }

  #attribute(message: IncomingMessage, now: number): Heard | undefined {
    const to = message.roomId ?? message.toId;
    if (to === undefined) return undefined;
    this.#tidy(to, now);
    const list = this.#expected.get(to) ?? [];
    const same = list.find((one) => one.messageId === message.id);
    if (same !== undefined) {
      this.forget(same);
      return undefined;
    }
    const alike = list.filter((one) => mayBe(one, message));
    const left = alike.find((one) => one.state === 'acknowledged');
    if (left !== undefined) {
      this.forget(left);
      return undefined;
    }
    const states = new Set(alike.map((one) => one.state));
    if (states.size > 1) {
      this.#held.push(message);
      return undefined;
    }
    const [oldest] = alike;
    if (oldest === undefined) return undefined;
    oldest.echo = message.id;
    if (oldest.state === 'sending') return undefined;
    this.forget(oldest);
    return { expected: oldest, messageId: message.id, rivals: alike.length - 1 };
  }

  #tidy(to: string, now: number): void {
    const list = this.#expected.get(to);
    if (list === undefined) return;
    if (list.length <= mostPerRoom && list.every((one) => one.until > now)) return;
    const acknowledged = list.filter((one) => one.state === 'acknowledged' && one.until > now);
    const kept = new Set(acknowledged.slice(-mostPerRoom));
    const rest = list.filter((one) => one.state !== 'acknowledged' || kept.has(one));
    if (rest.length === 0) this.#expected.delete(to);
    else this.#expected.set(to, rest);
  }

  #isAgain(id: string): boolean {
    if (this.#seen.has(id)) return true;
    this.#seen.add(id);
    if (this.#seen.size > seenIds) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
    return false;
  }
}

function mayBe(expected: Expected, message: IncomingMessage): boolean {
  if (expected.echo !== undefined || expected.messageId !== undefined) return false;
  if (message.at < expected.handedAt - clockTolerance) return false;
  const { looks } = expected;
  if (looks.kind !== message.kind) return false;
  if (looks.kind === 'text') {
    const heard = normalizeText(message.text);
    const sent = normalizeText(looks.text);
    return heard === sent || (heard.endsWith(sent) && isMentions(heard, sent, looks.mentions));
  }
  if (looks.kind === 'miniProgram') {
    // A puppet that does not read cards cannot prove which one it was.
    if (message.card === undefined) return false;
    const { appid, pagePath, title } = looks.card;
    const { card } = message;
    return card.appid === appid && card.pagePath === pagePath && card.title === title;
  }
  return true;
}

/** Whether what stands before the text is "@name " of people it was to @, and of nobody else. */
function isMentions(heard: string, sent: string, wanted: readonly string[]): boolean {
  const before = heard.slice(0, heard.length - sent.length);
  if (!/^(?:@[^@]+ )+$/.test(before)) return false;
  const names = before
    .split('@')
    .slice(1)
    .map((name) => name.trim());
  const asked = new Set(wanted.map(plainName));
  return names.every((name) => asked.has(name));
}
