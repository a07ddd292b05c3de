import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { validate } from '../middleware/validate.ts';
import { content, messageId, sessionId, timestamp } from './schema.ts';

const seq = z.int({ error: 'must be a number' }).min(-1).default(-1);

/** What a client says on a socket; the session is that of the socket. */
const words = {
  send: z.object({
    sessionId: sessionId.optional(),
    content,
    messageId: messageId.optional(),
    timestamp: timestamp.optional(),
  }),
  resume: z.object({ sessionId: sessionId.optional(), messageId, seq }),
  cancel: z.object({ sessionId: sessionId.optional(), messageId }),
  destroy: z.object({ sessionId: sessionId.optional() }),
  ping: z.object({ sessionId: sessionId.optional() }),
} as const;

type Words = {
  [T in keyof typeof words]: { type: T; data: z.output<(typeof words)[T]> };
};
/** A frame of a client. */
export type Word = Words[keyof Words];

/** @throws AppError field_missing, field_type, field_value */
export function readWord(text: string, session: string): Word {
  const frame = parse(text);
  const type = 'type' in frame ? frame.type : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(words, type)) throw badType();
  const given = 'data' in frame ? (frame.data ?? {}) : {};
  const name = type as keyof Words;
  const data = validate(words[name], given);
  if (data.sessionId !== undefined && data.sessionId !== session) throw otherSession();
  // The schema is the one of this type.
  return { type: name, data } as Word;
}

/** The message that a frame is about, as far as it can be told, for its refusal. */
export function messageIn(text: string): string | undefined {
  try {
    const frame = parse(text);
    const data = 'data' in frame ? frame.data : undefined;
    const id = typeof data === 'object' && data !== null && 'messageId' in data && data.messageId;
    return typeof id === 'string' ? id.slice(0, 300) : undefined;
  } catch {
    return undefined;
  }
}

function parse(text: string): object {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    frame = undefined;
  }
  if (typeof frame === 'object' && frame !== null && !Array.isArray(frame)) return frame;
  throw new AppError('field_value', { zh: '须为 JSON 对象', en: 'must be a JSON object' });
}

function badType(): AppError {
  const all = Object.keys(words).join(', ');
  const text = { zh: `type: 应为 ${all}`, en: `type: must be one of ${all}` };
  return new AppError('field_value', text, { field: 'type' });
}

function otherSession(): AppError {
  const text = {
    zh: 'sessionId: 与连接的会话不同',
    en: 'sessionId: is not the session of this socket',
  };
  return new AppError('field_value', text, { field: 'sessionId' });
}
