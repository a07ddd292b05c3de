import { type Described, type OpenApiPart, pathsOf } from '../openapi/part.ts';
import { doneSchema, errorSchema } from './envelope.ts';
import type { Route } from './route.ts';
import { imbotBase, imbotRoutes } from './router.ts';
import { sayBody } from './schema.ts';
import { uploadsDescribed } from './uploads-openapi.ts';

/** The part of the OpenAPI document that describes the mini-program IM. */
export function imbotOpenApi(): OpenApiPart {
  return {
    tags: [
      {
        name: 'imbot',
        description:
          'The IM of mini programs: queues between two people, history, notices. Bodies are JSON ' +
          'or URL-encoded forms (`msg[type]=text`, or JSON in the field `msg`). Where access.tokens ' +
          'are configured, each call carries one.',
      },
    ],
    paths: pathsOf([sayDescribed, ...imbotRoutes.map(describe), ...uploadsDescribed(imbotBase)]),
    components: {
      securitySchemes: {
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          description:
            'One of access.tokens of the config, where there are any; `?access_token=` says the same.',
        },
      },
    },
  };
}

const sayDescribed: Described = {
  id: 'sendImbotMessage',
  method: 'post',
  path: `${imbotBase}/msg`,
  tag: 'imbot',
  summary: 'Say something to somebody',
  description:
    'Answered when it is on disk. `msg` is kept and given back as it is, at most 64 KiB. To an ' +
    'agent of a desk, or to `desk` or `desk-<number>`, it is a question to customer service.',
  security: ['accessToken'],
  mayBeOpen: true,
  body: sayBody,
  answer: doneSchema,
  status: 200,
  refusals: [400, 401, 403, 404, 413, 415, 429],
  refusal: errorSchema,
};

function describe(route: Route): Described {
  const { body, refusals } = route;
  const own = body === undefined ? [400, 401, 403, 429] : [400, 401, 403, 413, 415, 429];
  return {
    ...route,
    path: `${imbotBase}${route.path}`,
    tag: 'imbot',
    security: ['accessToken'],
    mayBeOpen: true,
    status: 200,
    refusals: [...new Set([...own, ...refusals])],
    refusal: errorSchema,
  };
}
