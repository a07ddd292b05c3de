import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import { AppError } from '../../bot/errors.ts';
import { RequestAborted } from './boundary.ts';
import { HttpProblem } from './problem.ts';

/** Largest body of a JSON route that names no other limit. */
export const jsonBodyLimit = 1_048_576;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** No body that is kept in memory takes longer to come. */
const bodyTimeoutMs = 60_000;

/** So many times the limit is read and thrown away, for clients that read no answer before. */
const patience = 32;

/**
 * Reads a request body whole and hands it on. What is larger than `limit` bytes is thrown away as
 * it comes and told as 'too-large' at its end, as many clients look for an answer only then; at
 * once when it is hopelessly large. 'gone' when the client left before the end, or dawdles. Called
 * once, whatever happens.
 */
export function collectBody(
  req: IncomingMessage,
  limit: number,
  done: (body: Buffer | 'too-large' | 'gone') => void,
  withinMs = bodyTimeoutMs,
): void {
  let chunks: Buffer[] | undefined = [];
  let size = 0;
  const settle = (body: Buffer | 'too-large' | 'gone'): void => {
    if (chunks === undefined) return;
    chunks = undefined;
    clearTimeout(timer);
    done(body);
  };
  const gone = (): void => settle('gone');
  const timer = setTimeout(gone, withinMs);
  // Listeners stay: an error that comes late must not end the process.
  req.on('error', gone);
  if (Number(req.headers['content-length'] ?? 0) > limit * patience) {
    req.resume();
    settle('too-large');
    return;
  }
  if (req.destroyed && !req.readableEnded) {
    gone();
    return;
  }
  req.on('data', (chunk: Buffer) => {
    if (chunks === undefined) return;
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else if (size > limit * patience) settle('too-large');
    else chunks.length = 0;
  });
  req.on('end', () => {
    if (chunks === undefined) return;
    if (size > limit) {
      settle('too-large');
      return;
    }
    const [only] = chunks;
    settle(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size));
  });
  req.on('close', gone);
}

/** The same as a promise. @throws RequestAborted when the client left before the end */
export function readBody(req: IncomingMessage, limit: number): Promise<Buffer | 'too-large'> {
  return new Promise((resolve, reject) => {
    collectBody(req, limit, (body) => {
      if (body === 'gone') reject(new RequestAborted('the client left'));
      else resolve(body);
    });
  });
}

/** Reads a body as it is. @throws AppError too_large */
export async function readBytes(ctx: Context, limit: number): Promise<Buffer> {
  const body = await readBody(ctx.req, limit);
  if (body !== 'too-large') return body;
  throw tooLarge(limit);
}

/**
 * Reads a JSON body in UTF-8. An empty body without a content type is an empty object, so that
 * calls without arguments need none.
 * @throws AppError too_large, field_value (not JSON) · HttpProblem 415
 */
export async function readJson(ctx: Context, limit: number = jsonBodyLimit): Promise<unknown> {
  const body = await readBody(ctx.req, limit);
  if (body === 'too-large') throw tooLarge(limit);
  if (body.length === 0) return {};
  if (!isJson(ctx.get('content-type'))) {
    throw new HttpProblem(415, {
      zh: '请求体须为 UTF-8 的 JSON，Content-Type: application/json',
      en: 'the body must be JSON in UTF-8, Content-Type: application/json',
    });
  }
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw new AppError('field_value', {
      zh: '请求体不是合法的 UTF-8 JSON',
      en: 'the body is not valid JSON in UTF-8',
    });
  }
}

function tooLarge(limit: number): AppError {
  return new AppError('too_large', {
    zh: `请求体超过 ${limit} 字节`,
    en: `the body is larger than ${limit} bytes`,
  });
}

function isJson(contentType: string): boolean {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  if (!/^application\/(?:json|[\w.-]+\+json)$/.test(type.trim())) return false;
  return parameters.every((parameter) => {
    const [name = '', value = ''] = parameter.split('=');
    return name.trim() !== 'charset' || /^"?utf-?8"?$/.test(value.trim());
  });
}
