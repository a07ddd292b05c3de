import { expect, it } from 'vitest';
import { commandsOpenApi } from './openapi.ts';
import { commandsByName } from './table.ts';

type Json = Record<string, unknown>;
const part = commandsOpenApi();

/** Every value of a key, however deep. */
function all(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...all(inner, key),
  ]);
}

it('describes every command under every name, by POST and GET', () => {
  expect(Object.keys(part.paths)).toEqual([...commandsByName.keys()].map((name) => `/api/${name}`));
  for (const path of Object.values(part.paths)) expect(Object.keys(path)).toEqual(['post', 'get']);
  const ids = all(part.paths, 'operationId');
  expect(new Set(ids).size).toBe(ids.length);
});

it('refers to nothing that is not there', () => {
  const references = all(part, '$ref') as string[];
  expect(references.length).toBeGreaterThan(50);
  for (const reference of references) {
    const [, , kind = '', name = ''] = reference.split('/');
    const known = (part.components as Record<string, Record<string, Json>>)[kind] ?? {};
    expect(known).toHaveProperty([name]);
  }
});

it('says what JSON Schema can say of a body', () => {
  const { schemas } = part.components;
  expect(schemas['roomSendTextRequest']).toMatchObject({
    required: ['text'],
    properties: { text: { type: 'string', minLength: 1 }, atList: { type: 'array' } },
    anyOf: [{ required: ['roomTopic'] }, { required: ['roomId'] }],
  });
  const card = schemas['roomSendAppRequest']?.['properties'] as { app: { anyOf: Json[] } };
  expect(card.app.anyOf.map((choice) => choice['type'])).toEqual(['object', 'string']);
  const requests = Object.entries(schemas).filter(([name]) => name.endsWith('Request'));
  expect(JSON.stringify(requests)).not.toContain('"null"');
  expect(JSON.stringify(schemas['botStatusAnswer'])).toContain('"null"');
});

it('has examples in the form that is sent', () => {
  const post = part.paths['/api/roomSendText']?.['post'] as { requestBody: { content: Json } };
  const form = post.requestBody.content['application/x-www-form-urlencoded'] as { example: Json };
  expect(JSON.parse(String(form.example['reqHead']))).toHaveProperty('chid');
  expect(JSON.parse(String(form.example['reqBody']))).toHaveProperty('text');
});
