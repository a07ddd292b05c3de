import { z } from 'zod';
import { type Described, type OpenApiPart, pathsOf } from '../openapi/part.ts';
import { base } from './addresses.ts';
import { describedPush, pushAnswer, pushRefusal } from './schema.ts';

const tag = 'official';
const refused = {
  security: ['accessToken'],
  mayBeOpen: true,
  status: 200,
  refusals: [400, 401, 403, 413, 429, 503],
  answer: pushAnswer,
  refusal: pushRefusal,
};

const routes: Described[] = [
  {
    ...{ ...refused, tag, method: 'post', id: 'officialSend', path: `${base}/send` },
    summary: 'Push a message to a user, or to many',
    description:
      'Answered when it is on disk. The Content-Type is not looked at; a body that begins with `<` is XML.',
    body: describedPush,
  },
  {
    ...{ ...refused, tag, method: 'post', id: 'officialSendXml', path: `${base}/send_xml` },
    summary: 'Push a message as WeChat would, in XML',
    consumes: 'text/xml',
    body: z.string(),
  },
  {
    ...{ ...refused, tag, method: 'post', id: 'officialSendAlias', path: '/send' },
    summary: 'The same as either of them, by the first character',
    body: describedPush,
  },
];

/** The part of the OpenAPI document that describes the official-account component. */
export function officialOpenApi(): OpenApiPart {
  return {
    tags: [
      {
        name: tag,
        description:
          `Pushes to users who are connected to \`WS ${base}/msg?userid=…\`, or will be. ` +
          'Where access tokens are configured, each call carries one (`Authorization: Bearer` or ' +
          '`?access_token=`).',
      },
    ],
    paths: pathsOf(routes),
  };
}
