import type { AlarmLane } from '../../../config/alarm-schema.ts';
import type { MessageWhat } from '../../../store/alarm-messages.ts';
import type { Language, Text } from '../../errors.ts';

/** What is known of the alarm behind a line, for programs that read it. */
export interface AlarmFacts {
  id: string;
  key: string;
  kind: string;
  subject: string;
  stage: number;
  flapping: boolean;
  since: number;
  raisedAt: number | null;
  overAt: number | null;
}

/** One line of a letter. */
export interface LetterLine {
  what: MessageWhat;
  text: Text;
  /** Absent: a trial. */
  alarm?: AlarmFacts;
}

/** What a person is told at once: several alarms of one moment are one letter. */
export interface Letter {
  /** The same whenever it is handed over again: who knows it has it already. */
  id: string;
  at: number;
  lines: readonly LetterLine[];
  /** Where to look, for the end of the text. */
  url: string;
}

/** A way to tell a person. */
export interface Lane {
  readonly settings: AlarmLane;
  /** It writes to the database itself, so it is of no use while that cannot be written. */
  readonly needsDatabase: boolean;
  /** Never rejects. @returns why it was not taken; undefined: it was */
  tell(letter: Letter, signal: AbortSignal): Promise<string | undefined>;
  close(): void;
}

/** A lane as operators see it. */
export interface LaneView {
  name: string;
  kind: AlarmLane['kind'];
  target: string;
  toldLastHour: number;
  lastOkAt: number | null;
  lastErrorAt: number | null;
  lastError: string | null;
}

/** Where it leads. Addresses of group robots have their key in the query. */
export function targetOf(lane: AlarmLane): string {
  switch (lane.kind) {
    case 'room':
      return `${lane.bot} → ${lane.roomTopic ?? lane.roomId ?? lane.contactId ?? ''}`;
    case 'webhook':
      return new URL(lane.url).origin;
    case 'email':
      return lane.to.join(', ');
  }
}

/** A letter as text, a line for each alarm. */
export function letterText(letter: Letter, language: Language): string {
  const lines = letter.lines.map(({ text }) => text[language]);
  return `${lines.join('\n')}\n${letter.url}`;
}

/** What stands above it. */
export function letterTitle(letter: Letter, language: Language): string {
  const [first] = letter.lines;
  const title = first === undefined ? 'wxrc' : `wxrc ${first.text[language]}`;
  const more = letter.lines.length - 1;
  // A title is one line, whatever names of bots and rooms are made of.
  const plain = title.replaceAll(/\s+/g, ' ').slice(0, 150);
  if (more === 0) return plain;
  return language === 'zh' ? `${plain}（另 ${more} 条）` : `${plain} (and ${more} more)`;
}

export function whyOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/g, ' ').slice(0, 300);
}
