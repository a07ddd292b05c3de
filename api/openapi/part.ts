import { z } from 'zod';

export type Json = Record<string, unknown>;

/** What one family of routes adds to the OpenAPI document. */
export interface OpenApiPart {
  tags: readonly Json[];
  paths: Readonly<Record<string, Json>>;
  components?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

/** A route as the document tells it. */
export interface Described {
  id: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With parameters in braces. */
  path: string;
  tag: string;
  summary: string;
  description?: string | undefined;
  /** Names of security schemes, one of which is needed; empty: open. */
  security: readonly string[];
  /** It depends on the config whether any is needed. */
  mayBeOpen?: boolean;
  /** Which operators may. */
  role?: string | undefined;
  params?: z.ZodType | undefined;
  query?: z.ZodType | undefined;
  headers?: z.ZodType | undefined;
  body?: z.ZodType | undefined;
  /** Body of the answer where it is JSON. */
  answer?: z.ZodType | undefined;
  /** Media type of an answer or body that is not JSON. */
  produces?: string | undefined;
  consumes?: string | undefined;
  status: number;
  /** Statuses of refusals, each answered as problem+json unless `refusal` is its body. */
  refusals: readonly number[];
  refusal?: z.ZodType;
}

const refusalTexts: Record<number, string> = {
  400: 'A field is missing, mistyped or of a value that is not allowed: `field` names it.',
  401: 'Without a live token (or signature).',
  403: 'Known, but without the right to it.',
  404: 'There is no such thing.',
  408: 'The body came too slowly.',
  409: 'Does not go with what is there.',
  413: 'The body is too large.',
  415: 'The body is of another media type.',
  422: 'The bot cannot do this.',
  429: 'Too many: `Retry-After` says when to come back.',
  503: 'Not now.',
};

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional().describe('For people, in the configured language.'),
  field: z.string().optional().describe('The field at fault.'),
  code: z.string().optional().describe('For programs.'),
});

/** JSON schema of OpenAPI 3.1 (draft 2020-12), without the dialect's name. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

/** Paths of a list of routes. */
export function pathsOf(routes: readonly Described[]): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  }
  return paths;
}

function operationOf(route: Described): Json {
  const parameters = [
    ...parametersOf(route.params, 'path'),
    ...parametersOf(route.query, 'query'),
    ...parametersOf(route.headers, 'header'),
  ];
  const body = bodyOf(route);
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    security: [
      ...(route.mayBeOpen === true ? [{}] : []),
      ...route.security.map((name) => ({ [name]: [] })),
    ],
    ...(route.role !== undefined && { 'x-wxrc-role': route.role }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: body }),
    responses: responsesOf(route),
  };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query' | 'header'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

function bodyOf(route: Described): Json | undefined {
  if (route.consumes !== undefined) {
    const schema = route.body === undefined ? {} : { schema: jsonSchema(route.body, 'input') };
    return { required: true, content: { [route.consumes]: schema } };
  }
  if (route.body === undefined) return undefined;
  const schema = jsonSchema(route.body, 'input');
  const required = Array.isArray(schema['required']) && schema['required'].length > 0;
  return { required, content: { 'application/json': { schema } } };
}

function responsesOf(route: Described): Json {
  const responses: Json = {};
  if (route.produces !== undefined) {
    responses[route.status] = { description: 'Done.', content: { [route.produces]: {} } };
  } else if (route.answer === undefined) {
    responses[route.status] = { description: 'Done.' };
  } else {
    const schema = jsonSchema(route.answer, 'output');
    responses[route.status] = { description: 'Done.', content: { 'application/json': { schema } } };
  }
  const content = route.refusal
    ? { 'application/json': { schema: jsonSchema(route.refusal, 'output') } }
    : { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  for (const status of route.refusals) {
    responses[status] = { description: refusalTexts[status] ?? 'Refused.', content };
  }
  return responses;
}
