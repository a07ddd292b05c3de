import { z } from 'zod';
import type { Command } from './call.ts';
import { type RtCode, rtCodes } from './rt-code.ts';
import { commandTable } from './table.ts';

type Json = Record<string, unknown>;

/** The part of the OpenAPI 3.1 document that describes the signed commands. */
export interface OpenApiPart {
  tags: Json[];
  paths: Record<string, Json>;
  components: { schemas: Record<string, Json>; parameters: Record<string, Json> };
}

const ref = (kind: 'schemas' | 'parameters', name: string): Json => ({
  $ref: `#/components/${kind}/${name}`,
});
const signature = [ref('parameters', 'Signature'), ref('parameters', 'SignatureType')];

const exampleHead = {
  chid: 'demo',
  txcode: '20191019120000000001',
  txtime: '20191019120000',
  botcode: 'bot01',
};

/** Every command under every name it has, by POST and by GET. */
export function commandsOpenApi(): OpenApiPart {
  const paths: Record<string, Json> = {};
  const schemas: Record<string, Json> = { ReqHead: reqHead, RtCode: rtCode };
  for (const command of commandTable) {
    schemas[`${command.name}Request`] = plain(
      z.toJSONSchema(command.body, { io: 'input', unrepresentable: 'any', override }),
    );
    schemas[`${command.name}Answer`] = answerOf(command);
    for (const name of [command.name, ...command.aliases]) {
      paths[`/api/${name}`] = { post: post(command, name), get: get(command, name) };
    }
  }
  return {
    tags: [{ name: 'commands', description: 'Signed commands of business systems.' }],
    paths,
    components: {
      schemas,
      parameters: {
        Signature: header('X-Ecaspsplus-Signature', signatureText),
        SignatureType: header(
          'X-Ecaspsplus-SignatureType',
          'MD5 (default) or HMAC-SHA256, which takes the key as the key of the HMAC.',
        ),
      },
    },
  };
}

const signatureText =
  'Hex MD5 over the exact bytes of the request body (GET: of the raw query string) followed by ' +
  'the key of the channel in UTF-8. A channel with a public key may sign with reqHead.sign instead.';

function post(command: Command, name: string): Json {
  const { reqBody } = command.example;
  return {
    ...common(command, name, name),
    parameters: signature,
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['reqHead'],
            properties: {
              reqHead: ref('schemas', 'ReqHead'),
              reqBody: ref('schemas', `${command.name}Request`),
            },
          },
          example: { reqHead: exampleHead, reqBody },
        },
        'application/x-www-form-urlencoded': {
          schema: {
            type: 'object',
            required: ['reqHead'],
            properties: {
              reqHead: { type: 'string', description: 'reqHead as a JSON text.' },
              reqBody: { type: 'string', description: 'reqBody as a JSON text.' },
            },
          },
          example: { reqHead: JSON.stringify(exampleHead), reqBody: JSON.stringify(reqBody) },
        },
      },
    },
  };
}

function get(command: Command, name: string): Json {
  const inQuery = (field: string, schema: Json, required: boolean, example: Json): Json => ({
    name: field,
    in: 'query',
    required,
    content: { 'application/json': { schema, example } },
  });
  return {
    ...common(command, name, `${name}ByGet`),
    parameters: [
      inQuery('reqHead', ref('schemas', 'ReqHead'), true, exampleHead),
      inQuery('reqBody', ref('schemas', `${command.name}Request`), false, {
        ...command.example.reqBody,
      }),
      ...signature,
    ],
  };
}

function common(command: Command, name: string, operationId: string): Json {
  const alias = name === command.name ? '' : ` (another name of ${command.name})`;
  return {
    operationId,
    tags: ['commands'],
    summary: `${command.summary}${alias}`,
    description: command.kept
      ? 'The answer is stored for (chid, day of txtime, txcode): the same request again gets it again.'
      : 'A question: asked anew each time, whatever its txcode.',
    responses: {
      200: {
        description: 'Always 200: rtCode tells.',
        content: {
          'application/json': {
            schema: ref('schemas', `${command.name}Answer`),
            example: {
              resHead: {},
              resBody: { rtCode: '0', rtMsg: rtCodes['0'].zh, ...command.example.resBody },
            },
          },
        },
      },
    },
  };
}

/** The fields of a command are there only when rtCode is 0, so none of them is required. */
function answerOf(command: Command): Json {
  const fields = z.toJSONSchema(command.answer)['properties'] as Json;
  return {
    type: 'object',
    required: ['resHead', 'resBody'],
    properties: {
      resHead: { type: 'object' },
      resBody: {
        type: 'object',
        required: ['rtCode', 'rtMsg'],
        properties: { rtCode: ref('schemas', 'RtCode'), rtMsg: { type: 'string' }, ...fields },
      },
    },
  };
}

const codes = Object.keys(rtCodes) as RtCode[];
const rtCode: Json = {
  type: 'string',
  enum: codes,
  description: codes.map((code) => `${code}: ${rtCodes[code].en}`).join('; '),
};

const text = (description: string): Json => ({ type: 'string', description });
const reqHead: Json = {
  type: 'object',
  required: ['chid', 'txcode', 'txtime', 'botcode'],
  properties: {
    chid: text('The channel.'),
    txcode: {
      ...text('Number of the request, unique in the channel for at least the day.'),
      minLength: 1,
      maxLength: 64,
    },
    txtime: text('yyyymmddhhmmss in the configured zone, or 13 digits of epoch milliseconds.'),
    botcode: text('The bot that is commanded.'),
    sign: text('Not needed beside the signature header; or the RSA signature of version 0.3.'),
  },
};

function header(name: string, description: string): Json {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

/** Also says what toJSONSchema cannot see: a card may be a JSON text. */
function override(context: { jsonSchema: Json; path: (string | number)[] }): void {
  if (context.path.at(-1) !== 'app') return;
  const { anyOf } = context.jsonSchema;
  // Called for each layer of an optional field.
  if (!Array.isArray(anyOf) || anyOf.some((choice: Json) => choice['type'] === 'string')) return;
  anyOf.push({ type: 'string', description: 'Its JSON text.' });
}

/** "X or null" said as X: that null counts as absent is said once, for all fields. */
function plain(schema: Json): Json {
  const { $schema: _dialect, ...rest } = schema;
  return collapse(rest) as Json;
}

function collapse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(collapse);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) => [name, collapse(part)] as const);
  const result: Json = Object.fromEntries(entries);
  const { anyOf, ...others } = result;
  if (!Array.isArray(anyOf)) return result;
  const choices = anyOf.filter((choice: Json) => choice['type'] !== 'null');
  if (choices.length === anyOf.length) return result;
  return choices.length === 1 ? { ...choices[0], ...others } : { ...others, anyOf: choices };
}
