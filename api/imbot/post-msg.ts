import type { Language } from '../../bot/errors.ts';
import type { ImbotMessages } from '../../bot/imbot/messages.ts';
import { storageRefusal } from '../../bot/storage.ts';
import type { Logger } from '../../config/logger.ts';
import type { Access } from '../middleware/access.ts';
import type { QuickAnswer, QuickRequest, QuickRoute } from '../server.ts';
import { done, innerError, refusedOf } from './envelope.ts';
import { bodyLimit, readBodyBytes } from './read-body.ts';
import { readSay } from './say.ts';

export interface PostMsgOptions {
  messages: Pick<ImbotMessages, 'say'>;
  access: Access;
  logger: Logger;
  language: Language;
  /** Throws while nothing new is taken. */
  assertRoom?: () => void;
}

export const postMsgAddress = 'POST /api/imbot/msg';

/** `POST /msg`: answered when the message is on disk. Busy, so it does without Koa. */
export function createPostMsg(options: PostMsgOptions): QuickRoute {
  const { messages, access, logger, language, assertRoom = () => {} } = options;
  const fail = (thrown: unknown): QuickAnswer => {
    const error = storageRefusal(thrown, logger);
    const refused = refusedOf(error, language);
    if (refused === undefined)
      logger.error({ err: error, path: '/api/imbot/msg' }, 'request failed');
    return spell(refused ?? innerError);
  };
  const handle = ({ request, body }: QuickRequest): Promise<QuickAnswer> =>
    new Promise((resolve) => {
      try {
        const granted = access.require(request);
        assertRoom();
        const say = readSay(readBodyBytes(body, request.headers['content-type'] ?? ''));
        access.assertIs(granted, say.from);
        messages.say(say, (error) => resolve(error === undefined ? accepted : fail(error)));
      } catch (error) {
        resolve(fail(error));
      }
    });
  return { maxBytes: bodyLimit, handle };
}

const headers = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' };
const accepted: QuickAnswer = { status: 200, json: JSON.stringify(done), headers };

function spell({ status, error, retryAfter }: ReturnType<typeof refusedOf> & object): QuickAnswer {
  return {
    status,
    json: JSON.stringify({ error }),
    headers: {
      ...headers,
      ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
      ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    },
  };
}
