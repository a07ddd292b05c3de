import type { Card } from '../automation/driver.ts';

/** Who may answer, in the order in which they are asked. */
export const stepNames = ['rules', 'knowledge', 'model', 'fallback', 'human'] as const;
export type StepName = (typeof stepNames)[number];

/** Where a question came from: the mini program, a room or a contact of a bot, an operator's trial. */
export type ChatChannel = 'mpweixin' | 'room' | 'private' | 'test';

/** What is said: whoever shows text only is given `textOf` of it. */
export type Reply =
  | { type: 'text'; text: string }
  | { type: 'image'; url: string; text?: string | undefined }
  | { type: 'card'; card: Card; text?: string | undefined };

/** Why an answer ended where it does. */
export type Finish = 'stop' | 'length' | 'content_filter' | 'error' | 'cancelled';

/** A question of the same chat, and what was answered. */
export interface Exchange {
  question: string;
  answer: string;
}

/** What a responder may know of a chat. */
export interface ChatView {
  id: string;
  channel: ChatChannel;
  /** An agent answers, not the bot. */
  human: boolean;
}

/** A question to be answered. */
export interface Ask {
  chat: ChatView;
  question: string;
  /** `<chat>--<uuid>`, as its asker knows the answer. */
  replyId: string;
  /** What was said before, oldest first; bounded. */
  history: readonly Exchange[];
  /** Entries that the answer before offered, in the order of their numbers. */
  options: readonly number[];
  botcode?: string | undefined;
  roomId?: string | undefined;
  /** The bot was addressed by name; always so outside of rooms. */
  mentioned: boolean;
  /** Aborts when nobody wants the answer any more: cancelled, ended, stopping. */
  signal: AbortSignal;
}

/** Candidate of a search, as it is written down. */
export interface Candidate {
  entry: number;
  score: number;
  title: string;
}

/** What a step found, for whoever asks later why this was answered. Nothing secret in it. */
export interface Findings {
  rule?: number | string | undefined;
  entry?: number | undefined;
  score?: number | undefined;
  verdict?: 'direct' | 'picked' | 'suggest' | 'miss' | undefined;
  candidates?: readonly Candidate[] | undefined;
  /** Entries that a model was given. */
  cited?: readonly number[] | undefined;
  model?: string | undefined;
  tokens?: { prompt: number; completion: number } | undefined;
  /** Milliseconds until the first piece of text. */
  firstMs?: number | undefined;
  /** The send by which a bot says it. */
  msgid?: number | undefined;
  /** Why it passed, or broke off. */
  note?: string | undefined;
}

/** One step of the way to an answer. */
export interface TraceStep extends Findings {
  step: StepName;
  outcome: Outcome | 'failed';
  ms: number;
}

/** Where a responder puts its answer. After the signal has aborted nothing of it counts. */
export interface Answering {
  /** The next piece of the text: on its way to watchers at once. */
  delta(text: string): void;
  /** A whole answer: text is the same as one `delta`; of anything else, what shows it. */
  say(reply: Reply): void;
  /** The answer ended early, or otherwise than it should; default `stop`. */
  finish(reason: Finish): void;
  /** An agent answers from here on, once this answer has been given. */
  handOver(storeId?: number): void;
  /** Nobody is there now: agents are told of the question, and the bot goes on until one answers. */
  leaveWord(storeId?: number): void;
  /** The next question may pick one of these entries by its number, from 1. */
  offer(entries: readonly number[]): void;
  /** Adds to what is written down of this step. */
  trace(findings: Findings): void;
  /** Whether anything was said already: then another responder cannot begin anew. */
  readonly said: boolean;
}

export type Outcome = 'answered' | 'pass';

/**
 * A step of the way to an answer. One that throws before it said anything counts as one that passed;
 * after it said something the answer ends there, as failed.
 */
export interface Responder {
  readonly name: StepName;
  /** That it had nothing to say is not worth a word. */
  readonly isQuiet?: boolean;
  /** It is passed over, and nothing of it is written down. */
  readonly isOff?: boolean;
  /** An operator wrote what it says: it answers where everything else has to be silent, too. */
  readonly isWritten?: boolean;
  respond(ask: Ask, out: Answering): Promise<Outcome>;
}

/** A reply for those who show text only. */
export function textOf(reply: Reply): string {
  switch (reply.type) {
    case 'text':
      return reply.text;
    case 'image':
      return reply.text ?? reply.url;
    case 'card':
      return reply.text ?? [reply.card.title, reply.card.description].filter(Boolean).join('\n');
  }
}
