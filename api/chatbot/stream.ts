import type { ServerResponse } from 'node:http';
import type { Context } from 'koa';
import type { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { storageRefusal } from '../../bot/storage.ts';
import { validate } from '../middleware/validate.ts';
import type { ChatbotCore } from './core.ts';
import { type Envelope, innerError, refusedOf } from './envelope.ts';
import { acceptedFrame, asciiJson, doneFrame, pieceFrame } from './frames.ts';
import { readObject } from './read-body.ts';
import { questionOf } from './routes.ts';
import { streamBody } from './schema.ts';

const keepAliveMs = 15_000;
/** A reader for whom more waits than this gets no pieces any more, but the whole text at the end. */
export const slowBytes = 65_536;

/**
 * Asks, and writes the answer as server-sent events while it is made: `accepted`, `delta`, and `done` with
 * the whole of it, or `error`. Whoever comes back with the name of the reply goes on where it broke off.
 */
export async function streamAnswer(core: ChatbotCore, ctx: Context): Promise<void> {
  const input = await readObject(ctx);
  const response = ctx.res;
  ctx.respond = false;
  response.on('error', () => {});
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Asks nginx and its like to pass on what they get as they get it.
    'x-accel-buffering': 'no',
  });
  try {
    const body = validate(streamBody, input);
    await follow(core, response, body, lastEventOf(ctx) ?? body.seq ?? -1);
  } catch (thrown) {
    const error = storageRefusal(thrown, core.logger);
    const refused = refusedOf(error, core.language);
    if (refused === undefined) core.logger.error({ err: error }, 'stream failed');
    write(response, 'error', refused ?? innerError);
    response.end();
  }
}

async function follow(
  core: ChatbotCore,
  response: ServerResponse,
  body: z.output<typeof streamBody>,
  afterSeq: number,
): Promise<void> {
  const { chats, clock, stop } = core;
  const { sessionId } = body;
  await chats.assertOwn(sessionId, core.owner);
  const replyId = await replyOf(core, response, body);
  const ended = new AbortController();
  const end = (): void => ended.abort();
  response.on('close', end);
  if (response.destroyed) return;
  let slow = false;
  const leave = await chats.follow(sessionId, replyId, afterSeq, {
    piece(seq, delta) {
      slow ||= response.writableLength > slowBytes;
      if (!slow) write(response, 'delta', pieceFrame(sessionId, replyId, seq, delta), seq);
    },
    settled(turn) {
      write(response, 'done', doneFrame(core, turn));
      end();
    },
  });
  const over = AbortSignal.any([ended.signal, stop]);
  try {
    while (!over.aborted) {
      await clock.sleep(keepAliveMs, over);
      if (!over.aborted) response.write(': alive\n\n');
    }
  } finally {
    leave();
    response.end();
  }
}

/** @returns the name of the answer that is asked for @throws AppError */
async function replyOf(
  core: ChatbotCore,
  response: ServerResponse,
  body: z.output<typeof streamBody>,
): Promise<string> {
  const { content, messageId } = body;
  if (content !== undefined) {
    const { turn } = await core.chats.ask(questionOf(core, { ...body, content }));
    write(response, 'accepted', acceptedFrame(core, turn));
    return turn.replyId;
  }
  if (messageId !== undefined) return messageId;
  const text = { zh: 'content: 缺少', en: 'content: missing' };
  throw new AppError('field_missing', text, { field: 'content' });
}

function write(response: ServerResponse, event: string, frame: Envelope, id?: number): void {
  const name = id === undefined ? '' : `id: ${id}\n`;
  response.write(`event: ${event}\n${name}data: ${asciiJson(frame)}\n\n`);
}

function lastEventOf(ctx: Context): number | undefined {
  const id = ctx.get('last-event-id').trim();
  return /^\d{1,9}$/.test(id) ? Number(id) : undefined;
}
