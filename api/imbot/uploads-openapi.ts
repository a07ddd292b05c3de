import { z } from 'zod';
import { longestSide } from '../../bot/thumbnails.ts';
import type { Described } from '../openapi/part.ts';
import { errorSchema } from './envelope.ts';
import { uploadKinds } from './uploads.ts';

const named = { image: 'a picture', audio: 'a sound', video: 'a film' } as const;
const side = z.int().min(1).max(longestSide).optional();

/** What is said of uploads; `base` is where the family lives. */
export function uploadsDescribed(base: string): Described[] {
  const shared = {
    tag: 'imbot',
    security: ['accessToken'],
    mayBeOpen: true,
    status: 200,
    refusal: errorSchema,
  };
  return uploadKinds.flatMap((kind): Described[] => [
    {
      ...shared,
      id: `uploadImbot${capital(kind)}`,
      method: 'post',
      path: `${base}/${kind}`,
      summary: `Upload ${named[kind]}`,
      description:
        `A multipart form with one file in the field \`${kind}\`, at most imbot.${kind}Bytes. Its ` +
        'type is told by its content, whatever its name. Equal files are one.',
      consumes: 'multipart/form-data',
      body: z.object({ [kind]: z.string().meta({ format: 'binary' }) }),
      answer: z.object({
        url: z.string().describe(`\`${kind}/<sha256>.<extension>\`, below ${base}/`),
      }),
      refusals: [400, 401, 408, 413, 415, 429, 503],
    },
    {
      ...shared,
      id: `readImbot${capital(kind)}`,
      method: 'get',
      path: `${base}/${kind}/{name}`,
      summary: `${capital(named[kind])}, whole or a stretch of it`,
      ...(kind === 'image' && {
        description: '`w`, `h`, or both: scaled down to fit, where the daemon can.',
        query: z.object({ w: side, h: side }),
      }),
      params: z.object({ name: z.string().describe('<sha256>.<extension>') }),
      produces: 'application/octet-stream',
      refusals: kind === 'image' ? [400, 401, 404, 429] : [401, 404, 429],
    },
  ]);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
