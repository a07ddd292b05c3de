import { z } from 'zod';
import { type Described, type OpenApiPart, pathsOf } from '../openapi/part.ts';
import { clientDescribed } from './client-openapi.ts';
import { clientRoutes } from './client-routes.ts';
import { gobelieveErrorSchema, metaSchema } from './envelope.ts';
import type { Caller, Route } from './route.ts';
import { gobelieveRoutes } from './routes.ts';

const security = {
  server: ['appSecret'],
  client: ['userToken'],
  either: ['appSecret', 'userToken'],
} satisfies Record<Caller, string[]>;

const done = z.object({ success: z.literal(true) });

/** The part of the OpenAPI document that describes instant messaging over REST. */
export function gobelieveOpenApi(): OpenApiPart {
  return {
    tags: [
      {
        name: 'im',
        description:
          'Users, groups and messages of instant messaging. Each address is there below `/v2` too. ' +
          'Bodies are JSON whatever their Content-Type; ids are integers or their digits in a string.',
      },
    ],
    paths: pathsOf([...[...gobelieveRoutes, ...clientRoutes].map(describe), ...clientDescribed()]),
    components: {
      securitySchemes: {
        appSecret: {
          type: 'http',
          scheme: 'basic',
          description:
            'The server of an application: its appid, and as password hex MD5 of its secret.',
        },
        userToken: {
          type: 'http',
          scheme: 'bearer',
          description: 'A user of an application: the token of POST /auth/grant.',
        },
      },
    },
  };
}

function describe(route: Route): Described {
  return {
    ...route,
    tag: 'im',
    security: security[route.caller],
    answer: answerOf(route),
    status: 200,
    refusals: refusalsOf(route),
    refusal: gobelieveErrorSchema,
  };
}

function answerOf({ answer }: Route): z.ZodType {
  if (answer === undefined) return z.object({ meta: metaSchema, data: done, ...done.shape });
  return z.object({ meta: metaSchema, data: answer });
}

function refusalsOf({ body, params }: Route): number[] {
  const refusals = [400, 401, 403];
  if (params !== undefined) refusals.push(404);
  if (body !== undefined) refusals.push(413);
  return refusals;
}
