import type { z } from 'zod';
import { validate } from '../middleware/validate.ts';
import type { ChatbotCore } from './core.ts';
import { type Envelope, ok } from './envelope.ts';
import { readStamp, receiveByName, receiveByStamp } from './receive.ts';
import * as schema from './schema.ts';

/** What a handler gets besides what was asked. */
export interface Caller {
  gone: AbortSignal;
}

export interface Route {
  id: string;
  method: 'get' | 'post';
  /** Below the family's address. */
  path: string;
  summary: string;
  description?: string;
  query?: z.ZodType;
  body?: z.ZodType;
  answer: z.ZodType;
  handle(core: ChatbotCore, input: unknown, caller: Caller): Promise<Envelope>;
}

/** The routes of the document, and of the second version of its API. */
export const chatbotRoutes: readonly Route[] = [
  {
    id: 'sendChatbotMessage',
    method: 'post',
    path: '/send',
    summary: 'Ask the chatbot',
    description:
      'Returns once the question is on disk; fetch the answer with `receive`. Sending the same ' +
      'session, content and timestamp again is the same question.',
    body: schema.sendBody,
    answer: schema.sentAnswer,
    handle: (core, input) => send(core, validate(schema.sendBody, input)),
  },
  {
    id: 'receiveChatbotMessage',
    method: 'get',
    path: '/receive',
    summary: 'Fetch an answer',
    description:
      'By the timestamp of its question; without one, the last answer. Code 100 in the body: the ' +
      'answer is still being made. By the timestamp of an answer: what an agent said next.',
    query: schema.receiveQuery,
    answer: schema.receiveAnswer,
    handle: (core, input, { gone }) => {
      const { sessionId, timestamp, offset, wait } = validate(schema.receiveQuery, input);
      return receiveByStamp(core, sessionId, timestamp || undefined, { offset, wait, gone });
    },
  },
  {
    id: 'destroyChatbotSession',
    method: 'post',
    path: '/destroy',
    summary: 'End a session',
    body: schema.sessionBody,
    answer: schema.emptyAnswer,
    handle: destroy,
  },
  {
    id: 'sendNamedChatbotMessage',
    method: 'post',
    path: '/message/send',
    summary: 'Ask the chatbot, naming the question',
    description: 'Sending the same messageId again is the same question: it is answered once.',
    body: schema.namedSendBody,
    answer: schema.sentAnswer,
    handle: (core, input) => send(core, validate(schema.namedSendBody, input)),
  },
  {
    id: 'receiveNamedChatbotMessage',
    method: 'get',
    path: '/message/receive',
    summary: 'Fetch an answer by its name',
    query: schema.namedReceiveQuery,
    answer: schema.namedReceiveAnswer,
    handle: (core, input, { gone }) => {
      const { sessionId, messageId, offset, wait } = validate(schema.namedReceiveQuery, input);
      return receiveByName(core, sessionId, messageId, { offset, wait, gone });
    },
  },
  {
    id: 'cancelChatbotMessage',
    method: 'post',
    path: '/message/cancel',
    summary: 'Cancel an answer',
    description:
      'What has been said of it so far becomes its text. An answer that is finished stays as it is.',
    body: schema.replyBody,
    answer: schema.emptyAnswer,
    handle: async ({ chats }, input) => {
      const { sessionId, messageId } = validate(schema.replyBody, input);
      await chats.cancel(sessionId, messageId);
      return ok();
    },
  },
  {
    id: 'appraiseChatbotMessage',
    method: 'post',
    path: '/message/appraise',
    summary: 'Like an answer, or not',
    body: schema.appraiseBody,
    answer: schema.emptyAnswer,
    handle: async ({ chats }, input) => {
      const { sessionId, messageId, like } = validate(schema.appraiseBody, input);
      await chats.appraise(sessionId, messageId, like);
      return ok();
    },
  },
  {
    id: 'destroyNamedChatbotSession',
    method: 'post',
    path: '/session/destroy',
    summary: 'End a session',
    body: schema.sessionBody,
    answer: schema.emptyAnswer,
    handle: destroy,
  },
];

interface Said {
  sessionId: string;
  content: string;
  timestamp?: string | undefined;
  messageId?: string | undefined;
}

async function send(core: ChatbotCore, said: Said): Promise<Envelope> {
  const { turn } = await core.chats.ask(questionOf(core, said));
  const { chatId: sessionId, replyId: messageId, askedAt } = turn;
  return ok({ sessionId, messageId, timestamp: core.stamps.write(askedAt) });
}

/** A question as the core takes it. @throws AppError field_value */
export function questionOf(
  core: ChatbotCore,
  { sessionId, content, timestamp, messageId }: Said,
): Parameters<ChatbotCore['chats']['ask']>[0] {
  return {
    ...{ chatId: sessionId, content, messageId, channel: 'mpweixin', owner: core.owner },
    askedAt: timestamp === undefined ? undefined : readStamp(core, timestamp),
  };
}

async function destroy({ chats }: ChatbotCore, input: unknown): Promise<Envelope> {
  await chats.end(validate(schema.sessionBody, input).sessionId);
  return ok();
}
