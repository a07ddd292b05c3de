import { z } from 'zod';
import type { Described } from '../openapi/part.ts';
import { customerAnswer, customerBody, customerPaths } from './customers.ts';
import { gobelieveErrorSchema, metaSchema } from './envelope.ts';
import { uploadAnswer, uploadKinds } from './uploads.ts';

const shared = { tag: 'im', status: 200, refusal: gobelieveErrorSchema };

/** Those routes of users and customers that are not written down as such. */
export function clientDescribed(): Described[] {
  return [
    ...customerPaths.map((path) => ({
      ...shared,
      id: `registerCustomer${path === '/auth/customer' ? '' : 'ByAppKey'}`,
      method: 'post' as const,
      path,
      summary: 'Make a customer of a desk a user of the application',
      description:
        'Open. `Basic base64(appid:appkey)` may come along, and is then checked: the customer id ' +
        'alone opens the conversation, so an application should make ids that cannot be guessed. ' +
        'Without the secret so many a minute from one address.',
      security: [],
      body: customerBody,
      answer: z.object({ meta: metaSchema, data: customerAnswer }),
      refusals: [400, 403, 413, 429],
    })),
    ...uploadKinds.flatMap(({ path, what }): Described[] => [
      {
        ...shared,
        id: `upload${idOf(path)}`,
        method: 'post',
        path,
        summary: `Upload ${what}`,
        description:
          'The raw body, or the field `file` of a multipart form (below `/v2` the latter only); ' +
          '20 MiB at most. Its type is told by its content.',
        security: ['userToken'],
        consumes: 'application/octet-stream',
        answer: z.object({ meta: metaSchema, data: uploadAnswer, ...uploadAnswer.shape }),
        refusals: [400, 401, 403, 408, 413, 429, 503],
      },
      {
        ...shared,
        id: `read${idOf(path)}`,
        method: 'get',
        path: `${path}/{name}`,
        summary: `An uploaded file (${what}), whole or a stretch of it`,
        description:
          'Clients append `@128w_128h_1c.jpg` to the name of a picture for a thumbnail, and `.mp3` to ' +
          'that of a sound, which changes nothing.',
        security: [],
        params: z.object({ name: z.string().describe('<sha256>.<extension>') }),
        produces: 'application/octet-stream',
        refusals: [404],
      },
    ]),
  ];
}

/** `/images` is `Image`. */
function idOf(path: string): string {
  return `Im${path.slice(1, 2).toUpperCase()}${path.slice(2, -1)}`;
}
