import type { AlarmMessageRow, MessageState, MessageWhat } from '../../store/alarm-messages.ts';
import type { Episode } from './episode.ts';
import type { LetterLine } from './lanes/lane.ts';
import { newId, sayAlarm, type WordOptions } from './words.ts';

/** What a person is to be told of an alarm, and how far that got. */
export interface Message {
  id: string;
  /** Id of the alarm; '' for a trial. */
  alarm: string;
  line: LetterLine;
  state: MessageState;
  batch: string | undefined;
  lane: string | undefined;
  attempts: number;
  createdAt: number;
  runAt: number;
  doneAt: number | undefined;
  lastError: string | undefined;
  /** It is in the database. */
  saved: boolean;
}

export function messageOf(
  what: MessageWhat,
  one: Episode,
  now: number,
  words: WordOptions,
): Message {
  const { id, key, kind, subject, stage, flapping, since, raisedAt, overAt } = one;
  return {
    id: newId(now),
    alarm: id,
    line: {
      what,
      text: sayAlarm(what, one, words),
      alarm: {
        ...{ id, key, kind, subject, stage, flapping, since },
        raisedAt: raisedAt ?? null,
        overAt: overAt ?? null,
      },
    },
    state: 'due',
    batch: undefined,
    lane: undefined,
    attempts: 0,
    createdAt: now,
    runAt: now,
    doneAt: undefined,
    lastError: undefined,
    saved: false,
  };
}

export function messageRow(one: Message): AlarmMessageRow {
  return {
    id: one.id,
    alarm: one.alarm,
    what: one.line.what,
    text: JSON.stringify(one.line),
    state: one.state,
    batch: one.batch ?? null,
    lane: one.lane ?? null,
    attempts: one.attempts,
    created_at: one.createdAt,
    run_at: one.runAt,
    done_at: one.doneAt ?? null,
    last_error: one.lastError ?? null,
  };
}

export function messageFrom(row: AlarmMessageRow): Message {
  return {
    id: row.id,
    alarm: row.alarm,
    // Of our own writing.
    line: JSON.parse(row.text) as LetterLine,
    state: row.state,
    batch: row.batch ?? undefined,
    lane: row.lane ?? undefined,
    attempts: row.attempts,
    createdAt: Number(row.created_at),
    runAt: Number(row.run_at),
    doneAt: row.done_at ?? undefined,
    lastError: row.last_error ?? undefined,
    saved: true,
  };
}
