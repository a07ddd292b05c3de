import type { Turn } from '../../bot/chatbot/chat.ts';
import type { ChatbotCore } from './core.ts';
import { type Envelope, going, ok } from './envelope.ts';

/** A question is on disk; `messageId` is that of the reply to come. */
export function acceptedFrame({ stamps }: Pick<ChatbotCore, 'stamps'>, turn: Turn): Envelope {
  const { chatId: sessionId, replyId: messageId, questionId, askedAt } = turn;
  const data = { sessionId, messageId, questionId, timestamp: stamps.write(askedAt) };
  return { code: 202, message: 'Accepted', data };
}

export function pieceFrame(
  sessionId: string,
  messageId: string,
  seq: number,
  delta: string,
): Envelope {
  return going({ sessionId, messageId, seq, delta });
}

/** The whole answer, however much of it came in pieces. */
export function doneFrame(core: Pick<ChatbotCore, 'stamps'>, turn: Turn): Envelope {
  return ok(answerOf(core, turn));
}

/** An answer with all that is known of it. */
export function answerOf(
  { stamps }: Pick<ChatbotCore, 'stamps'>,
  turn: Turn,
): Record<string, unknown> {
  return {
    sessionId: turn.chatId,
    messageId: turn.replyId,
    content: turn.text,
    timestamp: stamps.write(turn.doneAt ?? turn.receivedAt),
    ...(turn.finish !== undefined && { finish: turn.finish }),
    ...(turn.reply !== undefined && { reply: turn.reply }),
  };
}

/** JSON in ASCII: a chunk may end within a character, and some clients read chunks as they come. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
