import type { Clock } from '../../bot/clock.ts';
import { AppError, type Language } from '../../bot/errors.ts';
import type { Official } from '../../bot/official/official.ts';
import { storageRefusal } from '../../bot/storage.ts';
import type { Logger } from '../../config/logger.ts';
import type { Access } from '../middleware/access.ts';
import type { QuickAnswer, QuickRequest, QuickRoute } from '../server.ts';
import { contentOfPush } from './content.ts';
import { answer, doneText, refusalOf } from './envelope.ts';
import type { OfficialMeter } from './meter.ts';
import { type Push, unreadable } from './push.ts';
import { readJsonPush } from './push-json.ts';
import { keyOfPush } from './push-key.ts';
import { readXmlPush } from './push-xml.ts';

export interface PostPushOptions {
  official: Pick<Official, 'pushes'>;
  access: Access;
  clock: Clock;
  logger: Logger;
  language: Language;
  meter: OfficialMeter;
}

/** A push to 10,000 with long names still fits. */
const bodyLimit = 2 * 1_048_576;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A push over HTTP, answered when it is on disk. Busy, so it does without Koa. */
export function createPostPush(options: PostPushOptions): QuickRoute {
  const { meter, logger, language } = options;
  const handle = async (request: QuickRequest): Promise<QuickAnswer> => {
    try {
      return await push(options, request);
    } catch (thrown) {
      const error = storageRefusal(thrown, logger);
      const refused = error instanceof AppError;
      meter.pushed(refused ? 'refused' : 'failed');
      if (!refused) logger.error({ err: error }, 'push failed');
      return refusalOf(error, language);
    }
  };
  return { maxBytes: bodyLimit, handle };
}

async function push(
  { official, access, clock, meter }: PostPushOptions,
  { request, body }: QuickRequest,
): Promise<QuickAnswer> {
  const granted = access.require(request);
  const asked = readPush(textOf(body), clock.now());
  // A token of one user speaks as that user.
  const sender = asked.from ?? granted.userId;
  if (sender !== undefined) access.assertIs(granted, sender);
  const content = contentOfPush(asked, sender, clock.now());
  const { receivers, toMany } = asked;
  const order = { receivers, toMany, sender, content, key: keyOfPush(asked) };
  const { id, repeated } = await official.pushes.push(order);
  meter.pushed(repeated ? 'repeated' : 'accepted');
  return answer(200, doneText(id, toMany ? { count: receivers.length } : {}));
}

/** JSON or XML, told by the first character. @throws AppError field_missing, field_type, field_value */
export function readPush(text: string, now: number): Push {
  return /^\s*</.test(text) ? readXmlPush(text, now) : readJsonPush(text);
}

/** @throws AppError too_large, field_value */
function textOf(body: Buffer | 'too-large'): string {
  if (body === 'too-large') {
    throw new AppError('too_large', {
      zh: `请求体超过 ${bodyLimit} 字节`,
      en: `the body is larger than ${bodyLimit} bytes`,
    });
  }
  try {
    return utf8.decode(body);
  } catch {
    throw unreadable('UTF-8');
  }
}
