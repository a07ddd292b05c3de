import type { Turn } from '../../bot/chatbot/chat.ts';
import { brokenTail } from '../../bot/chatbot/sentences.ts';
import { AppError } from '../../bot/errors.ts';
import type { ChatbotCore } from './core.ts';
import { type Envelope, going, ok } from './envelope.ts';
import { answerOf } from './frames.ts';

/** Longest that a poll waits. */
const longestWaitMs = 25_000;

export interface Wish {
  /** So much of the answer is known already. */
  offset: number | undefined;
  /** Seconds. */
  wait: number | undefined;
  /** The client is gone. */
  gone: AbortSignal;
}

/** An answer by the stamp of its question, in the words of the document. */
export async function receiveByStamp(
  core: ChatbotCore,
  sessionId: string,
  stamp: string | undefined,
  wish: Wish,
): Promise<Envelope> {
  const { chats } = core;
  const askedAt = stamp === undefined ? undefined : readStamp(core, stamp);
  const found =
    (await chats.turnAfter(sessionId, askedAt)) ?? (await nextOf(core, sessionId, askedAt, wish));
  if (found === undefined) {
    if (stamp === undefined || (await chats.get(sessionId)).state !== 'human') throw nothingSince();
    // An agent answers: there may be more at any moment.
    return going({ sessionId, content: '', timestamp: stamp });
  }
  const turn = await waited(core, found, wish);
  const { content, timestamp } = answerOf(core, turn);
  const said = turn.state === 'making' ? chats.textSoFar(turn.replyId) : String(content);
  return told(
    turn,
    { sessionId, content: partOf(core, turn, said, wish.offset), timestamp },
    wish,
    said,
  );
}

/** What an agent says next, if a poll waits for it. */
async function nextOf(
  core: ChatbotCore,
  sessionId: string,
  askedAt: number | undefined,
  { wait = 0, gone }: Wish,
): Promise<Turn | undefined> {
  const { chats, clock, stop } = core;
  const waitMs = Math.min(wait * 1000, longestWaitMs);
  if (waitMs === 0 || (await chats.get(sessionId)).state !== 'human') return undefined;
  const enough = new AbortController();
  const end = (): void => enough.abort();
  const leave = chats.watch(sessionId, { piece: () => {}, settled: end, ended: end });
  try {
    const found = await chats.turnAfter(sessionId, askedAt);
    if (found !== undefined) return found;
    await clock.sleep(waitMs, AbortSignal.any([enough.signal, gone, stop]));
  } finally {
    leave();
  }
  return await chats.turnAfter(sessionId, askedAt);
}

/** An answer by its own name. */
export async function receiveByName(
  core: ChatbotCore,
  sessionId: string,
  messageId: string,
  wish: Wish,
): Promise<Envelope> {
  const { chats } = core;
  const turn = await waited(core, await chats.turn(sessionId, messageId), wish);
  const answer = answerOf(core, turn);
  const said = turn.state === 'making' ? chats.textSoFar(messageId) : turn.text;
  return told(turn, { ...answer, content: partOf(core, turn, said, wish.offset) }, wish, said);
}

/** @throws AppError field_value */
export function readStamp({ stamps }: ChatbotCore, text: string): number {
  const at = stamps.read(text);
  if (at !== undefined) return at;
  throw new AppError(
    'field_value',
    { zh: 'timestamp: 没有这个时间', en: 'timestamp: there is no such time' },
    { field: 'timestamp' },
  );
}

/** Without an offset nothing is told before the answer is there: clients append what they are told. */
function partOf(
  { language }: ChatbotCore,
  turn: Turn,
  said: string,
  offset: number | undefined,
): string {
  if (offset !== undefined) {
    // After a crash there is less than was told: what is new is that it broke off.
    const tail = brokenTail(language);
    const isNews = turn.state === 'failed' && said.endsWith(tail) && offset !== said.length;
    return isNews && offset > said.length - tail.length ? tail : said.slice(offset);
  }
  return turn.state === 'making' ? '' : said;
}

function told(turn: Turn, data: Record<string, unknown>, { offset }: Wish, said: string): Envelope {
  const whole = offset === undefined ? data : { ...data, offset: said.length };
  return turn.state === 'making' ? going(whole) : ok(whole);
}

/** The turn once its answer is there, has grown beyond what is known, or nobody waits any longer. */
async function waited(core: ChatbotCore, turn: Turn, wish: Wish): Promise<Turn> {
  const { chats, clock, stop } = core;
  const waitMs = Math.min((wish.wait ?? 0) * 1000, longestWaitMs);
  if (turn.state !== 'making' || waitMs === 0) return turn;
  const enough = new AbortController();
  const grown = (): void => {
    if (wish.offset === undefined) return;
    if (chats.textSoFar(turn.replyId).length > wish.offset) enough.abort();
  };
  const leave = await chats.follow(turn.chatId, turn.replyId, -1, {
    piece: grown,
    settled: () => enough.abort(),
  });
  try {
    await clock.sleep(waitMs, AbortSignal.any([enough.signal, wish.gone, stop]));
  } finally {
    leave();
  }
  return await chats.turn(turn.chatId, turn.replyId);
}

function nothingSince(): AppError {
  return new AppError(
    'not_found',
    { zh: 'timestamp: 该时间之后没有消息', en: 'timestamp: nothing was said since' },
    { field: 'timestamp' },
  );
}
