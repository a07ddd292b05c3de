import Router from '@koa/router';
import type { Context } from 'koa';
import type { Clock } from '../../bot/clock.ts';
import { AppError, type Language } from '../../bot/errors.ts';
import type { Official } from '../../bot/official/official.ts';
import type { Logger } from '../../config/logger.ts';
import { type Access, grantedOf, requireAccess } from '../middleware/access.ts';
import { readBody } from '../middleware/body.ts';
import { base } from './addresses.ts';
import { contentOfPush } from './content.ts';
import { doneText, officialErrors, send } from './envelope.ts';
import type { OfficialMeter } from './meter.ts';
import { type Push, unreadable } from './push.ts';
import { readJsonPush } from './push-json.ts';
import { readXmlPush } from './push-xml.ts';

export interface OfficialRoutesOptions {
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

/** Pushes over HTTP: JSON or XML, told by the first character, at any of the addresses. */
export function createOfficialRouter(options: OfficialRoutesOptions): Router {
  const router = new Router();
  const errors = officialErrors(options.logger, options.language);
  const access = requireAccess(options.access);
  const serve = (ctx: Context): Promise<void> => push(options, ctx);
  // Each route has the boundary of its own: what else begins with `/` is none of this family.
  for (const path of [`${base}/send`, `${base}/send_xml`, '/send']) {
    router.post(path, errors, access, serve);
  }
  return router;
}

async function push(options: OfficialRoutesOptions, ctx: Context): Promise<void> {
  const { official, access, clock, meter } = options;
  try {
    const asked = readPush(await textOf(ctx));
    const granted = grantedOf(ctx);
    // A token of one user speaks as that user.
    const sender = asked.from ?? granted.userId;
    if (sender !== undefined) access.assertIs(granted, sender);
    const content = contentOfPush(asked, sender, clock.now());
    const { receivers, key } = asked;
    const { id, repeated } = await official.pushes.push({ receivers, sender, content, key });
    meter.pushed(repeated ? 'repeated' : 'accepted');
    send(ctx, 200, doneText(id, asked.toMany ? { count: receivers.length } : {}));
  } catch (error) {
    meter.pushed(error instanceof AppError ? 'refused' : 'failed');
    throw error;
  }
}

/** @throws AppError field_missing, field_type, field_value */
export function readPush(text: string): Push {
  return /^\s*</.test(text) ? readXmlPush(text) : readJsonPush(text);
}

/** @throws AppError too_large, field_value */
async function textOf(ctx: Context): Promise<string> {
  const body = await readBody(ctx.req, bodyLimit);
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
