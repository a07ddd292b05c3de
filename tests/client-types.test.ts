import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clientAddresses, clientTypes } from '../scripts/client/generate.ts';
import { typeOf } from '../scripts/client/schema-type.ts';
import { clientAddressesFile, clientTypesFile } from '../scripts/client-types.ts';
import { apiDocument } from '../scripts/document.ts';

test('the types of clients are those of the API as it is: npm run client-types', () => {
  expect(readFileSync(clientTypesFile, 'utf8') === clientTypes(apiDocument(''))).toBe(true);
  const addresses = readFileSync(clientAddressesFile, 'utf8');
  expect(addresses === clientAddresses(apiDocument(''))).toBe(true);
});

test.each([
  [{ type: 'string' }, 'string'],
  [{ type: 'integer' }, 'number'],
  [{ type: ['string', 'null'] }, 'string | null'],
  [{ enum: ['a', 1, null] }, '"a" | 1 | null'],
  [{ const: true }, 'true'],
  [
    { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
    '(string | null)[]',
  ],
  [{ type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }] }, '[number, number]'],
  [{ allOf: [{ $ref: '#/components/schemas/A' }, {}] }, 'Schemas["A"] & unknown'],
  [{ type: 'object', additionalProperties: { type: 'integer' } }, 'Record<string, number>'],
  [{ type: 'object', additionalProperties: false }, 'Record<never, never>'],
  [
    { type: 'object', properties: { 'a-b': { type: 'string' }, c: {} }, required: ['a-b'] },
    '{\n  "a-b": string;\n  "c"?: unknown;\n}',
  ],
  [true, 'unknown'],
  [false, 'never'],
])('%j is %s', (schema, type) => {
  expect(typeOf(schema)).toBe(type);
});

test('what is said of a field cannot end the comment', () => {
  const schema = { type: 'object', properties: { a: { type: 'string', description: 'x */ y' } } };
  expect(typeOf(schema)).toContain('x *\\/ y');
});
