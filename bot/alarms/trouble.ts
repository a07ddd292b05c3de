import type { AlarmKind } from '../../config/alarm-schema.ts';
import type { Text } from '../errors.ts';

/** Something that is wrong just now. */
export interface Trouble {
  /** What it is about, the same each time and unlike all others: `bot:bot01`. */
  key: string;
  kind: AlarmKind;
  /** The bot, channel, schedule … in question. */
  subject: string;
  /** From 1. Where it rises, it got worse or somebody else has to act: one is told once more. */
  stage: number;
  /** It has to last so long before anybody is told. */
  afterMs: number;
  /** When it began, epoch ms; absent: when it was first seen. */
  since?: number;
  /** One sentence, without a full stop: what is wrong, and what to do. */
  text: Text;
  /** Perhaps so, perhaps not: keeps an alarm that is there and raises none. */
  unsure?: true;
}

/** What happened once and stays as it is: nobody is told that it is over. */
export const onceKey = 'once:';

/** A part of the daemon that knows what is wrong with it. Plugs in with `Alarms.addSource`. */
export interface AlarmSource {
  /** Unique, for the log. */
  name: string;
  /** How often it is asked. */
  everyMs: number;
  /**
   * What is wrong now; nothing: all is well. Where it throws or takes too long, what it said before
   * stands for unsure.
   */
  troubles(now: number): readonly Trouble[] | Promise<readonly Trouble[]>;
  /** Calls when it should be asked at once. @returns a function that stops listening */
  onChange?(listener: () => void): () => void;
}
