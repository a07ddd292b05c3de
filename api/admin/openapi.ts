import { type OpenApiPart, pathsOf } from '../openapi/part.ts';
import type { Operation } from './operation.ts';
import { adminOperations } from './operations.ts';

const tags = [
  { name: 'operators', description: 'Sessions, users, tokens, roles, and who did what.' },
  { name: 'channels', description: 'Business systems that command us.' },
  { name: 'bots', description: 'WeChat accounts we drive.' },
  { name: 'sends', description: 'What waits to leave for WeChat, and what left.' },
  { name: 'deliveries', description: 'Telling channels what happened.' },
  {
    name: 'messaging',
    description: 'Instant messaging: applications, users, groups, customer service.',
  },
  { name: 'chatbot', description: 'What answers questions: knowledge, rules, a language model.' },
  { name: 'reports', description: 'Reports on schedule, their runs, and sends for later.' },
  { name: 'trace', description: 'Every step of one request, with its time.' },
  { name: 'alarms', description: 'What is wrong, and who was told of it.' },
  { name: 'system', description: 'The daemon itself.' },
];

/** The part of the OpenAPI document that describes the admin API. */
export function adminOpenApi(): OpenApiPart {
  return {
    tags,
    paths: pathsOf(
      adminOperations.map((one) => ({
        ...one,
        path: `/api/v1${one.path}`,
        security: one.open ? [] : ['bearer', 'session'],
        role: one.open ? undefined : one.role,
        refusals: refusalsOf(one),
      })),
    ),
  };
}

function refusalsOf(one: Operation): number[] {
  // 403: another role is needed, or a cookie speaks for a page of another site.
  const refusals = [401, 403];
  if (one.query !== undefined || one.body !== undefined) refusals.push(400);
  if (one.params !== undefined) refusals.push(404);
  if (one.body !== undefined) refusals.push(413, 415);
  if (one.consumes !== undefined) refusals.push(413);
  if (one.method !== 'get') refusals.push(409);
  if (one.open) refusals.push(429);
  return refusals.sort();
}
