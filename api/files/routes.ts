import Router from '@koa/router';
import type { Context } from 'koa';
import type { z } from 'zod';
import { AppError, type Text } from '../../bot/errors.ts';
import { type Files, filePath, type StoredFile } from '../../bot/files.ts';
import { isShown } from '../../bot/media-types.ts';
import type { Audit, AuditEntry } from '../../bot/operators/audit.ts';
import type { Operator } from '../../bot/operators.ts';
import type { Authenticate, AuthenticateBody } from '../middleware/caller.ts';
import { HttpProblem, statusOf } from '../middleware/problem.ts';
import { requireRole } from '../middleware/require-operator.ts';
import { hasSessionCookie } from '../middleware/session-cookie.ts';
import type { SourceOf } from '../middleware/source-address.ts';
import { readRange } from './range.ts';
import type { uploadAnswer } from './schema.ts';
import { commonFault, UploadFault, type UploadFaultReason } from './upload-fault.ts';
import type { Uploads, UploadWish } from './uploads.ts';

export interface FilesRouterOptions {
  files: Files;
  uploads: Uploads;
  authenticate: Authenticate;
  authenticateBody: AuthenticateBody;
  /** Where uploads of operators are written down. */
  audit?: Pick<Audit, 'begin' | 'refused'>;
  sourceOf?: SourceOf;
  /** Largest file that is taken; default 20 MiB. */
  maxBytes?: number;
}

/**
 * Uploads, and serving them. A file is the raw body, or the one file of a multipart form; its type
 * is told by its content. The answer's `url` can be given wherever a picture is asked for.
 * Refusals are thrown: an error boundary around it spells them.
 */
export function createFilesRouter(options: FilesRouterOptions): Router {
  const { files } = options;
  const router = new Router();

  router.post('/api/v1/files', async (ctx) => {
    const file = await keep(ctx, options);
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

/** @throws AppError unauthorized, too_large, field_missing, unavailable · HttpProblem 400, 408 */
async function keep(ctx: Context, options: FilesRouterOptions): Promise<StoredFile> {
  const { uploads, maxBytes = 20 * 1_048_576 } = options;
  const wish: UploadWish = { maxBytes, others: 'refuse', raw: true };
  const signed = ctx.get('x-ecaspsplus-signature') !== '';
  if (ctx.get('authorization') !== '' || (hasSessionCookie(ctx.req) && !signed)) {
    const caller = await options.authenticate(ctx);
    if (caller === undefined) throw unauthorized(ctx);
    const receive = () => uploads.receive(ctx, wish).catch((error) => refuse(error, maxBytes));
    return caller.kind === 'admin'
      ? await byOperator(ctx, options, caller.operator, receive)
      : await receive();
  }
  // Nobody we could know: not worth reading twenty megabytes.
  const proof = options.authenticateBody(ctx);
  if (proof === undefined) throw unauthorized(ctx);
  const prove = (): void => {
    if (proof.caller() === undefined) throw unauthorized(ctx);
  };
  return await uploads
    .receive(ctx, { ...wish, watch: proof.update, confirm: prove })
    .catch((error) => {
      // Who is not known is not told what is wrong with the file.
      if (error instanceof UploadFault && wholeBody.has(error.reason)) prove();
      return refuse(error, maxBytes);
    });
}

/** A person or program of ours: it needs the role, and is written down. */
async function byOperator(
  ctx: Context,
  { audit, sourceOf }: FilesRouterOptions,
  operator: Operator,
  receive: () => Promise<StoredFile>,
): Promise<StoredFile> {
  const address = sourceOf?.(ctx.req) ?? ctx.req.socket.remoteAddress ?? '';
  const deed = { operator, address, operation: 'uploadFile', target: '' };
  let entry: AuditEntry | undefined;
  try {
    requireRole(operator.role, 'operator');
    entry = await audit?.begin(deed);
    const file = await receive();
    await entry?.end(201, file.sha256);
    return file;
  } catch (error) {
    const status = statusOf(error);
    await (entry === undefined ? audit?.refused(deed, status) : entry.end(status));
    throw error;
  }
}

/** Faults after which all of the body has been seen. */
const wholeBody: ReadonlySet<UploadFaultReason> = new Set([
  'broken',
  'no file',
  'several',
  'empty',
]);

/** @throws always */
function refuse(error: unknown, maxBytes: number): never {
  if (!(error instanceof UploadFault)) throw error;
  const field = 'file';
  switch (error.reason) {
    case 'too large': {
      const text: Text = { zh: `文件超过 ${maxBytes} 字节`, en: `larger than ${maxBytes} bytes` };
      throw new AppError('too_large', text, { field });
    }
    case 'empty':
      throw new AppError(
        'field_missing',
        { zh: '没有文件内容', en: 'the file is empty' },
        { field },
      );
    case 'no file':
    case 'several': {
      const text = { zh: '表单中应有且只有一个文件', en: 'the form must hold exactly one file' };
      throw new AppError('field_missing', text, { field });
    }
    default:
      throw commonFault(error.reason);
  }
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
  const shown = isShown(file.type);
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
