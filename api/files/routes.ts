import Router from '@koa/router';
import type { Context } from 'koa';
import type { z } from 'zod';
import { AppError, type Text } from '../../bot/errors.ts';
import { type Files, filePath, type StoredFile } from '../../bot/files.ts';
import { readBody } from '../middleware/body.ts';
import type { Authenticate } from '../middleware/caller.ts';
import { HttpProblem } from '../middleware/problem.ts';
import { readRange } from './range.ts';
import type { uploadAnswer } from './schema.ts';

export interface FilesRouterOptions {
  files: Files;
  authenticate: Authenticate;
  /** Largest file that is taken; default 20 MiB. */
  maxBytes?: number;
}

/** What a multipart body adds around its file, at most. */
const multipartExtra = 16_384;

/**
 * Uploads, and serving them. A file is the raw body, or the one file of a multipart form; its type
 * is told by its content. The answer's `url` can be given wherever a picture is asked for.
 * Refusals are thrown: an error boundary around it spells them.
 */
export function createFilesRouter(options: FilesRouterOptions): Router {
  const { files } = options;
  const router = new Router();

  router.post('/api/v1/files', async (ctx) => {
    const file = await files.put(await uploadOf(ctx, options));
    ctx.status = 201;
    ctx.set('cache-control', 'no-store');
    const { sha256, type, size } = file;
    const answer: z.output<typeof uploadAnswer> = { url: filePath(file), sha256, type, size };
    ctx.body = answer;
  });

  // HEAD comes here too. No sign-in: who knows the address knows the content's hash.
  router.get('/file/:name', async (ctx) => {
    const [, sha256 = '', extension] =
      /^([0-9a-f]{64})\.(\w+)$/.exec(ctx.params['name'] ?? '') ?? [];
    const file = await files.find(sha256);
    if (file === undefined || file.extension !== extension) {
      throw new AppError('not_found', { zh: '没有这个文件', en: 'there is no such file' });
    }
    serveFile(ctx, files, file);
  });

  return router;
}

/** @throws AppError unauthorized, too_large, field_missing · HttpProblem 400 */
async function uploadOf(ctx: Context, options: FilesRouterOptions): Promise<Uint8Array> {
  const maxBytes = options.maxBytes ?? 20 * 1_048_576;
  const bearer = ctx.get('authorization') !== '';
  // Nobody we could know: not worth reading twenty megabytes.
  if (!bearer && ctx.get('x-ecaspsplus-signature') === '') throw unauthorized(ctx);
  if (bearer && (await options.authenticate(ctx)) === undefined) throw unauthorized(ctx);
  const multipart = ctx.is('multipart/form-data') === 'multipart/form-data';
  const body = await readBody(ctx.req, maxBytes + (multipart ? multipartExtra : 0));
  if (body === 'too-large') throw tooLarge(maxBytes);
  if (!bearer && (await options.authenticate(ctx, body)) === undefined) throw unauthorized(ctx);
  const bytes = multipart ? await fileIn(body, ctx.get('content-type')) : body;
  if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  if (bytes.length === 0) {
    const text = { zh: '没有文件内容', en: 'the file is empty' };
    throw new AppError('field_missing', text, { field: 'file' });
  }
  return bytes;
}

/** The only file of a form; fields beside it say nothing to us. */
async function fileIn(body: Buffer, contentType: string): Promise<Uint8Array> {
  let form: FormData;
  try {
    const headers = { 'content-type': contentType };
    form = await new Response(new Uint8Array(body), { headers }).formData();
  } catch {
    throw new HttpProblem(400, { zh: '表单格式错误', en: 'the form is broken' });
  }
  const [file, ...others] = [...form.values()].filter((value) => typeof value !== 'string');
  if (file === undefined || others.length > 0) {
    const text = { zh: '表单中应有且只有一个文件', en: 'the form must hold exactly one file' };
    throw new AppError('field_missing', text, { field: 'file' });
  }
  return new Uint8Array(await file.arrayBuffer());
}

/** Answers with a file, whole or in part. @throws HttpProblem 416 */
export function serveFile(ctx: Context, files: Files, file: StoredFile): void {
  const etag = `"${file.sha256}"`;
  const current = ctx.get('if-range') === '' || ctx.get('if-range') === etag;
  const asked = current ? readRange(ctx.get('range'), file.size) : 'whole';
  if (asked === 'unsatisfiable') {
    ctx.set('content-range', `bytes */${file.size}`);
    throw new HttpProblem(416, { zh: '范围超出文件', en: 'the range is outside of the file' });
  }
  const shown = /^(image|audio|video)\//.test(file.type);
  ctx.set({
    'content-type': file.type,
    'x-content-type-options': 'nosniff',
    'content-disposition': shown ? 'inline' : 'attachment',
    // Nothing in a stranger's file runs as us.
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'public, max-age=31536000, immutable',
    'accept-ranges': 'bytes',
    etag,
  });
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  const range = asked === 'whole' ? undefined : asked;
  if (range !== undefined) {
    ctx.status = 206;
    ctx.set('content-range', `bytes ${range.start}-${range.end}/${file.size}`);
  }
  ctx.set('content-length', String(range === undefined ? file.size : range.end - range.start + 1));
  if (ctx.method !== 'HEAD') ctx.body = files.stream(file.sha256, range);
}

function unauthorized(ctx: Context): AppError {
  ctx.set('www-authenticate', 'Bearer');
  return new AppError('unauthorized', {
    zh: '需要管理员令牌，或渠道对请求体的签名',
    en: "needs an operator's token, or a channel's signature over the body",
  });
}

function tooLarge(maxBytes: number): AppError {
  const text: Text = { zh: `文件超过 ${maxBytes} 字节`, en: `larger than ${maxBytes} bytes` };
  return new AppError('too_large', text, { field: 'file' });
}
