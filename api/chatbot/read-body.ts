import type { Context } from 'koa';
import { AppError } from '../../bot/errors.ts';
import { readBody } from '../middleware/body.ts';

/** A question of 4,000 characters, every one of them escaped, and what stands around it. */
export const bodyLimit = 100_000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A JSON object, whatever it calls itself; or the fields of a form. @throws AppError */
export async function readObject(ctx: Context): Promise<object> {
  const body = await readBody(ctx.req, bodyLimit);
  if (body === 'too-large') {
    ctx.set('connection', 'close');
    throw new AppError('too_large', {
      zh: `请求体超过 ${bodyLimit} 字节`,
      en: `the body is larger than ${bodyLimit} bytes`,
    });
  }
  const value = parsed(body, ctx.get('content-type'));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw unreadable();
}

function parsed(body: Buffer, contentType: string): unknown {
  try {
    const text = utf8.decode(body);
    if (/x-www-form-urlencoded/i.test(contentType) && !/^\s*[{["]/.test(text)) {
      return Object.fromEntries(new URLSearchParams(text));
    }
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    throw unreadable();
  }
}

function unreadable(): AppError {
  return new AppError('field_value', {
    zh: '请求体须为 UTF-8 的 JSON 对象',
    en: 'the body must be a JSON object in UTF-8',
  });
}
