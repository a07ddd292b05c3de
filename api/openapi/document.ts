import { version } from '../../config/version.ts';
import { type Json, jsonSchema, type OpenApiPart, problemSchema } from './part.ts';

const securitySchemes: Record<string, Json> = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'Token of an operator: from POST /api/v1/session, or an API token.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'wxrc_session',
    description:
      'From POST /api/v1/session with `cookie`. What changes something needs `csrf` of its answer ' +
      'in the header X-Wxrc-Csrf, and has to come from a page of ours.',
  },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Ecaspsplus-Signature',
    description:
      'A channel (X-Wxrc-Chid, or chid in the query) signs the raw body, or without one the raw ' +
      'query string, which then needs a txtime: hex MD5 of it followed by the key.',
  },
};

/** The OpenAPI 3.1 document of everything this daemon serves. */
export function openApiDocument(parts: readonly OpenApiPart[], server: string): Json {
  const components: Record<string, Record<string, Json>> = {
    schemas: { Problem: jsonSchema(problemSchema, 'output') },
    securitySchemes,
  };
  const paths: Record<string, Json> = {};
  for (const part of parts) {
    for (const [path, item] of Object.entries(part.paths)) {
      paths[path] = { ...paths[path], ...item };
    }
    for (const [kind, named] of Object.entries(part.components ?? {})) {
      components[kind] = { ...components[kind], ...named };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'wxrc',
      version,
      description:
        'Remote control of WeChat for business systems: signed commands in, durable signed events out.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: server }],
    tags: parts.flatMap((part) => part.tags),
    paths,
    components,
  };
}
