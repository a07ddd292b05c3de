import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import { AppError } from '../../bot/errors.ts';
import { HttpProblem, RequestAborted } from './problem.ts';

/** Largest body of a JSON route that names no other limit. */
export const jsonBodyLimit = 1_048_576;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a request body whole. Past `limit` bytes it answers 'too-large' at once and throws the
 * rest away as it comes, so that the client can still read the answer on this connection.
 * @throws RequestAborted when the client left before the end
 */
export function readBody(req: IncomingMessage, limit: number): Promise<Buffer | 'too-large'> {
  if (Number(req.headers['content-length'] ?? 0) > limit) {
    req.resume();
    return Promise.resolve('too-large');
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (): void => {
      req.off('data', onData);
      req.off('end', onEnd);
      req.off('error', onGone);
      req.off('close', onGone);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) {
        settle();
        // A late connection error must not end the process.
        req.on('error', () => {});
        req.resume();
        resolve('too-large');
        return;
      }
      chunks.push(chunk);
    };
    const onEnd = (): void => {
      settle();
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size));
    };
    const onGone = (): void => {
      settle();
      reject(new RequestAborted('the client left'));
    };
    if (req.destroyed && !req.readableEnded) {
      onGone();
      return;
    }
    req.on('data', onData);
    req.on('end', onEnd);
    req.on('error', onGone);
    req.on('close', onGone);
  });
}

/**
 * Reads a JSON body in UTF-8. An empty body without a content type is an empty object, so that
 * calls without arguments need none.
 * @throws AppError too_large, field_value (not JSON) · HttpProblem 415
 */
export async function readJson(ctx: Context, limit: number = jsonBodyLimit): Promise<unknown> {
  const body = await readBody(ctx.req, limit);
  if (body === 'too-large') {
    throw new AppError('too_large', {
      zh: `请求体超过 ${limit} 字节`,
      en: `the body is larger than ${limit} bytes`,
    });
  }
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

function isJson(contentType: string): boolean {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  if (!/^application\/(?:json|[\w.-]+\+json)$/.test(type.trim())) return false;
  return parameters.every((parameter) => {
    const [name = '', value = ''] = parameter.split('=');
    return name.trim() !== 'charset' || /^"?utf-?8"?$/.test(value.trim());
  });
}
