import { z } from 'zod';
import { lastEventId, pullAnswer, pullQuery, streamQuery } from '../events/schema.ts';
import { uploadAnswer } from '../files/schema.ts';
import { liveSchema, readySchema } from '../health.ts';
import { type Described, type OpenApiPart, pathsOf } from './part.ts';

const either = ['bearer', 'signature'];

const routes: Described[] = [
  {
    id: 'live',
    method: 'get',
    path: '/live',
    tag: 'health',
    summary: 'Whether the process runs',
    security: [],
    answer: liveSchema,
    status: 200,
    refusals: [],
  },
  {
    id: 'ready',
    method: 'get',
    path: '/ready',
    tag: 'health',
    summary: 'Whether commands are accepted durably',
    description: '503 with the same body, `reasons` filled, when they are not.',
    security: [],
    answer: readySchema,
    status: 200,
    refusals: [],
  },
  {
    id: 'metrics',
    method: 'get',
    path: '/metrics',
    tag: 'health',
    summary: 'Numbers for Prometheus',
    security: [],
    produces: 'text/plain',
    status: 200,
    refusals: [],
  },
  {
    id: 'openApi',
    method: 'get',
    path: '/openapi.json',
    tag: 'health',
    summary: 'This document',
    security: [],
    answer: z.looseObject({ openapi: z.string() }),
    status: 200,
    refusals: [],
  },
  {
    id: 'readEvents',
    method: 'get',
    path: '/api/v1/events',
    tag: 'events',
    summary: 'Pull events of a channel, with long polling',
    description: 'A channel signs the query string, which then needs a txtime.',
    security: either,
    query: pullQuery,
    answer: pullAnswer,
    status: 200,
    refusals: [400, 401, 403, 404, 429],
  },
  {
    id: 'streamEvents',
    method: 'get',
    path: '/api/v1/events/stream',
    tag: 'events',
    summary: 'Events of a channel as server-sent events',
    security: either,
    query: streamQuery,
    headers: lastEventId,
    produces: 'text/event-stream',
    status: 200,
    refusals: [400, 401, 403, 404, 429],
  },
  {
    id: 'uploadFile',
    method: 'post',
    path: '/api/v1/files',
    tag: 'files',
    summary: 'Upload a file',
    description:
      'The raw body, or the one file of a multipart form; 20 MiB at most. Its type is told by its ' +
      'content. A channel signs the body. `url` can be given wherever a picture is asked for.',
    security: either,
    consumes: 'application/octet-stream',
    answer: uploadAnswer,
    status: 201,
    refusals: [400, 401, 408, 413, 503],
  },
  {
    id: 'readFile',
    method: 'get',
    path: '/file/{name}',
    tag: 'files',
    summary: 'An uploaded file, whole or a stretch of it',
    security: [],
    params: z.object({ name: z.string().describe('<sha256>.<extension>') }),
    produces: 'application/octet-stream',
    status: 200,
    refusals: [404],
  },
  {
    id: 'qrPicture',
    method: 'get',
    path: '/qr/{file}',
    tag: 'bots',
    summary: 'A login QR code, while it can be scanned',
    security: [],
    params: z.object({
      file: z
        .string()
        .regex(/^[\w-]{16,64}\.(png|svg)$/)
        .describe('Its name, and .png or .svg.'),
    }),
    produces: 'image/png',
    status: 200,
    refusals: [],
  },
  {
    id: 'mcp',
    method: 'post',
    path: '/mcp',
    tag: 'mcp',
    summary: 'A JSON-RPC 2.0 message of the Model Context Protocol',
    description:
      'Streamable HTTP without sessions (docs/mcp.md). Notifications: 202 without a body. What the ' +
      'role of the token and `mcp.allow` of the config do not allow is no tool.',
    security: ['bearer'],
    body: z.looseObject({
      jsonrpc: z.literal('2.0'),
      id: z.union([z.string(), z.int()]).optional().describe('Absent: a notification.'),
      method: z.string().describe('initialize, ping, tools/list, tools/call'),
      params: z.looseObject({}).optional(),
    }),
    answer: z.looseObject({ jsonrpc: z.literal('2.0') }),
    status: 200,
    refusals: [400, 401, 403, 413, 415, 429],
  },
];

/** The part of the OpenAPI document that describes what stands alone. */
export function edgeOpenApi(): OpenApiPart {
  return {
    tags: [
      { name: 'health', description: 'For those who watch over the daemon.' },
      { name: 'files', description: 'Pictures to be sent.' },
      { name: 'events', description: "Two more readers of a channel's event stream." },
      { name: 'mcp', description: 'For assistants.' },
    ],
    paths: pathsOf(routes),
  };
}
