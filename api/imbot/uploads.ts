import type Router from '@koa/router';
import type { Context } from 'koa';
import { AppError, type Text } from '../../bot/errors.ts';
import type { Files, StoredFile } from '../../bot/files.ts';
import { isOfKind, type MediaKind } from '../../bot/media-types.ts';
import type { Thumbnails } from '../../bot/thumbnails.ts';
import type { Config } from '../../config/config.ts';
import { serveFile } from '../files/routes.ts';
import { askedThumbnail } from '../files/thumbnail-wish.ts';
import { commonFault, UploadFault } from '../files/upload-fault.ts';
import type { Uploads } from '../files/uploads.ts';
import { HttpProblem } from '../middleware/problem.ts';

export interface UploadOptions {
  files: Files;
  uploads: Uploads;
  thumbnails: Thumbnails;
  limits: Pick<Config['imbot'], 'imageBytes' | 'audioBytes' | 'videoBytes'>;
}

/** Each kind has an address and a field of its name (seed 000, POST /image, /audio, /video). */
export const uploadKinds = ['image', 'audio', 'video'] as const satisfies MediaKind[];

/** Pictures, sounds and films: put as forms, read by their content's hash. */
export function mountUploads(router: Router, prefix: string, options: UploadOptions): void {
  const { files, thumbnails } = options;
  for (const kind of uploadKinds) {
    router.post(`${prefix}/${kind}`, async (ctx) => {
      const { sha256, extension } = await keep(ctx, kind, options);
      ctx.set('cache-control', 'no-store');
      // @NOTE the document's url begins without a slash; its program put one before two of three.
      ctx.body = { url: `${kind}/${sha256}.${extension}` };
    });
    // HEAD comes here too.
    router.get(`${prefix}/${kind}/:name`, async (ctx) => {
      const file = await find(files, kind, ctx.params['name'] ?? '');
      const wish = kind === 'image' ? askedThumbnail(ctx, file) : undefined;
      serveFile(ctx, files, wish === undefined ? file : await thumbnails.of(file, wish));
    });
  }
}

/** @throws AppError too_large, field_missing, unavailable · HttpProblem 400, 408, 415 */
async function keep(ctx: Context, kind: MediaKind, options: UploadOptions): Promise<StoredFile> {
  const maxBytes = options.limits[`${kind}Bytes`];
  try {
    return await options.uploads.receive(ctx, {
      maxBytes,
      field: kind,
      others: 'refuse',
      raw: false,
      takes: (type) => isOfKind(kind, type?.mime ?? ''),
    });
  } catch (error) {
    throw error instanceof UploadFault ? spelled(error, kind, maxBytes) : error;
  }
}

function spelled(fault: UploadFault, kind: MediaKind, maxBytes: number): AppError | HttpProblem {
  const extra = { field: kind };
  switch (fault.reason) {
    case 'no form':
      return new HttpProblem(400, {
        zh: `须为 multipart/form-data，文件字段名为 ${kind}`,
        en: `must be multipart/form-data with the file in the field ${kind}`,
      });
    case 'no file':
      return new AppError('field_missing', missing(kind), extra);
    case 'several':
      return new AppError(
        'field_value',
        { zh: `表单中应有且只有一个文件 (${kind})`, en: `the form must hold one file (${kind})` },
        extra,
      );
    case 'empty':
      return new AppError(
        'field_value',
        { zh: `${kind}: 文件为空`, en: `${kind}: the file is empty` },
        extra,
      );
    case 'too large':
      return new AppError(
        'too_large',
        { zh: `${kind}: 文件超过 ${maxBytes} 字节`, en: `${kind}: larger than ${maxBytes} bytes` },
        extra,
      );
    case 'type':
      return new HttpProblem(415, {
        zh: `${kind}: 文件内容不是支持的类型`,
        en: `${kind}: the content is of none of the types that are taken`,
      });
    default:
      return commonFault(fault.reason);
  }
}

function missing(kind: MediaKind): Text {
  return { zh: `表单中缺少文件字段 ${kind}`, en: `the form has no file in the field ${kind}` };
}

/** @throws AppError not_found */
async function find(files: Files, kind: MediaKind, name: string): Promise<StoredFile> {
  const [, sha256 = '', extension] = /^([0-9a-f]{64})\.(\w{1,8})$/.exec(name) ?? [];
  const file = await files.find(sha256);
  if (file === undefined || file.extension !== extension || !isOfKind(kind, file.type)) {
    throw new AppError('not_found', { zh: '没有这个文件', en: 'there is no such file' });
  }
  return file;
}
