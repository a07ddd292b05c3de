import type Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import type { Files, StoredFile } from '../../bot/files.ts';
import type { Thumbnails } from '../../bot/thumbnails.ts';
import { serveFile } from '../files/routes.ts';
import { suffixedThumbnail } from '../files/thumbnail-wish.ts';
import { commonFault, UploadFault, type UploadFaultReason } from '../files/upload-fault.ts';
import type { Uploads } from '../files/uploads.ts';
import { refusal, sendUnwrapped } from './envelope.ts';

/** Largest file that is taken. */
const fileLimit = 20 * 1_048_576;

interface UploadKind {
  /** The address: files of a kind are put to it, and lie under it. */
  path: string;
  /** Told by the content, whatever a name or header says. */
  takes: RegExp;
  what: string;
  /** The name of a file, with what clients append to it. */
  name: RegExp;
}

/** Recordings come in containers that could hold pictures too. */
const sound = /^audio\/|^video\/(?:mp4|webm|3gpp2?|quicktime|ogg)$|^application\/ogg$/;

export const uploadKinds: readonly UploadKind[] = [
  {
    path: '/images',
    takes: /^image\//,
    what: 'a picture',
    // `…@128w_128h_1c.jpg` asks for a thumbnail.
    name: /^([0-9a-f]{64})\.(\w{1,8})(?:@(\w{1,40}(?:\.\w{1,8})?))?$/,
  },
  {
    path: '/audios',
    takes: sound,
    what: 'a sound',
    // `….mp3` asks for another format. The recording is served as it came.
    name: /^([0-9a-f]{64})\.(\w{1,8})(?:\.mp3)?$/,
  },
  { path: '/files', takes: /^/, what: 'a file', name: /^([0-9a-f]{64})\.(\w{1,8})$/ },
];

export const uploadAnswer = z.object({
  src: z.string().describe('Where it is served, below the address of the daemon.'),
  src_url: z.string(),
});

export interface UploadOptions {
  files: Files;
  uploads: Uploads;
  thumbnails: Thumbnails;
  publicUrl: () => string;
  /** Lets in who may upload. */
  uploader: readonly Middleware[];
}

/** What clients send to each other besides text: put by users, read by who knows the address. */
export function mountUploads(router: Router, prefix: string, options: UploadOptions): void {
  const { files, uploads, thumbnails, publicUrl, uploader } = options;
  for (const kind of uploadKinds) {
    router.post(`${prefix}${kind.path}`, ...uploader, async (ctx) => {
      // @NOTE the second version of this API is multipart only; the first was raw bytes only.
      const file = await keep(uploads, ctx, kind, prefix === '');
      const src = `${kind.path}/${file.sha256}.${file.extension}`;
      const answer: z.output<typeof uploadAnswer> = { src, src_url: `${publicUrl()}${src}` };
      sendUnwrapped(ctx, answer);
    });
    router.get(`${prefix}${kind.path}/:name`, async (ctx) => {
      const name = ctx.params['name'] ?? '';
      const file = await find(files, kind, name);
      if (file === undefined) throw refusal(404, 'no such file');
      const suffix = kind.path === '/images' ? kind.name.exec(name)?.[3] : undefined;
      const wish = suffix === undefined ? undefined : suffixedThumbnail(ctx, file, suffix);
      serveFile(ctx, files, wish === undefined ? file : await thumbnails.of(file, wish));
    });
  }
}

async function find(
  files: Files,
  { name, takes, path }: UploadKind,
  given: string,
): Promise<StoredFile | undefined> {
  const [, sha256 = '', extension] = name.exec(given) ?? [];
  const file = await files.find(sha256);
  if (file === undefined || !takes.test(file.type)) return undefined;
  if (extension === file.extension) return file;
  return path === '/audios' && extension === 'mp3' ? file : undefined;
}

/** @throws HttpProblem 400, 408, 413 · AppError unavailable */
async function keep(
  uploads: Uploads,
  ctx: Context,
  kind: UploadKind,
  raw: boolean,
): Promise<StoredFile> {
  try {
    return await uploads.receive(ctx, {
      maxBytes: fileLimit,
      field: 'file',
      others: 'skip',
      raw,
      takes: (type) => kind.takes.test(type?.mime ?? ''),
    });
  } catch (error) {
    if (!(error instanceof UploadFault)) throw error;
    const said = words(kind)[error.reason];
    throw said === undefined ? commonFault(error.reason) : refusal(...said);
  }
}

function words(kind: UploadKind): Partial<Record<UploadFaultReason, [number, string]>> {
  return {
    'no form': [400, 'invalid param: file: must be a field of multipart/form-data'],
    broken: [400, 'invalid param: the form is broken'],
    'no file': [400, 'invalid param: file: must be a file'],
    empty: [400, 'invalid param: file: must not be empty'],
    type: [400, `invalid param: file: must be ${kind.what}`],
    'too large': [413, `file: larger than ${fileLimit} bytes`],
  };
}
